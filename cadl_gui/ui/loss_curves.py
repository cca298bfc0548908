"""Draws a run's history into a plot."""

from cadl_gui.core.history import smooth
from cadl_gui.engine.run import Run
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.plot_view import PlotView


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

    def set_smoothing(self, weight: float) -> None:
        """Smooth the train curve by a moving average with this share of the past, in [0, 1)."""
        self._smoothing = weight

    def show(self, run: Run | None) -> None:
        """Hand the plot what has changed since the last call, if anything has."""
        key = (run, *_length(run), self._smoothing, self._theme.is_dark)
        if key == self._drawn:
            return
        self._drawn = key
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
