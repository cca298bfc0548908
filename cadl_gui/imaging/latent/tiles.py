"""Which images of the latent manifold to decode for a view, and in which order."""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.latent.view_box import ViewBox

TILE_PX = 28.0
"""A tile is at least so many pixels of the screen wide: a digit has as many."""
_COARSER_LEVELS = 2


@dataclass(frozen=True, order=True)
class Tile:
    """One decoded image in the plane, which is paved with squares of side 2^-level at every level.

    A square has the same name whatever is in view, so what was decoded stays of use after panning and
    zooming.

    Attributes:
        level: each one up halves the side; negative ones are larger than 1.
        column: counted to the right; column 0 begins at z₀ = 0.
        row: counted upwards; row 0 begins at z₁ = 0.
    """

    level: int
    column: int
    row: int

    @property
    def side(self) -> float:
        """Length of an edge in units of z."""
        return 2.0**-self.level

    @property
    def centre(self) -> tuple[float, float]:
        """The z that is decoded for it."""
        return (self.column + 0.5) * self.side, (self.row + 0.5) * self.side

    @property
    def box(self) -> ViewBox:
        """What it covers."""
        left, low = self.column * self.side, self.row * self.side
        return ViewBox(left, left + self.side, low, low + self.side)


def finest_level(box: ViewBox, width_px: float, tile_px: float) -> int:
    """The finest level whose tiles are at least `tile_px` wide where the box is `width_px` wide."""
    return math.floor(math.log2(width_px / tile_px / box.width))


def tile_ranges(box: ViewBox, level: int) -> tuple[range, range]:
    """Columns and rows of the tiles of a level that are in view."""
    per_unit = 2.0**level
    return (
        range(math.floor(box.z0_low * per_unit), math.ceil(box.z0_high * per_unit)),
        range(math.floor(box.z1_low * per_unit), math.ceil(box.z1_high * per_unit)),
    )


def tiles_in(box: ViewBox, level: int) -> list[Tile]:
    """The tiles of a level that are in view, the one in the middle first, then outwards."""
    columns, rows = tile_ranges(box, level)
    per_unit = 2.0**level
    middle0, middle1 = (per_unit * z - 0.5 for z in box.centre)
    return sorted(
        (Tile(level, column, row) for column in columns for row in rows),
        key=lambda tile: (tile.column - middle0) ** 2 + (tile.row - middle1) ** 2,
    )


def refinement(box: ViewBox, finest: int, decoded: Collection[Tile]) -> Iterator[Tile]:
    """The tiles that a view still lacks: coarse ones first, so that an image is there at once.

    Args:
        box: what is in view.
        finest: level to end with.
        decoded: what there is already.
    """
    for level in range(finest - _COARSER_LEVELS, finest + 1):
        for tile in tiles_in(box, level):
            if tile not in decoded:
                yield tile


def centres(tiles: Collection[Tile]) -> NDArray[np.float32]:
    """The z to decode for each tile, (n, 2) float32."""
    return np.array([tile.centre for tile in tiles], np.float32).reshape(-1, 2)


def grid_centres(box: ViewBox, rows: int, columns: int) -> NDArray[np.float32]:
    """Centres of tiles that fill a box exactly, for a print of it.

    Returns:
        (rows * columns, 2) float32, row by row, the upper left one first, as `domain.images.montage` lays
        images out.
    """
    z0 = box.z0_low + (np.arange(columns) + 0.5) * (box.width / columns)
    z1 = box.z1_high - (np.arange(rows) + 0.5) * (box.height / rows)
    return np.stack(np.meshgrid(z0, z1), -1).reshape(-1, 2).astype(np.float32)
