"""Drawings as strokes of points, which can be rasterised at any size and undone one by one."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)

_LIGHTEST = 0.4
"""Width of the pen at pressure 0, as a fraction of its width at full pressure."""


_DOT = 0.625
"""Extent, in widths of the pen, below which ink is only a dot: a click during which the hand moved a little.
With the usual pen, a twentieth of the canvas."""


class Point(NamedTuple):
    """A position of the pen, in units of the canvas's longer side.

    Attributes:
        x: distance from the left edge of the canvas; in a square, 1.0 is the right edge.
        y: distance from the top edge; in a square, 1.0 is the bottom edge.
        pressure: in [0, 1]; always 1 for a mouse.
    """

    x: float
    y: float
    pressure: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """One stroke of the pen, from touching the canvas to leaving it.

    Attributes:
        points: points of the stroke, at least one.
        width: width of the pen at full pressure, in units of the canvas side.
        erases: whether the stroke erases ink instead of adding it.
        colour: red, green and blue, 0 to 255; ink is always white.
    """

    points: tuple[Point, ...]
    width: float
    erases: bool = False
    colour: Colour = WHITE

    def width_at(self, point: Point) -> float:
        """Width of the stroke at a point, in units of the canvas side."""
        return self.width * (_LIGHTEST + (1 - _LIGHTEST) * point.pressure)

    def segments(self, step: float = 0.0) -> Iterable[tuple[Point, Point]]:
        """Straight segments, in order; a single point is one segment of length 0.

        Args:
            step: smallest distance between consecutive points, in units of the canvas side. Nearer points,
                except the last, are skipped.
        """
        if len(self.points) == 1:
            return ((self.points[0], self.points[0]),)
        return pairwise(_spaced(self.points, step) if step else self.points)


@dataclass(frozen=True, eq=False)
class Drawing:
    """The content of the canvas. Immutable, so that undoing restores the previous drawing.

    Attributes:
        strokes: strokes in the order in which they were drawn.
        image: image beneath the strokes, float32 in [0, 1], or None: (height, width), bright ink on black, or
            (height, width, 3), which fills the canvas.
    """

    strokes: tuple[Stroke, ...] = ()
    image: NDArray[np.float32] | None = None

    @property
    def is_blank(self) -> bool:
        """Whether the canvas has neither an image nor strokes."""
        return self.image is None and not self.strokes

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the inked points, in units of the canvas side; 0 without strokes."""
        points = [point for stroke in self._inked() for point in stroke.points]
        if not points:
            return (0.0, 0.0, 0.0, 0.0)
        xs = [min(max(point.x, 0.0), 1.0) for point in points]
        ys = [min(max(point.y, 0.0), 1.0) for point in points]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def extent(self) -> float:
        """The longer side of `box`."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top)

    @property
    def is_dot(self) -> bool:
        """Whether there is ink, of strokes alone, but no more than a dot."""
        return self.image is None and self.extent < _DOT * self.mean_width

    @property
    def mean_width(self) -> float:
        """Width of the inked strokes, averaged along them, in units of the canvas side; 0 without strokes."""
        total = length = 0.0
        for stroke in self._inked():
            for a, b in stroke.segments():
                # A dot has no length, but its width counts if there is nothing else.
                piece = math.hypot(b.x - a.x, b.y - a.y) + 1e-9
                total += piece * (stroke.width_at(a) + stroke.width_at(b)) / 2
                length += piece
        return total / length if length else 0.0

    def with_mean_width(self, width: float) -> "Drawing":
        """The same strokes with their widths scaled to this mean, which must not be 0 now."""
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
