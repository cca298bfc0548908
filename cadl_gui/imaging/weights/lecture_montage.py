"""The lecture's own image of a convolution's kernels."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.colour_map import colour_map
from cadl_gui.imaging.weights.layer_weights import LayerWeights

_BACKGROUND = 0.5


def lecture_montage(own: LayerWeights, *, is_first: bool) -> NDArray[np.float32]:
    """The numbers that the lecture shows of a convolution: `W1`, and then `W2 / np.max(W2)`.

    Args:
        own: of the layer.
        is_first: whether it is the network's first one.

    Returns:
        See `montage_filters`.
    """
    kernel = own.kernel
    largest = float(np.max(kernel, initial=-np.inf, where=np.isfinite(kernel)))
    return montage_filters(kernel if is_first or largest <= 0 else kernel / np.float32(largest))


class KernelPixel(NamedTuple):
    """A weight in the montage: of which kernel, and where in it."""

    source: int
    unit: int
    x: int
    y: int


def kernel_pixel(layer: LayerSpec, x: int, y: int) -> KernelPixel | None:
    """What lies at a pixel of the montage of a convolution's kernels; None in a gap."""
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
    """Lay all kernels out on one square grid, a pixel apart and a pixel from the edge, the rest at 0.5.

    Lecture, *Inspecting the Trained Network*: `montage_filters(W1)` of `libs.utils`. A kernel's number is
    input * outputs + output, so that a row of the grid is no row of anything.

    Args:
        kernel: (height, width, inputs, outputs).

    Returns:
        (n * (height + 1) + 1, n * (width + 1) + 1) for the smallest n whose square holds them all.
    """
    height, width, inputs, outputs = kernel.shape
    n = math.ceil(math.sqrt(inputs * outputs))
    canvas = np.full((n * (height + 1) + 1, n * (width + 1) + 1), _BACKGROUND, np.float32)
    for number in range(inputs * outputs):
        row, column = divmod(number, n)
        top, left = 1 + row * (height + 1), 1 + column * (width + 1)
        source, unit = divmod(number, outputs)
        canvas[top : top + height, left : left + width] = kernel[:, :, source, unit]
    return canvas


def stretched(values: NDArray[np.float32], name: str) -> NDArray[np.uint8]:
    """Colours from the smallest finite number to the largest, as the lecture's `plt.imshow` gives them.

    So zero has no colour of its own; `coloured` is symmetric about it.

    Args:
        values: (height, width); what is not finite gets the colour of the middle.
        name: of the colour map.

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
    """Of the finite numbers; nan where there is none."""
    found = values[np.isfinite(values)]
    return (float(found.min()), float(found.max())) if found.size else (math.nan, math.nan)
