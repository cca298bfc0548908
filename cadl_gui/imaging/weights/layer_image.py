"""The montage of a layer's weights."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.weights.colour_map import EMPTY, colour_indices, coloured, signed_rgb
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.limits import RangeName, limits_of
from cadl_gui.imaging.weights.reading import Reading, read
from cadl_gui.imaging.weights.tile_grid import TileGrid, tile_grid
from cadl_gui.imaging.weights.weight_images import WeightImages, weight_images


@dataclass(frozen=True, eq=False)
class LayerImage:
    """The contents of a montage of a layer's weights.

    Attributes:
        images: weight images of the layer.
        grid: layout of the images.
        limits: (inputs, units), absolute value that gets the outermost colour in each image.
        reading: classification of the images.
        norms: (inputs, units) norms by which units are sorted, largest first; None for their own order.
    """

    images: WeightImages
    grid: TileGrid
    limits: NDArray[np.float64]
    reading: Reading
    norms: NDArray[np.float64] | None = None

    def fitted(self, room: tuple[float, float]) -> "LayerImage":
        """The same images, laid out to be as large as possible in a room of this height and width."""
        return replace(self, grid=tile_grid(self.images, norms=self.norms, room=room))

    def ordered_as(self, other: "LayerImage") -> "LayerImage":
        """The same images, those of each unit at the place that it has in another montage of the layer."""
        return replace(self, norms=other.norms)

    def indices(self) -> NDArray[np.uint16]:
        """The montage as indices of a colour map, (height, width); see `colour_indices`."""
        assert not self.images.is_colour, "images in colour need no colour map"
        indices = colour_indices(self.images.tiles(), self.limits[..., np.newaxis, np.newaxis])
        indices[..., self.images.is_empty()] = EMPTY
        return self.grid.montage(indices.reshape(-1, *indices.shape[2:]), EMPTY)

    def pixels(self, colours: str, background: tuple[int, int, int]) -> NDArray[np.uint8]:
        """The montage in colours, (height, width, 3).

        Args:
            colours: name of the colour map; images in colour need none.
            background: red, green and blue of the gaps between images.
        """
        if not self.images.is_colour:
            return coloured(self.indices(), colours, background)
        tiles = signed_rgb(self.images.tiles(), self.limits[..., np.newaxis, np.newaxis])
        tiles = tiles.reshape(-1, *tiles.shape[2:])
        pixels: NDArray[np.uint8] = self.grid.montage(tiles, 0)
        pixels[self.grid.montage(np.zeros(tiles.shape[:3], np.bool_), True)] = background
        return pixels


def layer_image(
    weights: LayerWeights,
    range_name: RangeName,
    model: Iterable[LayerWeights],
    *,
    by_norm: bool = False,
    in_colour: bool = False,
) -> LayerImage:
    """Prepare the montage of a layer.

    Args:
        range_name: range of weights that share a colour scale.
        model: weights of all layers, used only for the range "model".
        by_norm: whether to sort units by the norm of their weights, largest first.
        in_colour: whether to show red, green and blue as one image.
    """
    images = weight_images(weights, in_colour=in_colour)
    limits = limits_of(images, range_name, model)
    norms = images.norms() if by_norm else None
    return LayerImage(images, tile_grid(images, norms=norms), limits, read(images), norms)
