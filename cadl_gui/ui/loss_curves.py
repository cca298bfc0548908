"""Draws a run's history into a plot."""

from time import monotonic

from cadl_gui.core.history import smooth
from cadl_gui.engine.run import Run
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.plot_view import PlotView

_SECONDS = 0.2
"""New losses are drawn no more often than this: the eye sees no difference, and the drag needs the time."""


class LossCurves:
    """Train loss per step, thin, and validation loss per epoch, thick with a dot an epoch.

    Args:
        plot: redrawn by its own refresh, never from here.
        theme: for the run's colour.
    """

    def __init__(self, plot: PlotView, theme: Theme) -> None:
        self._plot = plot
        self._theme = theme
        self._smoothing = 0.0
        self._drawn: tuple[object, ...] = ()
        self._next = 0.0

    def set_smoothing(self, weight: float) -> None:
        """Smooth the train curve by a moving average with this share of the past, in [0, 1)."""
        self._smoothing = weight

    def show(self, run: Run | None) -> None:
        """Hand the plot what has changed since the last call, if anything has."""
        key = (run, *_length(run), self._smoothing, self._theme.is_dark)
        now = monotonic()
        if key == self._drawn or (now < self._next and run is self._drawn[0]):
            return
        self._drawn, self._next = key, now + _SECONDS
        if run is None or run.history.n_steps == 0:
            self._plot.clear()
            return
        colour = self._theme.run_colour(run.letter)
        x, y = run.history.step_curve()
        self._plot.set_curve("train", x, smooth(y, self._smoothing), colour=colour, thick=False, name="train")
        x, y = run.history.curve("val_loss")
        self._plot.set_curve("val", x, y, colour=colour, thick=True, points=True, name="validation")


def _length(run: Run | None) -> tuple[int, int]:
    return (0, 0) if run is None else (run.history.n_steps, len(run.history.epochs))
