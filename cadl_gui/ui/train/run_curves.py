"""Plots the history of the run shown and of the runs that it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.comparison import loss_scale
from cadl_gui.domain.history import smooth
from cadl_gui.domain.run import UNKNOWN_DATASET
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.figures.plot_curve import PlotCurve
from cadl_gui.ui.figures.plot_view import PlotView
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.theme.theme import Theme

_SECONDS = 0.2
"""Shortest interval between updates of a curve: more are not visible, and would slow down a drag."""


_NAMED = 6
"""Most runs of which it is said by letter that they are not drawn; more are cut off beside the title."""

_TRAINED, _AVERAGED = _("training"), _("training, smoothed")


@dataclass(frozen=True)
class _Curve:
    """A curve: a thin line, or a thick one over epochs with a dot for each.

    Of a noisy one, the steps are a pale band, and the line over them is their moving average, if chosen.
    """

    metric: str
    name: str
    of_steps: bool
    is_noisy: bool = False
    is_thick: bool = False


_LOSS, _ACCURACY = "loss", "accuracy"


def _curves(metric: str, *, has_epochs: bool) -> tuple[_Curve, _Curve]:
    trained = _Curve(metric, _TRAINED, of_steps=True, is_noisy=True)
    if metric == _ACCURACY and has_epochs:  # of fifty images it is anything, and fills the plot with stripes
        trained = _Curve(metric, _TRAINED, of_steps=False)
    return trained, _Curve(f"val_{metric}", _("validation"), of_steps=False, is_thick=True)


class RunCurves:
    """Plots a run's loss, or the KL divergence of a variational one, or a classifier's accuracy in percent.

    Where it is compared with others, each run has one curve in its colour, labelled with its name: of the
    validation or, in the first epoch, of the steps. Runs whose loss measures something else are not drawn;
    see `note`.

    Args:
        plot: the plot; it redraws itself when it is refreshed, which this class never does.
        theme: for the runs' colours.
    """

    def __init__(self, plot: PlotView, theme: Theme) -> None:
        self._plot = plot
        self._theme = theme
        self._smoothing = 0.0
        self._metric = _LOSS
        self._drawn: tuple[object, ...] = ()
        self._next = 0.0

    @staticmethod
    def note(runs: Sequence[Run]) -> str:
        """Return which of these runs are not drawn, or are of other images than the first; "" if none.

        They are named by letter, or counted if they are many.
        """
        drawn = (*runs[:1], *_comparable(runs)) if runs else ()
        left_out = [run for run in runs if run not in drawn]
        of_others = [run for run in drawn if _has_other_images(run, runs[0])]
        corrected = [run for run in drawn if of_others and run.description.config.data.labelled_examples]
        if len({run.description.config.data.dataset for run in (*runs[:1], *of_others)}) == 1 and corrected:
            of_others = []
        said = [
            _sentence(
                left_out,
                len(runs),
                _("is not comparable: different loss"),
                _("are not comparable: different loss"),
            ),
            _sentence(of_others, len(runs), _("has different images"), _("have different images")),
            _sentence(corrected, len(runs), *[_("learned from corrected images, too")] * 2),
        ]
        return " · ".join(filter(None, said))

    def set_smoothing(self, weight: float) -> None:
        """Smooth step curves by a moving average in which the past has this weight, in [0, 1)."""
        if (weight > 0) != (self._smoothing > 0):
            self._drawn = ()
            self._plot.clear()
        self._smoothing = weight

    def set_metric(self, metric: str) -> None:
        """Show another metric, such as `accuracy`, of the runs that have it."""
        self._metric = metric

    def show(self, runs: Sequence[Run]) -> None:
        """Pass the curves to the plot if anything has changed since the last call.

        Args:
            runs: the run shown, then those that it is compared with; an empty sequence clears the plot.
        """
        shown, others = (runs[0], _comparable(runs)) if runs else (None, ())
        names = tuple(map(display_name, runs))
        choice = (shown, others, names, self._metric, shown is not None and len(shown.history.epochs) > 1)
        key = (choice, [_length(run) for run in runs], self._smoothing, self._theme.is_dark)
        now = monotonic()
        if key == self._drawn or (now < self._next and self._drawn and choice == self._drawn[0]):
            return
        if self._drawn and choice != self._drawn[0]:
            self._plot.clear()
        self._drawn, self._next = key, now + _SECONDS
        if shown is None or not (shown.history.n_steps or others):
            self._plot.clear()
            return
        if not others:
            for curve in self._curves_of(shown):
                self._draw(shown, curve, curve.metric, curve.name)
            return
        for run in (shown, *others):
            steps, epochs = self._curves_of(run)
            # Until the first epoch has ended, only the steps show how it goes.
            curve = epochs if len(run.history.epochs) > 1 else replace(steps, is_noisy=False)
            self._draw(run, curve, f"{run.letter} {epochs.metric}", display_name(run))

    def _curves_of(self, run: Run) -> tuple[_Curve, _Curve]:
        model = run.description.config.model
        has_it = {_ACCURACY: model.is_classifier, "kl_loss": model.is_variational}
        metric = self._metric if has_it.get(self._metric) else _LOSS
        return _curves(metric, has_epochs=len(run.history.epochs) > 1 and not self._smoothing)

    def _draw(self, run: Run, curve: _Curve, key: str, name: str) -> None:
        x, y = (run.history.step_curve if curve.of_steps else run.history.curve)(curve.metric)
        if curve.metric.endswith(_ACCURACY):
            y = 100 * y
        has_average = curve.is_noisy and self._smoothing > 0
        if curve.is_noisy:
            self._set(run, curve, f"{key} noise", "" if has_average else name, x, y, is_noise=True)
        if has_average or not curve.is_noisy:
            averaged = smooth(y, self._smoothing) if curve.of_steps else y
            self._set(run, curve, key, _AVERAGED if has_average else name, x, averaged)

    def _set(
        self,
        run: Run,
        curve: _Curve,
        key: str,
        name: str,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        *,
        is_noise: bool = False,
    ) -> None:
        colour, dashes = self._theme.run_colour(run.letter), self._theme.run_dashes(run.letter)
        plotted = PlotCurve(
            x,
            y,
            colour=colour,
            thick=curve.is_thick,
            points=curve.is_thick,
            name=name,
            dashes=() if is_noise else dashes,
            is_noise=is_noise,
        )
        self._plot.set_curve(key, plotted)


def _sentence(which: Sequence[Run], n: int, does: str, do: str) -> str:
    letters = sorted((run.letter for run in which), key=lambda each: (len(each), each))
    if len(letters) > _NAMED:
        return _("{n} of {total} {do}").format(n=len(letters), total=n, do=do)
    return f"{', '.join(letters)} {does if len(letters) == 1 else do}" if letters else ""


def _comparable(runs: Sequence[Run]) -> tuple[Run, ...]:
    shown, *others = runs
    return tuple(run for run in others if _scale(run) == _scale(shown))


def _scale(run: Run) -> tuple[object, ...]:
    return loss_scale(run.description.config.model, run.description.image_shape)


def _has_other_images(run: Run, shown: Run) -> bool:
    known = {each.description.dataset_fingerprint for each in (run, shown)} - {UNKNOWN_DATASET}
    return len(known) > 1


def _length(run: Run) -> tuple[int, int]:
    return run.history.n_steps, len(run.history.epochs)
