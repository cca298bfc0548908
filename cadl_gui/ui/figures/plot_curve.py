"""The points of a curve, and their decimation for display."""

from dataclasses import KW_ONLY, dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

_ENOUGH_EPOCHS, _MANY_POINTS = 4, 40
_USUAL = (0.02, 0.98)
_BEYOND = 0.5
"""How far from its ends, in epochs, a curve is still read; farther, it has not been trained."""


@dataclass(frozen=True, eq=False)
class PlotCurve:
    """A curve of finite values, whatever it is made from.

    Attributes:
        x: (n,) ascending, in epochs.
        y: (n,).
        colour: `#RRGGBB`.
        thick: Whether it is drawn like the validation loss; else thin and at half strength.
        points: Whether each point has a dot.
        name: Written at its right end, and in the hover text.
        dashes: Lengths of a dash and of a gap, in widths of its line; () for a whole line.
        is_noise: Whether it is a pale band behind the others, and the axis is scaled without it.
    """

    x: Points
    y: Points
    _: KW_ONLY
    colour: str
    thick: bool
    points: bool = False
    name: str = ""
    dashes: tuple[float, ...] = ()
    is_noise: bool = False

    def __post_init__(self) -> None:
        """Leave out the points whose coordinates are not both finite."""
        x, y = np.asarray(self.x, np.float64), np.asarray(self.y, np.float64)
        finite = np.isfinite(x) & np.isfinite(y)
        object.__setattr__(self, "x", x[finite])
        object.__setattr__(self, "y", y[finite])

    def has_points(self, *, is_log: bool) -> bool:
        """Return whether there is anything to draw; a log axis shows positive values only."""
        return bool(np.any(self.y > 0)) if is_log else self.y.size > 0

    def on_axis(self, *, is_log: bool, max_points: int) -> tuple[Points, Points]:
        """Return x and y of the points to draw, in axis units; a log axis omits values that are not positive.

        Args:
            max_points: Maximum number of points, at least 4.
        """
        if not is_log:
            return decimate(self.x, self.y, max_points)
        positive = self.y > 0
        x, y = decimate(self.x[positive], self.y[positive], max_points)
        return x, np.log10(y)

    @property
    def begins_untrained(self) -> bool:
        """Whether the first of several epochs is the untrained network."""
        return self.thick and self.y.size > 1 and bool(self.x[0] == 0)

    @property
    def has_enough_epochs(self) -> bool:
        """Whether there are enough epochs to scale a linear axis without the untrained network."""
        return self.begins_untrained and self.y.size >= _ENOUGH_EPOCHS

    def extent(self, *, is_log: bool, omits_start: bool = False) -> tuple[float, float]:
        """Return the lowest and the highest y that should be seen, in axis units; it must have points.

        Those of a thin line of many points leave its outliers out.

        Args:
            omits_start: Whether a curve of epochs leaves out the untrained network, which would press all
                that was learned against one edge.
        """
        y = np.log10(self.y[self.y > 0]) if is_log else self.y
        if omits_start and self.begins_untrained and y.size > 1:
            y = y[1:]
        if not self.thick and y.size >= _MANY_POINTS:
            low, high = np.quantile(y, _USUAL)
            return float(low), float(high)
        return float(y.min()), float(y.max())

    def nearest(self, x: float) -> float | None:
        """Return the y of the point nearest to `x`, or None if the curve ends over half an epoch away."""
        if self.x.size == 0 or not self.x[0] - _BEYOND <= x <= self.x[-1] + _BEYOND:
            return None
        after = int(np.searchsorted(self.x, x).clip(1, max(1, self.x.size - 1)))
        candidates = np.array([after - 1, min(after, self.x.size - 1)])
        return float(self.y[candidates[np.argmin(np.abs(self.x[candidates] - x))]])


def decimate(x: Points, y: Points, max_points: int) -> tuple[Points, Points]:
    """Retain the lowest and the highest point of each of many short intervals, and both ends.

    The curve then covers the same pixels as it would with all points.

    Args:
        x: (n,) ascending.
        y: (n,) finite.
        max_points: Maximum number of points, at least 4.

    Returns:
        x and y of the retained points, in order; all of them if there are no more than `max_points`.
    """
    if x.size <= max_points:
        return x, y
    length = -(-x.size // (max_points // 2 - 1))
    whole = x.size // length * length
    starts = np.arange(0, whole, length)
    stretches = y[:whole].reshape(-1, length)
    retained = [
        starts + stretches.argmin(axis=1),
        starts + stretches.argmax(axis=1),
        np.array([0, x.size - 1]),
    ]
    if whole < x.size:
        retained.append(whole + np.array([y[whole:].argmin(), y[whole:].argmax()]))
    order = np.unique(np.concatenate(retained))
    return x[order], y[order]
