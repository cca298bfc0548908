"""Draws a run's history into a plot."""

from dataclasses import dataclass
from time import monotonic

from cadl_gui.core.history import smooth
from cadl_gui.engine.run import Run
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.plot_view import PlotView

_SECONDS = 0.2
"""New losses are drawn no more often than this: the eye sees no difference, and the drag needs the time."""


@dataclass(frozen=True)
class _Curve:
    """One curve: of every step, thin, or of every epoch, thick with a dot an epoch."""

    metric: str
    name: str
    of_steps: bool


_LOSS = (_Curve("loss", "train", of_steps=True), _Curve("val_loss", "validation", of_steps=False))
_PARTS = (
    _Curve("reconstruction_loss", "reconstruction", of_steps=True),
    _Curve("kl_loss", "KL", of_steps=True),
)
_ACCURACY = (
    _Curve("accuracy", "train", of_steps=True),
    _Curve("val_accuracy", "validation", of_steps=False),
)


class RunCurves:
    """The loss of a run, with the two parts of a variational one, or the accuracy of a classifier.

    Args:
        plot: redrawn by its own refresh, never from here.
        theme: for the run's colour.
    """

    def __init__(self, plot: PlotView, theme: Theme) -> None:
        self._plot = plot
        self._theme = theme
        self._smoothing = 0.0
        self._shows_accuracy = False
        self._drawn: tuple[object, ...] = ()
        self._next = 0.0

    def set_smoothing(self, weight: float) -> None:
        """Smooth the curves of steps by a moving average with this share of the past, in [0, 1)."""
        self._smoothing = weight

    def set_accuracy(self, on: bool) -> None:
        """Show a classifier's accuracy instead of its loss."""
        self._shows_accuracy = on

    def show(self, run: Run | None) -> None:
        """Hand the plot what has changed since the last call, if anything has."""
        key = (run, *_length(run), self._smoothing, self._shows_accuracy, self._theme.is_dark)
        now = monotonic()
        if key == self._drawn or (now < self._next and run is self._drawn[0]):
            return
        if self._drawn and (run is not self._drawn[0] or self._shows_accuracy != self._drawn[-2]):
            self._plot.clear()
        self._drawn, self._next = key, now + _SECONDS
        if run is None or run.history.n_steps == 0:
            self._plot.clear()
            return
        for curve in self._curves_of(run):
            self._draw(run, curve)

    def _curves_of(self, run: Run) -> tuple[_Curve, ...]:
        configuration = run.description.configuration
        if configuration.is_classifier and self._shows_accuracy:
            return _ACCURACY
        return (*_LOSS, *_PARTS) if configuration.is_variational else _LOSS

    def _draw(self, run: Run, curve: _Curve) -> None:
        if curve.of_steps:
            x, y = run.history.step_curve(curve.metric)
            y = smooth(y, self._smoothing)
        else:
            x, y = run.history.curve(curve.metric)
        self._plot.set_curve(
            curve.metric,
            x,
            y,
            colour=self._theme.run_colour(run.letter),
            thick=not curve.of_steps,
            points=not curve.of_steps,
            name=curve.name,
        )


def _length(run: Run | None) -> tuple[int, int]:
    return (0, 0) if run is None else (run.history.n_steps, len(run.history.epochs))
