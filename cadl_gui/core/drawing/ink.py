"""Strokes as pixels."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.drawing.resampling import box_size, resized
from cadl_gui.core.drawing.strokes import Drawing, Point, Stroke

_SQUARES_FROM = 3.0
"""From this magnification on a picture's pixels are painted as squares: they are what there is to see."""


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
        if drawing.picture is not None:
            self._add_picture(drawing.picture)
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

    def _add_picture(self, picture: NDArray[np.float32]) -> None:
        """Put a picture in the middle of the canvas, as large as fits."""
        if self._region != WHOLE:
            raise ValueError("A picture is painted on the whole canvas only.")
        height, width = box_size(picture.shape, self._side)
        if height >= _SQUARES_FROM * picture.shape[0]:
            rows = np.arange(height) * picture.shape[0] // height
            columns = np.arange(width) * picture.shape[1] // width
            scaled = picture[rows[:, np.newaxis], columns]
        else:
            scaled = resized(picture, height, width)
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
    (ax, ay), (bx, by) = start, end
    dx, dy = bx - ax, by - ay
    x = np.arange(box.left + 0.5 - ax, box.right - ax, dtype=np.float32)
    y = np.arange(box.top + 0.5 - ay, box.bottom - ay, dtype=np.float32)[:, np.newaxis]
    squared = dx * dx + dy * dy
    along = np.clip((x * dx + y * dy) / squared, 0, 1) if squared > 0 else np.float32(0)
    distance = np.sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2)
    inside = radii[0] + along * (radii[1] - radii[0]) + 0.5 - distance
    # A mark thinner than a pixel covers no more than its width.
    most = min(1.0, 2 * max(radii))
    covered: NDArray[np.uint8] = np.rint(np.clip(inside, 0, most) * 255).astype(np.uint8)
    return covered
