"""Drawings as strokes of points, which can be rasterised at any size and undone one by one."""

import base64
import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing_form import INK
from cadl_gui.system.file_limits import LARGEST_SIDE

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)

_LIGHTEST = 0.4
"""Width of the pen at pressure 0, as a fraction of its width at full pressure."""


_DOT = 0.625
"""Extent, in widths of the pen, below which ink is only a dot: a click during which the hand moved a little.
With the usual pen, a twentieth of the canvas."""

_WIDEST = 2.0
"""Largest width of a stroke, in units of the canvas side; the widest brush has a fraction of it."""

_FARTHEST = 100.0
"""Largest coordinate of a point: a hand that leaves the canvas gets as far as the edge of the screen. Points
far beyond have no pixel that Qt could count, and end the process.
"""

Pixels = frozenset[tuple[int, int]]
"""Rows and columns of pixels."""


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

    Two drawings are the same if they are one object: so nothing compares all points at each movement.

    Attributes:
        strokes: strokes in the order in which they were drawn.
        image: image beneath the strokes, uint8, or None: (height, width), bright ink on black, or
            (height, width, 3), which fills the canvas.
        flips: pixels that are inverted in the image that networks get of ink.
    """

    strokes: tuple[Stroke, ...] = ()
    image: NDArray[np.uint8] | None = None
    flips: Pixels = frozenset()

    @property
    def is_blank(self) -> bool:
        """Whether the canvas has neither an image nor strokes."""
        return self.image is None and not self.strokes

    @cached_property
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

    @cached_property
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

    def since(self, before: "Drawing") -> list[tuple[Stroke, Point, Point]] | None:
        """Return the segments, of the last stroke, that were drawn since; None if more has changed."""
        if self.image is not before.image:
            return None
        if self.strokes == before.strokes:
            return []
        *others, last = self.strokes or (Stroke((), 1.0),)
        if others == [*before.strokes]:
            return [(last, *ends) for ends in last.segments()]
        *earlier, old = before.strokes or (last,)
        n = len(old.points)
        if others != earlier or replace(last, points=last.points[:n]) != old:
            return None
        return [(last, *ends) for ends in pairwise(last.points[n - 1 :])]

    def to_json(self) -> dict[str, Any]:
        """Return a representation that can be written as JSON; points and pixels are stored exactly.

        They are text: JSON would need a value for each number, and files are read with a limit on values.
        """
        strokes = [
            {
                "points": _text(np.array(stroke.points, "<f8").tobytes()),
                "width": stroke.width,
                "erases": stroke.erases,
                "colour": list(stroke.colour),
            }
            for stroke in self.strokes
        ]
        stored = None
        if self.image is not None:
            pixels = _text(zlib.compress(self.image.tobytes()))
            stored = {"shape": list(self.image.shape), "pixels": pixels}
        return {"strokes": strokes, "image": stored, "flips": sorted(self.flips)}

    @classmethod
    def from_json(cls, values: Any, *, is_ink: bool) -> Self:
        """Return the drawing that `to_json` stored.

        Args:
            is_ink: whether it has to be ink.

        Raises:
            ValueError: if these are not the values of such a drawing.
        """
        try:
            image = None if values["image"] is None else _image(values["image"], 2 if is_ink else 3)
            strokes = tuple(_stroke(each) for each in values["strokes"])
            flips = frozenset(_pixel(*each) for each in values.get("flips", ()))
        except (KeyError, TypeError, AttributeError, OverflowError, zlib.error) as error:
            raise ValueError(f"This is not a drawing: {error!r:.100}") from error
        return cls(strokes, image, flips if is_ink else frozenset())

    def _inked(self) -> Iterable[Stroke]:
        return (stroke for stroke in self.strokes if not stroke.erases)


def _spaced(points: tuple[Point, ...], step: float) -> list[Point]:
    retained = [points[0]]
    for point in points[1:-1]:
        if math.hypot(point.x - retained[-1].x, point.y - retained[-1].y) >= step:
            retained.append(point)
    return [*retained, points[-1]]


def _stroke(values: Any) -> Stroke:
    numbers = np.frombuffer(_bytes(values["points"]), "<f8").reshape(-1, 3)
    width, colour = float(values["width"]), tuple(int(part) for part in values["colour"])
    is_near = bool((np.abs(numbers) <= _FARTHEST).all())  # NaN is not
    is_valid = len(numbers) and is_near and 0 < width <= _WIDEST
    if not is_valid or len(colour) != 3 or not all(0 <= part <= 255 for part in colour):
        raise ValueError("A stroke has no points, or a number out of range.")
    points = tuple(Point(x, y, min(max(pressure, 0.0), 1.0)) for x, y, pressure in numbers.tolist())
    return Stroke(points, width, values["erases"] is True, colour)


def _pixel(row: int, column: int) -> tuple[int, int]:
    if not all(type(place) is int and 0 <= place < INK.longer_side for place in (row, column)):
        raise ValueError("A pixel is outside the image.")
    return row, column


def _image(values: Any, n_axes: int) -> NDArray[np.uint8]:
    shape = tuple(int(side) for side in values["shape"])
    if len(shape) != n_axes or shape[2:] not in {(), (3,)} or max(shape) > LARGEST_SIDE or min(shape) < 1:
        raise ValueError(f"An image cannot have the shape {shape!r:.60}.")
    pixels = zlib.decompressobj().decompress(_bytes(values["pixels"]), math.prod(shape) + 1)
    return np.frombuffer(pixels, np.uint8).reshape(shape)


def _text(stored: bytes) -> str:
    return base64.b64encode(stored).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


BLANK = Drawing()
"""What is drawn at first."""
