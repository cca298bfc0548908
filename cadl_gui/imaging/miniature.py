"""Small pictures of networks: points of a plane, and the weights of a first layer."""

import math

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.weights.colour_map import colour_indices, colour_map
from cadl_gui.imaging.weights.limits import limit_of

_MARGIN = 0.06
_OUTLIERS = 2.0
"""Percentage of the points at each side that may lie outside of the picture."""

_MOST_TILES = 9


def points_miniature(
    points: NDArray[np.floating], colours: NDArray[np.uint8], background: NDArray[np.uint8], side: int
) -> NDArray[np.uint8]:
    """Draw points as dots of two by two pixels.

    Args:
        points: (n, 2); those that are not finite are left out.
        colours: colour of each point, (n, 3) uint8.
        background: (3,) uint8.

    Returns:
        (side, side, 3) uint8; the second coordinate points up.
    """
    image = np.empty((side, side, 3), np.uint8)
    image[:] = background
    finite = np.isfinite(points).all(axis=1)
    if not finite.any():
        return image
    points = points[finite].astype(np.float64)
    low, high = np.percentile(points, (_OUTLIERS, 100 - _OUTLIERS), axis=0)
    span = float(max(*(high - low), 1e-9)) / (1 - 2 * _MARGIN)
    x, y = ((points - (low + high) / 2) / span + 0.5).T
    column, row = np.floor(x * (side - 1)), np.floor((1 - y) * (side - 1))
    inside = (column >= 0) & (column < side - 1) & (row >= 0) & (row < side - 1)
    column, row = column[inside].astype(np.intp), row[inside].astype(np.intp)
    for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
        image[row + down, column + right] = colours[finite][inside]
    return image


def kernel_miniature(
    kernel: NDArray[np.floating], image_shape: tuple[int, int, int], map_name: str
) -> NDArray[np.uint8] | None:
    """Draw the strongest kernels of a first layer in a square.

    Args:
        kernel: of a dense layer, (height · width · channels, n), or of a convolution, (height, width,
            channels, n).
        image_shape: (height, width, channels) of the network's images.
        map_name: name of the colour map.

    Returns:
        (h, w, 3) uint8, up to three by three kernels; None if the layer does not see the image.
    """
    if kernel.ndim == 2 and len(kernel) == math.prod(image_shape):
        kernel = kernel.reshape(*image_shape, -1)
    if kernel.ndim != 4 or not kernel.shape[-1]:
        return None
    tiles = np.nan_to_num(kernel.mean(axis=2).transpose(2, 0, 1).astype(np.float32))
    order = np.argsort(-np.abs(tiles).sum(axis=(1, 2)), kind="stable")
    n_columns = max(1, math.isqrt(min(_MOST_TILES, len(tiles))))
    tiles = tiles[np.sort(order[: n_columns**2])]
    height, width = tiles.shape[1:]
    rows = tiles.reshape(n_columns, n_columns, height, width).transpose(0, 2, 1, 3)
    montage = rows.reshape(n_columns * height, n_columns * width)
    return colour_map(map_name)[colour_indices(montage, limit_of(tiles))]
