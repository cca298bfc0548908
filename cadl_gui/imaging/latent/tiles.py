"""Chooses the tiles of the latent manifold to decode for a view, and their order."""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.latent.view_box import ViewBox

TILE_PX = 28.0
"""Smallest width of a tile in pixels of the screen, which is the width of a digit."""

_COARSER_LEVELS = 2
"""Number of coarser levels that are decoded before the finest."""


@dataclass(frozen=True, order=True)
class Tile:
    """A square of the plane for one decoded image.

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


def refinement(box: ViewBox, finest: int, decoded: Collection[Tile]) -> Iterator[Tile]:
    """The tiles that are missing in a view, coarse ones first, so that an image appears at once.

    Args:
        box: box in view.
        finest: finest level.
        decoded: tiles that are decoded already.
    """
    for level in range(finest - _COARSER_LEVELS, finest + 1):
        for tile in tiles_in(box, level):
            if tile not in decoded:
                yield tile


def centres(tiles: Collection[Tile]) -> NDArray[np.float32]:
    """The centres of tiles, (n, 2) float32."""
    return np.array([tile.centre for tile in tiles], np.float32).reshape(-1, 2)


def grid_centres(box: ViewBox, rows: int, columns: int) -> NDArray[np.float32]:
    """Centres of a grid that divides a box exactly, to export the manifold.

    Args:
        box: box to divide.
        rows: number of rows.
        columns: number of columns.

    Returns:
        (rows * columns, 2) float32, row by row from the upper left, in the order of `domain.images.montage`.
    """
    z0 = box.z0_low + (np.arange(columns) + 0.5) * (box.width / columns)
    z1 = box.z1_high - (np.arange(rows) + 0.5) * (box.height / rows)
    return np.stack(np.meshgrid(z0, z1), -1).reshape(-1, 2).astype(np.float32)
