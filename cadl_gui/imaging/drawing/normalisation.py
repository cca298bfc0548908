"""Converts drawings to images like MNIST's.

MNIST was made as follows (LeCun, Cortes, Burges, http://yann.lecun.com/exdb/mnist): each digit was scaled to
fit 20×20 pixels, preserving its aspect ratio, with grey levels from anti-aliasing, and then shifted so that
its centre of mass was at the centre of 28×28 pixels. Without this treatment, a drawing is unlike anything
that a network was trained on.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing import Drawing
from cadl_gui.imaging.drawing.ink import Box, Region, rasterised
from cadl_gui.imaging.drawing.resampling import box_size, resized
from cadl_gui.imaging.drawing.stroke_width import stroke_width, thickened

RAW_SIDE = 224
"""Side length of a drawing's raster in pixels, eight for each pixel of an MNIST image."""

STROKE_WIDTHS = (1.8, 2.9)
"""The 5th and 75th percentile of `stroke_width` over 6,000 of MNIST's training digits, in pixels of 20×20
(`tests/tools/drawing_thresholds.py`).

Measured with a convolutional classifier on 1,500 test digits converted to strokes: pens from 1.7 to 2.6
pixels make no difference; wider and narrower ones cost up to half a percentage point of accuracy within
MNIST's own range, and soon far more outside. Applied to MNIST itself, it changes three digits in ten and no
accuracy.
"""

_VISIBLE = 1 / 512
"""Half a grey level; anything less is not ink."""

_FINE = 4
"""Scale, relative to the fitted image, at which strokes are widened and thinned."""

_STEP = 0.08
"""Shortest segment of a redrawn stroke, in units of the drawing's longer side. Curves with a radius of a
quarter of that side move by less than a tenth of a pixel of the fitted image."""


@dataclass(frozen=True, eq=False)
class Normalisation:
    """All stages of the normalisation, float32 in [0, 1], bright ink on black.

    Attributes:
        raw: the input, (h, w).
        cropped: the bounding box of the ink, (height, width); if the strokes were drawn again, with strokes
            as wide as MNIST's. (1, 1) without ink.
        fitted: the cropped image, scaled so that its longer side has `fit` pixels. (1, 1) without ink.
        centred: the fitted image, shifted so that its centre of mass is at the centre, (size, size). Black
            without ink.
        is_empty: whether there is no ink.
    """

    raw: NDArray[np.float32]
    cropped: NDArray[np.float32]
    fitted: NDArray[np.float32]
    centred: NDArray[np.float32]
    is_empty: bool = False


def normalise(
    raw: NDArray[np.float32],
    *,
    fit: int = 20,
    size: int = 28,
    widths: tuple[float, float] | None = STROKE_WIDTHS,
) -> Normalisation:
    """Normalise an image as MNIST's digits were.

    Args:
        raw: (h, w) float32 in [0, 1], bright ink on black.
        fit: length of the fitted image's longer side in pixels.
        size: side length of the result in pixels, at least `fit`.
        widths: smallest and largest mean stroke width in pixels of the fitted image, to which strokes are
            widened or thinned; None leaves them as they are.
    """
    return _normalised(raw, raw, fit, size, widths)


def normalise_drawing(
    drawing: Drawing,
    *,
    raw: NDArray[np.float32] | None = None,
    fit: int = 20,
    size: int = 28,
    widths: tuple[float, float] | None = STROKE_WIDTHS,
) -> Normalisation:
    """Normalise a drawing as MNIST's digits were.

    If the pen is too wide or too narrow for the size of the drawing, the strokes are drawn again with another
    pen. This is better than changing pixels: a small 8 keeps its holes. Small drawings are always drawn
    again, because they have few pixels. A drawing of which something was erased is normalised as an image is:
    with another pen, what was erased would come out beneath the eraser. A dot is not enlarged to the size of
    a digit: it becomes as wide as a stroke.

    Args:
        drawing: strokes, an image, or both.
        raw: the drawing rasterised, (h, w) float32 in [0, 1]; rasterised here if None.
    """
    if raw is None:
        raw = rasterised(drawing, RAW_SIDE)
    is_erased = any(stroke.erases for stroke in drawing.strokes)
    if widths is None or drawing.image is not None or not drawing.strokes or is_erased:
        return _normalised(raw, raw, fit, size, widths)
    if drawing.is_dot:
        return _normalised(raw, raw, _dot_side(drawing, size, widths), size, None)
    redrawn = _redrawn(drawing, len(raw), fit, widths)
    if redrawn is None:
        return _normalised(raw, raw, fit, size, None)
    return _normalised(raw, redrawn, fit, size, None)


def shrunk(raw: NDArray[np.float32], *, size: int = 28) -> Normalisation:
    """Scale an image, (h, w) float32 in [0, 1], to (size, size) without normalising it."""
    seen = resized(raw, size, size)
    return Normalisation(raw, raw, seen, seen, is_empty=ink_box(raw) is None)


def ink_box(image: NDArray[np.float32]) -> Box | None:
    """The bounding box of the ink in an (h, w) image, or None without ink."""
    inked = image > _VISIBLE
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _redrawn(
    drawing: Drawing, raw_side: int, fit: int, widths: tuple[float, float]
) -> NDArray[np.float32] | None:
    """The drawing, enlarged and with the nearest pen width in range, (fit * _FINE, fit * _FINE).

    None if the raw pixels are as good, or if there is no ink.
    """
    left, top, right, bottom = drawing.box
    extent, pen = drawing.extent, drawing.mean_width
    if pen == 0:
        return None
    fitted_pen = pen * fit / (extent + pen)
    wanted = min(max(fitted_pen, widths[0]), widths[1])
    if wanted == fitted_pen and extent * raw_side >= fit * _FINE:
        return None
    with_pen = drawing.with_mean_width(wanted * extent / (fit - wanted))
    side = extent + 2 * with_pen.mean_width
    region = Region((left + right - side) / 2, (top + bottom - side) / 2, side)
    return rasterised(with_pen, fit * _FINE, region, step=_STEP * extent)


def _dot_side(drawing: Drawing, size: int, widths: tuple[float, float]) -> int:
    """The longer side of a dot in pixels, whose pen is as wide as on the canvas, or as MNIST's."""
    pen = drawing.mean_width
    return round(min(max(pen * size, widths[0]), widths[1]) * (1 + drawing.extent / pen))


def _normalised(
    raw: NDArray[np.float32],
    source: NDArray[np.float32],
    fit: int,
    size: int,
    widths: tuple[float, float] | None,
) -> Normalisation:
    cropped = _cropped(source)
    if cropped is None:
        nothing = np.zeros((1, 1), np.float32)
        return Normalisation(raw, nothing, nothing, np.zeros((size, size), np.float32), is_empty=True)
    even = cropped if widths is None else _with_even_strokes(cropped, fit, widths)
    fitted = np.clip(resized(even, *box_size(even.shape, fit)), 0.0, 1.0)
    return Normalisation(raw, cropped, fitted, _centred(fitted, size))


def _cropped(image: NDArray[np.float32]) -> NDArray[np.float32] | None:
    box = ink_box(image)
    return None if box is None else image[box.top : box.bottom, box.left : box.right]


def _with_even_strokes(
    cropped: NDArray[np.float32], fit: int, widths: tuple[float, float]
) -> NDArray[np.float32]:
    """The image with its stroke width brought into the range; the image itself if it is in it already."""
    fine = resized(cropped, *box_size(cropped.shape, fit * _FINE))
    width = stroke_width(fine)
    wanted = min(max(width / _FINE, widths[0]), widths[1])
    if wanted == width / _FINE:
        return cropped
    # Widening strokes enlarges the image, which is then fitted again; so solve for the width before fitting.
    skeleton = fit * _FINE - width
    change = wanted * skeleton / (fit - wanted) - width
    changed = _cropped(thickened(fine, change / 2))
    return fine if changed is None else changed


def _centred(fitted: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Centre an image by its centre of mass, by whole pixels as in MNIST, without cutting anything off."""
    height, width = fitted.shape
    mass = float(fitted.sum())
    row = float(fitted.sum(axis=1) @ np.arange(height)) / mass
    column = float(fitted.sum(axis=0) @ np.arange(width)) / mass
    top = min(max(math.floor(size // 2 - row + 0.5), 0), size - height)
    left = min(max(math.floor(size // 2 - column + 0.5), 0), size - width)
    centred = np.zeros((size, size), np.float32)
    centred[top : top + height, left : left + width] = fitted
    return centred
