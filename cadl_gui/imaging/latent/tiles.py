"""Chooses the tiles of the latent manifold to decode for a view, and their order."""

import math
from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.latent.view_box import ViewBox

_NARROWEST_PX, _WIDEST_PX = 28, 48
"""Bounds of the smallest width of a tile: that of MNIST's images, and one that still looks continuous."""

_COARSER, _COARSEST = (2, 1), (2,)
"""How much coarser the levels are that are decoded before the finest; of large images only one, for speed."""


class Tile(NamedTuple):
    """A square of the plane for one decoded image; a tuple, since hundreds are looked up for each frame.

    Each level divides the plane into squares of side 2^-level. Tiles do not depend on the view, so decoded
    images remain valid after panning and zooming.

    Attributes:
        level: level; each halves the side of the one before, and negative levels have sides above 1.
        column: column, increasing to the right; column 0 begins at z₀ = 0.
        row: row, increasing upwards; row 0 begins at z₁ = 0.
    """

    level: int
    column: int
    row: int

    @property
    def side(self) -> float:
        """Side length in units of z."""
        return 2.0**-self.level

    @property
    def centre(self) -> tuple[float, float]:
        """The plane coordinates that are decoded for the tile."""
        return (self.column + 0.5) * self.side, (self.row + 0.5) * self.side

    @property
    def box(self) -> ViewBox:
        """The area of the tile."""
        left, low = self.column * self.side, self.row * self.side
        return ViewBox(left, left + self.side, low, low + self.side)


def smallest_tile_px(image_width: int) -> float:
    """Smallest width of a tile in pixels of the screen: that of an image, unless it is very small or large.

    Args:
        image_width: width of the decoded images, in pixels.
    """
    return float(min(max(image_width, _NARROWEST_PX), _WIDEST_PX))


def finest_level(box: ViewBox, width_px: float, tile_px: float) -> int:
    """The finest level whose tiles are at least `tile_px` wide if the box is `width_px` wide."""
    return math.floor(math.log2(width_px / tile_px / box.width))


def tile_ranges(box: ViewBox, level: int) -> tuple[range, range]:
    """Columns and rows of the tiles of a level that intersect a box."""
    per_unit = 2.0**level
    return (
        range(math.floor(box.z0_low * per_unit), math.ceil(box.z0_high * per_unit)),
        range(math.floor(box.z1_low * per_unit), math.ceil(box.z1_high * per_unit)),
    )


def tiles_in(box: ViewBox, level: int) -> list[Tile]:
    """The tiles of a level that intersect a box, from its centre outwards."""
    columns, rows = tile_ranges(box, level)
    per_unit = 2.0**level
    middle0, middle1 = (per_unit * z - 0.5 for z in box.centre)
    return sorted(
        (Tile(level, column, row) for column in columns for row in rows),
        key=lambda tile: (tile.column - middle0) ** 2 + (tile.row - middle1) ** 2,
    )


def refinement(
    box: ViewBox, finest: int, decoded: Collection[Tile], tile_px: float = _NARROWEST_PX
) -> Iterator[Tile]:
    """The tiles that are missing in a view, coarse ones first, so that an image appears at once.

    Args:
        finest: finest level.
        decoded: tiles that are decoded already.
        tile_px: smallest width of a tile.
    """
    for coarser in (*(_COARSER if tile_px <= _NARROWEST_PX else _COARSEST), 0):
        for tile in tiles_in(box, finest - coarser):
            if tile not in decoded:
                yield tile


def centres(tiles: Collection[Tile]) -> NDArray[np.float32]:
    """The centres of tiles, (n, 2) float32."""
    return np.array([tile.centre for tile in tiles], np.float32).reshape(-1, 2)


def grid_centres(box: ViewBox, rows: int, columns: int) -> NDArray[np.float32]:
    """Centres of a grid that divides a box exactly, to export the manifold.

    Returns:
        (rows * columns, 2) float32, row by row from the upper left, in the order of `domain.images.montage`.
    """
    z0 = box.z0_low + (np.arange(columns) + 0.5) * (box.width / columns)
    z1 = box.z1_high - (np.arange(rows) + 0.5) * (box.height / rows)
    return np.stack(np.meshgrid(z0, z1), -1).reshape(-1, 2).astype(np.float32)
