"""From whatever was drawn to an image like those of MNIST.

MNIST was made like this (LeCun, Cortes, Burges, http://yann.lecun.com/exdb/mnist): each digit was fitted into
20×20 pixels, its aspect kept, with grey levels from anti-aliasing, and then moved so that its centre of mass
came to the middle of 28×28. Without the same treatment a drawing is nothing that a network has ever seen.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.drawing.ink import Box, Region, rasterised
from cadl_gui.imaging.drawing.resampling import box_size, resized
from cadl_gui.imaging.drawing.stroke_width import stroke_width, thickened
from cadl_gui.imaging.drawing.strokes import Drawing

RAW_SIDE = 224
"""Pixels along a drawing's raster: eight to each of an image of MNIST."""

STROKE_WIDTHS = (1.8, 2.9)
"""The 5th and 75th percentile of `stroke_width` over 6,000 of MNIST's training digits, in pixels of 20×20
(`tests/benchmarks/drawing_thresholds.py`).

Measured with a convolutional classifier on 1,500 test digits turned to strokes: pens from 1.7 to 2.6 make no
difference, wider and narrower ones cost up to half a per cent within MNIST's own range and soon far more.
Applied to MNIST itself it changes three digits of ten and no accuracy.
"""

_VISIBLE = 1 / 512
"""Half a grey level: less is no ink."""

_FINE = 4
"""Strokes are widened and thinned in an image this much larger than the fitted one."""

_STEP = 0.08
"""Pieces of a redrawn stroke, in sides of the drawing. Bends with a radius of a quarter of it move by less
than a tenth of a pixel of the fitted image."""


@dataclass(frozen=True, eq=False)
class Normalisation:
    """Every stage on the way; all float32 in [0, 1], bright ink on black.

    Attributes:
        raw: (h, w) what was given.
        cropped: the part that has ink, its strokes as wide as MNIST's if the pen could be changed. (1, 1)
            without ink.
        fitted: what was cropped, scaled so that its longer edge has `fit` pixels. (1, 1) without ink.
        centred: (size, size) fitted, its centre of mass in the middle. Black without ink.
        is_empty: whether there was no ink at all.
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
    """Treat an image as MNIST's were treated.

    Args:
        raw: (h, w) float32 in [0, 1], bright ink on black.
        fit: pixels of the fitted image's longer edge.
        size: pixels along each edge of the result, at least `fit`.
        widths: strokes are brought into this range, in pixels of the fitted image; None leaves them alone.
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
    """Treat a drawing as MNIST's digits were treated.

    Where its pen is too wide or too narrow for its size, the strokes are drawn again with another pen, which
    is better than changing pixels: a small 8 keeps its holes. Small drawings are drawn again in any case,
    since they have few pixels.

    Args:
        drawing: strokes, an image, or both.
        raw: (h, w) the drawing as pixels, if they are there already.
        fit: as for `normalise`.
        size: as for `normalise`.
        widths: as for `normalise`.
    """
    if raw is None:
        raw = rasterised(drawing, RAW_SIDE)
    if widths is None or drawing.image is not None or not drawing.strokes:
        return _normalised(raw, raw, fit, size, widths)
    redrawn = _redrawn(drawing, len(raw), fit, widths)
    if redrawn is None:
        return _normalised(raw, raw, fit, size, None)
    return _normalised(raw, redrawn, fit, size, None)


def shrunk(raw: NDArray[np.float32], *, size: int = 28) -> Normalisation:
    """What a network sees of a drawing that is not normalised: all of it, in (size, size)."""
    seen = resized(raw, size, size)
    return Normalisation(raw, raw, seen, seen, is_empty=ink_box(raw) is None)


def ink_box(image: NDArray[np.float32]) -> Box | None:
    """The smallest box that holds all ink of a (h, w) image, or None without ink."""
    inked = image > _VISIBLE
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _redrawn(
    drawing: Drawing, raw_side: int, fit: int, widths: tuple[float, float]
) -> NDArray[np.float32] | None:
    """A close-up with the nearest pen in range; None where the raw pixels are as good."""
    left, top, right, bottom = drawing.box
    extent, pen = max(right - left, bottom - top), drawing.mean_width
    if extent == 0 or pen == 0:
        return None
    fitted_pen = pen * fit / (extent + pen)
    wanted = min(max(fitted_pen, widths[0]), widths[1])
    if wanted == fitted_pen and extent * raw_side >= fit * _FINE:
        return None
    with_pen = drawing.with_mean_width(wanted * extent / (fit - wanted))
    side = extent + 2 * with_pen.mean_width
    region = Region((left + right - side) / 2, (top + bottom - side) / 2, side)
    return rasterised(with_pen, fit * _FINE, region, step=_STEP * extent)


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
    """The image itself if its strokes are in range, else one with strokes at the range's end."""
    fine = resized(cropped, *box_size(cropped.shape, fit * _FINE))
    width = stroke_width(fine)
    wanted = min(max(width / _FINE, widths[0]), widths[1])
    if wanted == width / _FINE:
        return cropped
    # Widening strokes enlarges the image, which is then fitted again: solve for the width before that.
    skeleton = fit * _FINE - width
    change = wanted * skeleton / (fit - wanted) - width
    changed = _cropped(thickened(fine, change / 2))
    return fine if changed is None else changed


def _centred(fitted: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Moved by whole pixels, as MNIST's were, and no farther than that all of it stays visible."""
    height, width = fitted.shape
    mass = float(fitted.sum())
    row = float(fitted.sum(axis=1) @ np.arange(height)) / mass
    column = float(fitted.sum(axis=0) @ np.arange(width)) / mass
    top = min(max(math.floor(size // 2 - row + 0.5), 0), size - height)
    left = min(max(math.floor(size // 2 - column + 0.5), 0), size - width)
    centred = np.zeros((size, size), np.float32)
    centred[top : top + height, left : left + width] = fitted
    return centred
