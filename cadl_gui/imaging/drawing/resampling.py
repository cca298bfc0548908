"""Resizes images by averaging over areas."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


def resized(image: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Resize an image.

    Every pixel is the exact average over its area in the source, at least one source pixel wide. So shrinking
    is anti-aliased, enlarging interpolates linearly, and resizing to the same size changes nothing.

    Args:
        image: (h, w) float32.
        height: height of the result in pixels, at least 1.
        width: width of the result in pixels, at least 1.

    Returns:
        (height, width) float32, in the range of the image's values.
    """
    rows, columns = _weights(image.shape[0], height), _weights(image.shape[1], width)
    return (rows @ image @ columns.T).astype(np.float32, copy=False)


def box_size(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """Size of an image scaled to fit a square, preserving its aspect ratio.

    Args:
        shape: (height, width) of the image.
        side: side length of the square in pixels.

    Returns:
        Height and width in pixels, each at least 1.
    """
    height, width = shape
    longest = max(height, width)
    return max(1, round(height * side / longest)), max(1, round(width * side / longest))


@lru_cache(maxsize=64)
def _weights(n_from: int, n_to: int) -> NDArray[np.float32]:
    """Weights of the source pixels in each pixel of the result, (n_to, n_from); each row adds up to 1."""
    scale = n_from / n_to
    centres = (np.arange(n_to)[:, np.newaxis] + 0.5) * scale
    half = max(scale, 1.0) / 2
    cells = np.arange(n_from)
    overlap = np.minimum(centres + half, cells + 1) - np.maximum(centres - half, cells)
    overlap = np.maximum(overlap, 0.0)
    weights: NDArray[np.float32] = (overlap / overlap.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights
