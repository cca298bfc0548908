"""Which tiles of a montage a view needs, and their pixels."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.dataset_requests import MontageTile

TILE_PX = 256
"""Largest side of a tile, in pixels, unless it holds a single image."""


def cell_side(span: int, longest: int) -> int:
    """Return the longer side of each image in a tile, in pixels.

    Args:
        span: number of images along each side of the tile.
        longest: longer side of the images.
    """
    return longest if span == 1 else min(longest, max(1, TILE_PX // span))


def finest_span(longest: int) -> int:
    """Return the largest span of a tile that shows images in full."""
    span = 1
    while TILE_PX // (2 * span) >= longest:
        span *= 2
    return span


def span_for(side_px: float, longest: int) -> int:
    """Return the span of the tiles that suit images of this size on the screen.

    Args:
        side_px: longer side of an image on the screen, in device pixels.
        longest: longer side of the images.
    """
    if side_px <= 1:
        return TILE_PX
    # Tiles are painted between 0.7 and 1.4 times their size.
    side: int = 2 ** round(math.log2(side_px))
    return max(finest_span(longest), TILE_PX // side)


def tiles_in(rows: range, columns: range, span: int) -> list[MontageTile]:
    """Return the tiles that cover some rows and columns of images, the middle one first, then outwards."""
    middle = (rows.start + rows.stop) / 2 / span - 0.5, (columns.start + columns.stop) / 2 / span - 0.5
    return sorted(
        (
            MontageTile(span, row, column)
            for row in range(rows.start // span, math.ceil(rows.stop / span))
            for column in range(columns.start // span, math.ceil(columns.stop / span))
        ),
        key=lambda tile: (tile.row - middle[0]) ** 2 + (tile.column - middle[1]) ** 2,
    )


def cells_of(tile: MontageTile, cells: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the cells of a tile, at most (span, span); fewer at the right and lower edge."""
    top, left = tile.row * tile.span, tile.column * tile.span
    return cells[top : top + tile.span, left : left + tile.span]


def rendered_tile(
    cells: NDArray[np.int32], images_of: Callable[[NDArray[np.int32]], NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    """Arrange the images of a tile.

    Args:
        cells: index of the image in each cell, (rows, columns), -1 where there is none.
        images_of: returns images by their indices, (k, height, width, channels).

    Returns:
        (rows * height, columns * width, 4) uint8 RGBA, read-only, transparent where there is no image.
    """
    is_there = cells >= 0
    images = images_of(cells[is_there])
    _, height, width, channels = images.shape
    tile = np.zeros((*cells.shape, height, width, 4), np.uint8)
    # Without three channels, the first one is shown in grey.
    tile[is_there, ..., :3] = images if channels == 3 else images[..., :1]
    tile[is_there, ..., 3] = 255
    rows, columns = cells.shape
    pixels = tile.swapaxes(1, 2).reshape(rows * height, columns * width, 4)
    pixels.flags.writeable = False
    return pixels
