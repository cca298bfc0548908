"""Images in other sizes, by averaging over areas."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


def resized(image: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """An image in another size.

    Every pixel is the exact average over the area that it comes from, at least one source pixel wide. So
    shrinking is anti-aliased, enlarging interpolates linearly, and the same size changes nothing.

    Args:
        image: (h, w) float32.
        height: of the result, at least 1.
        width: of the result, at least 1.

    Returns:
        (height, width) float32, in the range of the image.
    """
    rows, columns = _weights(image.shape[0], height), _weights(image.shape[1], width)
    return (rows @ image @ columns.T).astype(np.float32, copy=False)


def box_size(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """Height and width of an image of this shape scaled to fill a square, its aspect kept, in pixels."""
    height, width = shape
    longest = max(height, width)
    return max(1, round(height * side / longest)), max(1, round(width * side / longest))


@lru_cache(maxsize=64)
def _weights(n_from: int, n_to: int) -> NDArray[np.float32]:
    """(n_to, n_from): the share that each source pixel has in each pixel of the result."""
    scale = n_from / n_to
    centres = (np.arange(n_to)[:, np.newaxis] + 0.5) * scale
    half = max(scale, 1.0) / 2
    cells = np.arange(n_from)
    overlap = np.minimum(centres + half, cells + 1) - np.maximum(centres - half, cells)
    overlap = np.maximum(overlap, 0.0)
    weights: NDArray[np.float32] = (overlap / overlap.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights
