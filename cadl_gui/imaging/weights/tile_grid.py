"""Layout of a layer's weight images in a montage."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import grid_shape, montage
from cadl_gui.imaging.weights.activation_maps import best_columns
from cadl_gui.imaging.weights.weight_images import WeightImages

_NARROWEST, _FOLDED = 4, 2
"""Largest ratio of the sides of a matrix of images; beyond the first, it is folded to the second or less."""

_GAIN = 1.2
"""A matrix is folded to fit a room if its images become so many times as large."""

_GAP_PX = 1
"""Gap between tiles, as in the lecture's `montage_filters`."""


class TilePixel(NamedTuple):
    """A pixel of a tile: the tile's index and the position within it."""

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
    """Images arranged row by row, one pixel apart.

    Images are identified by their index, input * units + unit, regardless of their place.

    Attributes:
        order: (n,) index of the image at each place.
        columns: images per row.
        tile_height: height of each image, in pixels.
        tile_width: width of each image, in pixels.
        is_folded: whether lines of the images go on in other ones.
    """

    order: NDArray[np.intp]
    columns: int
    tile_height: int
    tile_width: int
    is_folded: bool = False

    @property
    def height(self) -> int:
        """Height of the montage, in pixels."""
        return math.ceil(len(self.order) / self.columns) * (self.tile_height + _GAP_PX) - _GAP_PX

    @property
    def width(self) -> int:
        """Width of the montage, in pixels."""
        return self.columns * (self.tile_width + _GAP_PX) - _GAP_PX

    def rect_of(self, tile: int) -> PixelRect:
        """Rectangle of an image in the montage."""
        row, column = divmod(self._place_of(tile), self.columns)
        x, y = column * (self.tile_width + _GAP_PX), row * (self.tile_height + _GAP_PX)
        return PixelRect(x, y, self.tile_width, self.tile_height)

    def at(self, x: float, y: float) -> TilePixel | None:
        """The tile pixel at a point of the montage; None in a gap or outside."""
        column, x_within = divmod(math.floor(x), self.tile_width + _GAP_PX)
        row, y_within = divmod(math.floor(y), self.tile_height + _GAP_PX)
        place = row * self.columns + column
        inside = 0 <= column < self.columns and x_within < self.tile_width and y_within < self.tile_height
        if not inside or not 0 <= place < len(self.order):
            return None
        return TilePixel(int(self.order[place]), x_within, y_within)

    def neighbour(self, tile: int, right: int, down: int) -> int:
        """The image at an offset in places; the same image if the offset leads beyond the montage."""
        place = self._place_of(tile) + right + down * self.columns
        return int(self.order[place]) if 0 <= place < len(self.order) else tile

    def montage(self, tiles: NDArray[Any], background: float) -> NDArray[Any]:
        """Assemble the montage.

        Args:
            tiles: (n, tile_height, tile_width, …) by index.
            background: value of gaps and unused places.

        Returns:
            (height, width, …), same dtype.
        """
        ordered = tiles[self.order].reshape(len(tiles), self.tile_height, self.tile_width, -1)
        whole = montage(ordered, columns=self.columns, gap_px=_GAP_PX, background=background)
        return whole.reshape(*whole.shape[:2], *tiles.shape[3:])

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Place of each image, by its index."""
        return np.argsort(self.order)

    def _place_of(self, tile: int) -> int:
        return int(self._places[tile])


def tile_grid(
    images: WeightImages,
    *,
    norms: NDArray[np.float64] | None = None,
    room: tuple[float, float] | None = None,
) -> TileGrid:
    """Lay out a layer's images as input channel × output channel, or else on the squarest grid.

    Where there are many more of the ones than of the others, a line of them is folded.

    Args:
        norms: (inputs, units) norms by which to sort units, largest first; None leaves them in their order.
        room: available height and width, in which the images should be as large as possible; by default
            the grid is as square as possible.
    """
    inputs, units = images.n_inputs, images.n_units
    height, width = images.is_empty().shape
    numbers = np.arange(inputs * units).reshape(inputs, units)
    is_matrix = inputs > 1 and units > 1
    if is_matrix and norms is not None:
        numbers = numbers[:, np.argsort(-np.linalg.norm(norms, axis=0), kind="stable")]
    if is_matrix:
        folded = _folded(numbers) if room is None else _fitting(numbers, (height, width), room)
        is_folded = folded.shape != numbers.shape
        return TileGrid(folded.reshape(-1), folded.shape[1], height, width, is_folded)
    order = numbers.reshape(-1) if norms is None else np.argsort(-norms.reshape(-1), kind="stable")
    columns = grid_shape(len(order))[1]
    if room is not None:
        columns = best_columns(len(order), (height + _GAP_PX, width + _GAP_PX), room)
    return TileGrid(order, columns, height, width)


def _fitting(matrix: NDArray[np.intp], tile: tuple[int, int], room: tuple[float, float]) -> NDArray[np.intp]:
    """Fold a matrix so that its images are largest in a room; as it is if folding gains little."""
    folded = [np.concatenate(np.split(matrix, n, axis=1)) for n in _divisors(matrix.shape[1])]
    folded += [np.concatenate(np.split(matrix, n), axis=1) for n in _divisors(matrix.shape[0])]

    def scale(one: NDArray[np.intp]) -> float:
        rows, columns = len(one), one.size // len(one)
        return min(room[0] / (rows * (tile[0] + _GAP_PX)), room[1] / (columns * (tile[1] + _GAP_PX)))

    best = max(folded, key=scale, default=matrix)
    return best if scale(best) > _GAIN * scale(matrix) else matrix


def _divisors(n: int) -> list[int]:
    return [part for part in range(2, n + 1) if n % part == 0]


def _folded(matrix: NDArray[np.intp]) -> NDArray[np.intp]:
    """Fold the longer side of a matrix into equal parts, so that the whole is not too narrow to be seen."""
    rows, columns = matrix.shape
    if rows > columns:
        return _folded(matrix.T).T
    if columns <= _NARROWEST * rows:
        return matrix
    n_parts = (n for n in range(2, columns + 1) if columns % n == 0)
    n = next(n for n in n_parts if columns <= _FOLDED * n * n * rows)
    return np.concatenate(np.split(matrix, n, axis=1))
