"""The lecture's montage of a convolution's kernels."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import montage
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.colour_map import colour_map
from cadl_gui.imaging.weights.layer_weights import LayerWeights

_BACKGROUND = 0.5


def lecture_montage(own: LayerWeights, *, is_first: bool) -> NDArray[np.float32]:
    """Montage of a convolution's kernels as in the lecture: `W1`, then `W2 / np.max(W2)`.

    Args:
        is_first: whether the layer is the network's first.

    Returns:
        See `montage_filters`.
    """
    kernel = own.kernel
    largest = float(np.max(kernel, initial=-np.inf, where=np.isfinite(kernel)))
    return montage_filters(kernel if is_first or largest <= 0 else kernel / np.float32(largest))


class KernelPixel(NamedTuple):
    """A weight in the montage: its kernel (input `source`, output `unit`) and its position within."""

    source: int
    unit: int
    x: int
    y: int


def kernel_pixel(layer: LayerSpec, x: int, y: int) -> KernelPixel | None:
    """The weight at a pixel of the montage; None in a gap."""
    height, width, inputs, outputs = layer.kernel_shape
    n = math.ceil(math.sqrt(inputs * outputs))
    row, down = divmod(y - 1, height + 1)
    column, right = divmod(x - 1, width + 1)
    number = row * n + column
    if not (
        0 <= row < n and 0 <= column < n and number < inputs * outputs and down < height and right < width
    ):
        return None
    source, unit = divmod(number, outputs)
    if layer.kind == "transposed convolution":  # whose kernels are (side, side, out, in)
        source, unit = unit, source
    return KernelPixel(source, unit, right, down)


def montage_filters(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Arrange all kernels on a square grid with gaps and margins of one pixel and a background of 0.5.

    Lecture, *Inspecting the Trained Network*: `montage_filters(W1)` of `libs.utils`. Kernels are in the order
    input * outputs + output, so the rows of the grid have no meaning.

    Args:
        kernel: (height, width, inputs, outputs).

    Returns:
        (n * (height + 1) + 1, n * (width + 1) + 1) for the smallest n with n² ≥ inputs * outputs.
    """
    height, width, inputs, outputs = kernel.shape
    n = math.ceil(math.sqrt(inputs * outputs))
    tiles = np.full((n * n, height, width, 1), _BACKGROUND, np.float32)
    tiles[: inputs * outputs] = kernel.reshape(height, width, -1, 1).transpose(2, 0, 1, 3)
    whole = montage(tiles, columns=n, gap_px=1, background=_BACKGROUND)[..., 0]
    return np.pad(whole, 1, constant_values=_BACKGROUND)


def stretched(values: NDArray[np.float32], name: str) -> NDArray[np.uint8]:
    """Map numbers to colours from the smallest finite one to the largest, as `plt.imshow` in the lecture.

    Zero has no fixed colour here, unlike in `coloured`, which is symmetric about it.

    Args:
        values: (height, width); non-finite values get the middle colour.

    Returns:
        (height, width, 3) uint8.
    """
    table = colour_map(name)
    finite = np.isfinite(values)
    low, high = lowest_and_highest(values)
    if math.isnan(low):
        return np.broadcast_to(table[len(table) // 2], (*values.shape, 3)).copy()
    shares = (np.where(finite, values, (low + high) / 2) - low) / ((high - low) or 1.0)
    return np.take(table, np.rint(shares * (len(table) - 1)).astype(np.intp), axis=0)


def lowest_and_highest(values: NDArray[np.float32]) -> tuple[float, float]:
    """Smallest and largest finite number; NaN if there is none."""
    found = values[np.isfinite(values)]
    return (float(found.min()), float(found.max())) if found.size else (math.nan, math.nan)
