"""Arithmetic on images: (n, height, width, channels) arrays."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.system.words import _

ImageShape = tuple[int, int, int]
"""(height, width, channels)."""

_CONVERTED_AT_ONCE = 2**17
"""Number of values; their bytes fit the cache of any processor."""


def shape_text(shape: ImageShape) -> str:
    """Format the shape of an image where colour matters: “28×28 in grey”, “64×64 in colour”."""
    height, width, channels = shape
    colour = {1: _("in grey"), 3: _("in colour")}.get(
        channels, _("with {channels} channels").format(channels=channels)
    )
    return f"{height}×{width} {colour}"


def evenly_spread(n: int, most: int) -> NDArray[np.intp]:
    """Return so many of the numbers below n, from the first to the last; all for 0, or if n is less."""
    return np.linspace(0, n - 1, most).round().astype(np.intp) if 0 < most < n else np.arange(n)


def grid_shape(n: int) -> tuple[int, int]:
    """Rows and columns of the squarest grid for `n` tiles, as in the lecture's montage.

    The grid has at least as many columns as rows and no empty row, except that 0 tiles take a 1×1 grid.
    """
    columns = max(1, math.ceil(math.sqrt(n)))
    return max(1, math.ceil(n / columns)), columns


def montage(
    images: NDArray[Any], *, columns: int | None = None, gap_px: int = 0, background: float = 0.0
) -> NDArray[Any]:
    """Arrange images on a grid, row by row (lecture: `libs.utils.montage`).

    Args:
        images: (n, height, width, channels) of any dtype.
        columns: tiles per row; by default those of the squarest grid.
        gap_px: gap between tiles, in pixels.
        background: value of gaps and unused tiles.

    Returns:
        (rows * (height + gap_px) - gap_px, columns * (width + gap_px) - gap_px, channels), same dtype.

    Raises:
        ValueError: if `images` does not have four dimensions.
    """
    if images.ndim != 4:
        raise ValueError(f"Expected (n, height, width, channels). Received: shape={images.shape}")
    n, height, width, channels = images.shape
    rows, default_columns = grid_shape(n)
    if columns is None:
        columns = default_columns
    else:
        rows = max(1, math.ceil(n / columns))
    canvas = np.full((rows, height + gap_px, columns, width + gap_px, channels), background, images.dtype)
    tiles = np.full((rows * columns, height, width, channels), background, images.dtype)
    tiles[:n] = images
    canvas[:, :height, :, :width] = tiles.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    flat = canvas.reshape(rows * (height + gap_px), columns * (width + gap_px), channels)
    return flat[: flat.shape[0] - gap_px, : flat.shape[1] - gap_px]


def to_uint8(images: NDArray[Any]) -> NDArray[np.uint8]:
    """Convert images in [0, 1] to uint8, clipped and rounded to nearest; NaN becomes black."""
    values = np.asarray(images, np.float32).reshape(-1)
    rounded = np.empty(values.shape, np.uint8)
    # In parts that stay in the processor's cache: allocating and passing over megabytes takes far longer.
    scratch = np.empty(min(len(values), _CONVERTED_AT_ONCE), np.float32)
    for start in range(0, len(values), _CONVERTED_AT_ONCE):
        part = values[start : start + _CONVERTED_AT_ONCE]
        scaled = np.fmax(part, np.float32(0), out=scratch[: len(part)])  # which ignores NaN
        np.fmin(scaled, np.float32(1), out=scaled)
        np.multiply(scaled, np.float32(255), out=scaled)
        rounded[start : start + len(part)] = np.rint(scaled, out=scaled)
    return rounded.reshape(np.shape(images))
