"""Rasterises strokes."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.imaging.drawing.resampling import box_size, resized

_SQUARES_FROM = 3.0
"""Magnification from which an image's pixels are painted as squares instead of being interpolated."""

_SHORTEST_PX = 1e-3
"""Segments shorter than this are painted as dots, since their direction is undefined."""


class Region(NamedTuple):
    """A square part of the canvas, in units of the canvas side.

    Attributes:
        left: left edge.
        top: top edge.
        side: side length, above 0.
    """

    left: float
    top: float
    side: float


class Box(NamedTuple):
    """A rectangle of pixels; `right` and `bottom` are excluded.

    Attributes:
        left: first column.
        top: first row.
        right: column after the last.
        bottom: row after the last.
    """

    left: int
    top: int
    right: int
    bottom: int


WHOLE = Region(0.0, 0.0, 1.0)
"""The whole canvas."""


class Ink:
    """A square, anti-aliased raster into which strokes are painted segment by segment.

    Where segments overlap, the larger coverage counts; they are not blended. So edges stay smooth however
    many segments there are, and a drawing looks the same whether it was painted while it was drawn or all at
    once.

    Args:
        side: side length in pixels.
        region: part of the canvas to rasterise.

    Attributes:
        pixels: (side, side) uint8, white ink on black.
    """

    def __init__(self, side: int, region: Region = WHOLE) -> None:
        self.pixels: NDArray[np.uint8] = np.zeros((side, side), np.uint8)
        self._side = side
        self._region = region
        self._scale = side / region.side

    def add_drawing(self, drawing: Drawing, step: float = 0.0) -> None:
        """Paint the image and all strokes of a drawing.

        Raises:
            ValueError: if the drawing has an image and this is not a raster of the whole canvas.
        """
        if drawing.image is not None:
            self._add_image(drawing.image)
        for stroke in drawing.strokes:
            for start, end in stroke.segments(step):
                self.add_segment(stroke, start, end)

    def begin_stroke(self) -> None:
        """Do nothing: ink does not depend on which stroke adds it."""

    def add_segment(self, stroke: Stroke, start: Point, end: Point) -> Box:
        """Paint one straight segment of a stroke.

        Args:
            stroke: stroke that determines the width, and whether ink is added or erased.

        Returns:
            The pixels that may have changed; empty if the segment lies outside.
        """
        origin = self._region.left, self._region.top
        box, coverage = segment_coverage(stroke, start, end, self.pixels.shape, self._scale, origin)
        part = self.pixels[box.top : box.bottom, box.left : box.right]
        if stroke.erases:
            np.minimum(part, 255 - coverage, out=part)
        else:
            np.maximum(part, coverage, out=part)
        return box

    def _add_image(self, image: NDArray[np.uint8]) -> None:
        """Paint an image, centred and scaled to fit the canvas."""
        if self._region != WHOLE:
            raise ValueError("An image is painted on the whole canvas only.")
        height, width = box_size(image.shape, self._side)
        scaled = magnified(to_float(image), height, width)
        top, left = (self._side - height) // 2, (self._side - width) // 2
        self.pixels[top : top + height, left : left + width] = to_bytes(scaled)


def rasterised(drawing: Drawing, side: int, region: Region = WHOLE, step: float = 0.0) -> NDArray[np.float32]:
    """Rasterise a drawing.

    Args:
        side: side length in pixels.

    Returns:
        (side, side) float32 in [0, 1], white ink on black.

    Raises:
        ValueError: if the drawing has an image and `region` is not the whole canvas.
    """
    ink = Ink(side, region)
    ink.add_drawing(drawing, step)
    return to_float(ink.pixels)


def to_bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Convert float32 to uint8 pixels of the same shape; values beyond [0, 1] are clipped."""
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def to_float(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Convert uint8 pixels to float32 in [0, 1], of the same shape."""
    return np.multiply(pixels, np.float32(1 / 255), dtype=np.float32)


def magnified(image: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Resize an image, (h, w) or (h, w, channels); its pixels become squares where they are much larger.

    Args:
        height: height of the result in pixels, at least 1.
        width: width of the result in pixels, at least 1.

    Returns:
        (height, width) or (height, width, channels) float32.
    """
    if height >= _SQUARES_FROM * image.shape[0]:
        rows = np.arange(height) * image.shape[0] // height
        columns = np.arange(width) * image.shape[1] // width
        squares: NDArray[np.float32] = image[rows[:, np.newaxis], columns]
        return squares
    if image.ndim == 2:
        return resized(image, height, width)
    channels = [resized(image[..., i], height, width) for i in range(image.shape[2])]
    return np.stack(channels, axis=-1)


def segment_coverage(
    stroke: Stroke,
    start: Point,
    end: Point,
    shape: tuple[int, ...],
    scale: float,
    origin: tuple[float, float] = (0.0, 0.0),
) -> tuple[Box, NDArray[np.uint8]]:
    """How much of each pixel a segment covers.

    Args:
        shape: (height, width) of the raster; further axes are ignored.
        scale: pixels per unit.
        origin: left and top edge of the raster, in units of the canvas's longer side.

    Returns:
        The pixels that the segment may cover, empty if it lies outside, and how much of each, (rows, columns)
        from 0 to 255.
    """
    (ax, ay), (bx, by) = (
        ((point.x - origin[0]) * scale, (point.y - origin[1]) * scale) for point in (start, end)
    )
    radii = stroke.width_at(start) * scale / 2, stroke.width_at(end) * scale / 2
    reach = max(radii) + 1
    box = Box(
        max(0, math.floor(min(ax, bx) - reach)),
        max(0, math.floor(min(ay, by) - reach)),
        min(shape[1], math.ceil(max(ax, bx) + reach)),
        min(shape[0], math.ceil(max(ay, by) + reach)),
    )
    if box.left >= box.right or box.top >= box.bottom:
        return Box(0, 0, 0, 0), np.zeros((0, 0), np.uint8)
    return box, _coverage(box, (ax, ay), (bx, by), radii)


def _coverage(
    box: Box, start: tuple[float, float], end: tuple[float, float], radii: tuple[float, float]
) -> NDArray[np.uint8]:
    """How much of each pixel of a box a segment with round ends covers, (rows, columns) in [0, 255].

    Coverage is approximated by the distance of the pixel's centre from the edge, which is exact for edges
    along an axis and within a few hundredths otherwise.
    """
    # Few operations, in place, because this runs for each pointer event.
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
    # A segment thinner than a pixel covers no more than its width.
    np.minimum(inside, min(1.0, 2 * max(radii)), out=inside)
    np.maximum(inside, 0, out=inside)
    inside *= 255
    inside += 0.5
    return inside.astype(np.uint8)


def _distance(
    x: NDArray[np.float32], y: NDArray[np.float32], along: NDArray[np.float32], dx: float, dy: float
) -> NDArray[np.float32]:
    """Distances of the points (x, y) from (dx, dy) * along, (rows, columns)."""
    across = along * -dx
    across += x
    across *= across
    down = along * -dy
    down += y
    down *= down
    across += down
    np.sqrt(across, out=across)
    return across
