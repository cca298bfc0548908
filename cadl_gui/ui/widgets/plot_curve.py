"""The points of one curve, and fewer of them where a screen cannot show more."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PlotCurve:
    """One curve; values that are not finite are not in it.

    Attributes:
        x: (n,) ascending.
        y: (n,).
        colour: `#RRGGBB`.
        thick: whether it is drawn as the validation loss is, or thin and half as strong.
        points: whether each point has a dot.
        name: written at its right end.
        dashed: whether its line is, as those of the seventh run and the following.
    """

    x: Points
    y: Points
    colour: str
    thick: bool
    points: bool = False
    name: str = ""
    dashed: bool = False

    @classmethod
    def of_finite(
        cls,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        colour: str,
        thick: bool,
        points: bool,
        name: str,
        dashed: bool = False,
    ) -> Self:
        """Copy the points whose coordinates are both finite."""
        xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
        finite = np.isfinite(xs) & np.isfinite(ys)
        return cls(
            x=xs[finite],
            y=ys[finite],
            colour=colour,
            thick=thick,
            points=points,
            name=name,
            dashed=dashed,
        )

    def has_points(self, *, is_log: bool) -> bool:
        """Whether there is anything to draw on such an axis."""
        return bool(np.any(self.y > 0)) if is_log else self.y.size > 0

    def on_axis(self, *, is_log: bool, max_points: int) -> tuple[Points, Points]:
        """Points to draw, in axis units; a log axis has no place for values that are not positive.

        Args:
            is_log: whether y is to be its decimal logarithm.
            max_points: how many to return at most, at least 4.
        """
        if not is_log:
            return decimate(self.x, self.y, max_points)
        positive = self.y > 0
        x, y = decimate(self.x[positive], self.y[positive], max_points)
        return x, np.log10(y)

    def nearest(self, x: float) -> float | None:
        """The value of the point nearest to `x`, or None if there are no points."""
        if self.x.size == 0:
            return None
        after = int(np.searchsorted(self.x, x).clip(1, max(1, self.x.size - 1)))
        candidates = np.array([after - 1, min(after, self.x.size - 1)])
        return float(self.y[candidates[np.argmin(np.abs(self.x[candidates] - x))]])


def decimate(x: Points, y: Points, max_points: int) -> tuple[Points, Points]:
    """Keep the lowest and the highest point of each of many short stretches, and both ends.

    What is drawn then covers the same pixels as all points would.

    Args:
        x: (n,) ascending.
        y: (n,) finite.
        max_points: how many to keep at most, at least 4.

    Returns:
        x and y of the points kept, in their order; all of them if there are no more than `max_points`.
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
