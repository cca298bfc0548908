"""Strokes as pixels."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.drawing.resampling import box_size, resized
from cadl_gui.imaging.drawing.strokes import Drawing, Point, Stroke

_SQUARES_FROM = 3.0
"""From this magnification on an image's pixels are painted as squares: they are what there is to see."""

_SHORTEST_PX = 1e-3
"""Pieces shorter than this have no direction."""


class Region(NamedTuple):
    """A square part of the canvas, in sides of the canvas."""

    left: float
    top: float
    side: float


class Box(NamedTuple):
    """Pixels from (left, top) up to, but not including, (right, bottom)."""

    left: int
    top: int
    right: int
    bottom: int


WHOLE = Region(0.0, 0.0, 1.0)


class Ink:
    """A square raster that strokes are painted into, piece by piece, anti-aliased.

    The pieces of a stroke are joined by the larger coverage instead of painted over one another. So edges
    stay smooth however many pieces there are, and a drawing looks the same whether it was painted while it
    was drawn or all at once.

    Args:
        side: pixels along each edge.
        region: the part of the canvas that is shown.

    Attributes:
        pixels: (side, side) uint8, white ink on black.
    """

    def __init__(self, side: int, region: Region = WHOLE) -> None:
        self.pixels: NDArray[np.uint8] = np.zeros((side, side), np.uint8)
        self._side = side
        self._region = region
        self._scale = side / region.side

    def add_drawing(self, drawing: Drawing, step: float = 0.0) -> None:
        """Paint everything; `step` as for `Stroke.segments`."""
        if drawing.image is not None:
            self._add_image(drawing.image)
        for stroke in drawing.strokes:
            for start, end in stroke.segments(step):
                self.add_segment(stroke, start, end)

    def add_segment(self, stroke: Stroke, start: Point, end: Point) -> Box:
        """Paint one straight piece of a stroke.

        Returns:
            The pixels that may have changed; empty if the piece lies outside.
        """
        ax, ay = self._to_pixels(start)
        bx, by = self._to_pixels(end)
        radii = stroke.width_at(start) * self._scale / 2, stroke.width_at(end) * self._scale / 2
        reach = max(radii) + 1
        box = Box(
            max(0, math.floor(min(ax, bx) - reach)),
            max(0, math.floor(min(ay, by) - reach)),
            min(self._side, math.ceil(max(ax, bx) + reach)),
            min(self._side, math.ceil(max(ay, by) + reach)),
        )
        if box.left >= box.right or box.top >= box.bottom:
            return Box(0, 0, 0, 0)
        coverage = _coverage(box, (ax, ay), (bx, by), radii)
        part = self.pixels[box.top : box.bottom, box.left : box.right]
        if stroke.erases:
            np.minimum(part, 255 - coverage, out=part)
        else:
            np.maximum(part, coverage, out=part)
        return box

    def _add_image(self, image: NDArray[np.float32]) -> None:
        """Put an image in the middle of the canvas, as large as fits."""
        if self._region != WHOLE:
            raise ValueError("An image is painted on the whole canvas only.")
        height, width = box_size(image.shape, self._side)
        if height >= _SQUARES_FROM * image.shape[0]:
            rows = np.arange(height) * image.shape[0] // height
            columns = np.arange(width) * image.shape[1] // width
            scaled = image[rows[:, np.newaxis], columns]
        else:
            scaled = resized(image, height, width)
        top, left = (self._side - height) // 2, (self._side - width) // 2
        self.pixels[top : top + height, left : left + width] = np.rint(np.clip(scaled, 0, 1) * 255)

    def _to_pixels(self, point: Point) -> tuple[float, float]:
        return (point.x - self._region.left) * self._scale, (point.y - self._region.top) * self._scale


def rasterised(drawing: Drawing, side: int, region: Region = WHOLE, step: float = 0.0) -> NDArray[np.float32]:
    """A drawing as (side, side) float32 in [0, 1], white ink on black."""
    ink = Ink(side, region)
    ink.add_drawing(drawing, step)
    return to_float(ink.pixels)


def to_float(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bytes as float32 in [0, 1], of the same shape."""
    return np.multiply(pixels, np.float32(1 / 255), dtype=np.float32)


def _coverage(
    box: Box, start: tuple[float, float], end: tuple[float, float], radii: tuple[float, float]
) -> NDArray[np.uint8]:
    """How much of each pixel of the box lies within a piece with round ends, in [0, 255].

    The distance of a pixel's centre from the edge stands for its coverage, which is exact for edges along an
    axis and within a few hundredths elsewhere.
    """
    # Written with few operations, in place: this runs for every movement of the hand.
    (ax, ay), (bx, by) = start, end
    dx, dy = bx - ax, by - ay
    x = np.arange(box.left, box.right, dtype=np.float32) - np.float32(ax - 0.5)
    y = np.arange(box.top, box.bottom, dtype=np.float32)[:, np.newaxis] - np.float32(ay - 0.5)
    squared = max(dx * dx + dy * dy, _SHORTEST_PX**2)
    along = x * (dx / squared) + y * (dy / squared)
    np.minimum(along, 1, out=along)
    np.maximum(along, 0, out=along)
    inside = _distance(x, y, along, dx, dy)
    np.subtract(radii[0] + 0.5, inside, out=inside)
    if radii[0] != radii[1]:
        along *= radii[1] - radii[0]
        inside += along
    # A mark thinner than a pixel covers no more than its width.
    np.minimum(inside, min(1.0, 2 * max(radii)), out=inside)
    np.maximum(inside, 0, out=inside)
    inside *= 255
    inside += 0.5
    return inside.astype(np.uint8)


def _distance(
    x: NDArray[np.float32], y: NDArray[np.float32], along: NDArray[np.float32], dx: float, dy: float
) -> NDArray[np.float32]:
    """How far (x, y) are from the points (dx, dy) * along."""
    across = along * -dx
    across += x
    across *= across
    down = along * -dy
    down += y
    down *= down
    across += down
    np.sqrt(across, out=across)
    return across
