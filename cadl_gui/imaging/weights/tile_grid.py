"""Where the images of a layer lie in their montage."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import grid_shape, montage
from cadl_gui.imaging.weights.weight_images import WeightImages

_GAP_PX = 1
"""As in the lecture's `montage_filters`."""


class TilePixel(NamedTuple):
    """A pixel of an image: which image, and where in it."""

    tile: int
    x: int
    y: int


class PixelRect(NamedTuple):
    """A rectangle in pixels of the montage."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class TileGrid:
    """Images row by row, one pixel apart.

    An image is called by its number, input * units + unit, wherever it lies.

    Attributes:
        order: (n,) number of the image at each place.
        columns: images in a row.
        tile_height: of each image, in pixels.
        tile_width: likewise.
    """

    order: NDArray[np.intp]
    columns: int
    tile_height: int
    tile_width: int

    @property
    def height(self) -> int:
        """Of the montage, in pixels."""
        return math.ceil(len(self.order) / self.columns) * (self.tile_height + _GAP_PX) - _GAP_PX

    @property
    def width(self) -> int:
        """Of the montage, in pixels."""
        return self.columns * (self.tile_width + _GAP_PX) - _GAP_PX

    def rect_of(self, tile: int) -> PixelRect:
        """Where an image lies."""
        row, column = divmod(self._place_of(tile), self.columns)
        x, y = column * (self.tile_width + _GAP_PX), row * (self.tile_height + _GAP_PX)
        return PixelRect(x, y, self.tile_width, self.tile_height)

    def at(self, x: float, y: float) -> TilePixel | None:
        """What lies at a point of the montage; a gap belongs to nothing."""
        column, x_within = divmod(math.floor(x), self.tile_width + _GAP_PX)
        row, y_within = divmod(math.floor(y), self.tile_height + _GAP_PX)
        place = row * self.columns + column
        inside = 0 <= column < self.columns and x_within < self.tile_width and y_within < self.tile_height
        if not inside or not 0 <= place < len(self.order):
            return None
        return TilePixel(int(self.order[place]), x_within, y_within)

    def neighbour(self, tile: int, right: int, down: int) -> int:
        """The image so many places to the right and down; the same one where the montage ends."""
        place = self._place_of(tile) + right + down * self.columns
        return int(self.order[place]) if 0 <= place < len(self.order) else tile

    def montage(self, tiles: NDArray[Any], background: float) -> NDArray[Any]:
        """Lay images out.

        Args:
            tiles: (n, tile_height, tile_width) by number.
            background: value of gaps and free places.

        Returns:
            (height, width), same dtype.
        """
        ordered = tiles[self.order][..., np.newaxis]
        return montage(ordered, columns=self.columns, gap_px=_GAP_PX, background=background)[..., 0]

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Where each image lies, by its number."""
        return np.argsort(self.order)

    def _place_of(self, tile: int) -> int:
        return int(self._places[tile])


def tile_grid(images: WeightImages, *, by_norm: bool = False) -> TileGrid:
    """Lay the images of a layer out: input channel × output channel, or else on the squarest grid.

    Args:
        images: of the layer.
        by_norm: whether the units with the largest weights come first.
    """
    inputs, units = images.n_inputs, images.n_units
    height, width = images.is_empty().shape
    numbers = np.arange(inputs * units).reshape(inputs, units)
    is_matrix = inputs > 1 and units > 1
    if is_matrix and by_norm:
        numbers = numbers[:, np.argsort(-np.linalg.norm(images.norms(), axis=0), kind="stable")]
    order = numbers.reshape(-1)
    if not is_matrix and by_norm:
        order = np.argsort(-images.norms().reshape(-1), kind="stable")
    columns = units if is_matrix else grid_shape(len(order))[1]
    return TileGrid(order, columns, height, width)
