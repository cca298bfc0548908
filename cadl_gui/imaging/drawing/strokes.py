"""What a hand drew: strokes of points, which can be painted at any size and undone one by one."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_LIGHTEST = 0.4
"""Width of a pen that barely touches, as a share of its width at full pressure."""


class Point(NamedTuple):
    """Where the pen was.

    Attributes:
        x: from the left edge of the canvas, in sides of the canvas, so that 1.0 is the right edge.
        y: from the top edge, in the same unit.
        pressure: in [0, 1]; a mouse always presses fully.
    """

    x: float
    y: float
    pressure: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """One movement of the pen, from touching to lifting.

    Attributes:
        points: at least one.
        width: of the pen at full pressure, in sides of the canvas.
        erases: takes ink away instead of leaving it.
    """

    points: tuple[Point, ...]
    width: float
    erases: bool = False

    def width_at(self, point: Point) -> float:
        """How wide the pen's mark is at this point, in sides of the canvas."""
        return self.width * (_LIGHTEST + (1 - _LIGHTEST) * point.pressure)

    def segments(self, step: float = 0.0) -> Iterable[tuple[Point, Point]]:
        """Straight pieces, in order; a stroke of one point is one piece of no length.

        Args:
            step: points nearer to their predecessor than this are skipped, except the last.
        """
        if len(self.points) == 1:
            return ((self.points[0], self.points[0]),)
        return pairwise(_spaced(self.points, step) if step else self.points)


@dataclass(frozen=True, eq=False)
class Drawing:
    """All that is on the canvas. Immutable: undoing is going back to the drawing before.

    Attributes:
        strokes: in the order in which they were drawn.
        image: (height, width) float32 in [0, 1], bright ink on black, beneath the strokes; or None.
    """

    strokes: tuple[Stroke, ...] = ()
    image: NDArray[np.float32] | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was ever put on it."""
        return self.image is None and not self.strokes

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the points that left ink on the canvas; without strokes all zero."""
        points = [point for stroke in self._inked() for point in stroke.points]
        if not points:
            return (0.0, 0.0, 0.0, 0.0)
        xs = [min(max(point.x, 0.0), 1.0) for point in points]
        ys = [min(max(point.y, 0.0), 1.0) for point in points]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def mean_width(self) -> float:
        """Width of the ink, averaged along it; 0 without strokes."""
        total = length = 0.0
        for stroke in self._inked():
            for a, b in stroke.segments():
                # A dot has no length, yet its width counts where there is nothing else.
                piece = math.hypot(b.x - a.x, b.y - a.y) + 1e-9
                total += piece * (stroke.width_at(a) + stroke.width_at(b)) / 2
                length += piece
        return total / length if length else 0.0

    def with_mean_width(self, width: float) -> "Drawing":
        """The same movements with another pen; wider and narrower strokes keep their proportion."""
        factor = width / self.mean_width
        strokes = tuple(s if s.erases else replace(s, width=s.width * factor) for s in self.strokes)
        return replace(self, strokes=strokes)

    def _inked(self) -> Iterable[Stroke]:
        return (stroke for stroke in self.strokes if not stroke.erases)


def _spaced(points: tuple[Point, ...], step: float) -> list[Point]:
    retained = [points[0]]
    for point in points[1:-1]:
        if math.hypot(point.x - retained[-1].x, point.y - retained[-1].y) >= step:
            retained.append(point)
    return [*retained, points[-1]]
