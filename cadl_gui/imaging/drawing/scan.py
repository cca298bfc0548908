"""Extracts the ink from a scan or photograph, without paper, shadows and specks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.drawing.ink import to_float
from cadl_gui.imaging.drawing.resampling import box_size, resized
from cadl_gui.imaging.drawing.stroke_width import thickened

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue in brightness (ITU-R BT.601)."""

_LONGEST_PX = (192, 96, 64)
"""Longer sides to which photographs are shrunk, to average out noise; the next one if no ink is found."""

_MARGIN = 1 / 12
"""Fraction of the image along each edge that may show what lies beside the paper."""

_CLEAN = 2.5 / 255
"""Largest difference of a border from black or white in an image made by a program, not by a camera."""

_LEAST_CLEAN, _LEAST_CONTRAST = 0.2, 0.35
"""If a digit touches the border, at least this fraction of the pixels is black or white background, and the
others differ from it by at least this much on average. Shadows in overexposed photographs differ by less."""

_ICON_PX = 32
"""No photograph is so small; thin strokes are faint in such images."""

_SURROUNDINGS_PX = 6
"""Side length of an image so small that it shows only the illumination."""

_COARSE_PX, _WIDEST_STROKE = 24, 4
"""Longer side of the image in which the background is estimated, and half the width of the widest stroke."""

_FAINTEST, _NOISY = 0.08, 10.0
"""Ink differs from paper by at least this fraction of full contrast, and by at least this many standard
deviations of the noise."""

_LEAST_INK = 0.005
"""Fraction of pixels, the strongest, whose mean is the strength of the ink."""

_SPECK = 0.02
"""A mark with less than this fraction of all ink is a speck."""

_MARKS_PX = 64
"""Longer side of the image in which connected marks are found."""

_ALONG_EDGE = 0.5
"""A mark along more than this fraction of an edge is a table beside the paper, or a shadow."""


def ink_of(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Extract the ink, whether it is dark on light or light on dark.

    Images on an even white or black background are only inverted where necessary, also if they are cropped so
    closely that the ink touches the edges. All others are treated as photographs: they are shrunk to 192
    pixels or less, an uneven background is subtracted, and specks and marks along the edges are removed.

    Args:
        image: (h, w) or (h, w, channels) uint8 with 1 (grey), 3 (RGB) or 4 (RGB and opacity) channels.

    Returns:
        (height, width) float32 in [0, 1], bright ink on black; all 0 if there is no ink.

    Raises:
        ValueError: if the image has another shape.
    """
    grey = brightness_of(image)
    even = _on_even_background(grey)
    return _ink_in_photograph(grey) if even is None else even


def brightness_of(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Brightness of each pixel, where transparent parts show a background that contrasts with the ink.

    Args:
        image: see `ink_of`.

    Returns:
        (h, w) float32 in [0, 1].

    Raises:
        ValueError: if the image has another shape.
    """
    values = to_float(image)
    if values.ndim == 2:
        return values
    if values.ndim != 3 or values.shape[2] not in {1, 3, 4}:
        raise ValueError(f"Expected (h, w) or (h, w, 1, 3 or 4). Received: shape={image.shape}")
    if values.shape[2] == 1:
        return values[..., 0]
    brightness: NDArray[np.float32] = values[..., :3] @ LUMA
    if values.shape[2] == 3:
        return brightness
    opacity = values[..., 3]
    visible = float(opacity.sum())
    dark = visible > 0 and float((brightness * opacity).sum()) / visible < 0.5
    return (brightness * opacity + (1 - opacity) * dark).astype(np.float32)


def _on_even_background(grey: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The image with bright ink, if its background is evenly black or white; otherwise None."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    sides = (grey, border), (1 - grey, 1 - border)
    bright, edge = max(sides, key=lambda side: np.count_nonzero(side[1] <= _CLEAN))
    if np.percentile(edge, 90) <= _CLEAN:
        return bright
    marked = bright[bright > _CLEAN]
    is_faint = max(bright.shape) > _ICON_PX and marked.mean() < _LEAST_CONTRAST
    if is_faint or len(marked) > (1 - _LEAST_CLEAN) * bright.size:
        return None
    marks, amounts, is_along = _marks(_thresholded(bright, 1.0))
    if amounts[~is_along].sum() < _SPECK * amounts.sum():
        return bright  # the mark along the edge is the digit itself
    beside = thickened(is_along[marks].astype(np.float32), 1)[1:-1, 1:-1] > 0
    return np.where(_at_size(beside, bright.shape), 0, bright).astype(np.float32, copy=False)


def _ink_in_photograph(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    ink = np.zeros_like(grey)
    for longest in _LONGEST_PX:
        small = resized(grey, *box_size(grey.shape, longest)) if max(grey.shape) > longest else grey
        ink = _ink_alone(_separated(_flattened(1 - small if _is_dark_on_light(small) else small)))
        if ink.any():
            break
    return ink


def _is_dark_on_light(grey: NDArray[np.float32]) -> bool:
    """Whether the pixels that differ most from their surroundings are darker than these: they are the ink.

    The border alone is no reference, since one corner may be darker than the ink in another.
    """
    down, across = (round(_MARGIN * side) for side in grey.shape)
    inner = grey[down : grey.shape[0] - down, across : grey.shape[1] - across]
    coarse = resized(inner, *box_size(inner.shape, min(_SURROUNDINGS_PX, *inner.shape)))
    surroundings = resized(coarse, *inner.shape)
    relative = inner / np.maximum(surroundings, 1 / 255) - 1
    return float((relative**3).sum()) < 0


def _flattened(bright: NDArray[np.float32]) -> NDArray[np.float32]:
    """Subtract the background: values are 1 for full ink, and 0 or less for the background."""
    coarse = resized(bright, *box_size(bright.shape, _COARSE_PX))
    padded = np.pad(coarse, _WIDEST_STROKE, mode="edge")
    opened = _opened(padded)[_WIDEST_STROKE:-_WIDEST_STROKE, _WIDEST_STROKE:-_WIDEST_STROKE]
    background = resized(opened, *bright.shape)
    return ((bright - background) / np.maximum(1 - background, 1 / 255)).astype(np.float32)


def _opened(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Remove bright, narrow strokes (morphological opening)."""
    eroded = 1 - thickened(1 - image, _WIDEST_STROKE)
    margin = _WIDEST_STROKE
    inner = eroded[margin:-margin, margin:-margin]
    return thickened(inner, _WIDEST_STROKE)[margin:-margin, margin:-margin]


def _separated(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale ink to 1 and paper to 0, with a soft threshold at half the ink's strength; all 0 without ink."""
    values = np.sort(ink, axis=None)
    middle = values[len(values) // 2]
    noise = 1.5 * float(np.median(np.abs(values - middle)))
    strength = float(values[-max(1, round(_LEAST_INK * len(values))) :].mean())
    if strength < max(_FAINTEST, _NOISY * noise):
        return np.zeros_like(ink)
    return _thresholded(ink, strength)


def _thresholded(ink: NDArray[np.float32], strength: float) -> NDArray[np.float32]:
    """Scale ink of this strength to 1, with a soft threshold at half of it."""
    thresholded: NDArray[np.float32] = np.clip(ink * np.float32(2 / strength) - 0.5, 0.0, 1.0)
    return thresholded


def _ink_alone(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Remove specks and marks along an edge."""
    marks, amounts, is_along = _marks(ink)
    amounts[is_along] = 0
    retained = ((amounts > 0) & (amounts >= _SPECK * amounts.sum()))[marks] & (marks > 0)
    return np.where(_at_size(retained, ink.shape), ink, 0).astype(np.float32, copy=False)


def _marks(ink: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """Find connected marks in a coarse copy.

    Returns:
        The number of the mark at each pixel of the copy, 0 for none; the amount of ink in each mark; and
        whether it lies along an edge.
    """
    coarse = resized(ink, *box_size(ink.shape, min(_MARKS_PX, *ink.shape)))
    marks = _labelled(coarse > 0)
    amounts = np.bincount(marks.ravel(), weights=coarse.ravel())
    is_along = np.zeros(len(amounts), bool)
    for edge in (marks[0], marks[-1], marks[:, 0], marks[:, -1]):
        is_along |= np.bincount(edge, minlength=len(amounts)) > _ALONG_EDGE * len(edge)
    is_along[0] = False
    return marks, amounts, is_along


def _at_size(coarse: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Enlarge a coarse copy of marks to the image's (height, width)."""
    rows = np.arange(shape[0]) * coarse.shape[0] // shape[0]
    columns = np.arange(shape[1]) * coarse.shape[1] // shape[1]
    enlarged: NDArray[np.bool_] = coarse[rows[:, np.newaxis], columns]
    return enlarged


def _labelled(inked: NDArray[np.bool_]) -> NDArray[Any]:
    """Label connected components, diagonals included: (height, width) int, 0 where there is no ink."""
    numbers = np.where(inked, np.arange(1, inked.size + 1).reshape(inked.shape), 0)
    while True:
        spread = np.pad(numbers, 1)
        spread = np.maximum(np.maximum(spread[:-2], spread[1:-1]), spread[2:])
        spread = np.maximum(np.maximum(spread[:, :-2], spread[:, 1:-1]), spread[:, 2:])
        spread = np.where(inked, spread, 0)
        if np.array_equal(spread, numbers):
            return numbers
        numbers = spread
