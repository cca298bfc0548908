"""A layer with everything that its montage shows."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.weights.colour_map import EMPTY, colour_indices
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.limits import RangeName, limits_of
from cadl_gui.imaging.weights.reading import Reading, read
from cadl_gui.imaging.weights.tile_grid import TileGrid, tile_grid
from cadl_gui.imaging.weights.weight_images import WeightImages, weight_images


@dataclass(frozen=True, eq=False)
class LayerImage:
    """Everything that a montage of a layer's weights shows.

    Attributes:
        images: of the layer.
        grid: where they lie.
        limits: (inputs, units), what gets the outermost colour in each image.
        reading: what can be said of them.
    """

    images: WeightImages
    grid: TileGrid
    limits: NDArray[np.float64]
    reading: Reading

    def indices(self) -> NDArray[np.uint16]:
        """The whole montage, (height, width), as numbers of a colour map; see `colour_indices`."""
        indices = colour_indices(self.images.tiles(), self.limits[..., np.newaxis, np.newaxis])
        indices[..., self.images.is_empty()] = EMPTY
        return self.grid.montage(indices.reshape(-1, *indices.shape[2:]), EMPTY)


def layer_image(
    weights: LayerWeights, range_name: RangeName, model: Iterable[LayerWeights], *, by_norm: bool = False
) -> LayerImage:
    """Show a layer.

    Args:
        weights: of the layer.
        range_name: what shares a colour scale.
        model: all layers, looked at only for the range of the model.
        by_norm: whether the units with the largest weights come first.
    """
    images = weight_images(weights)
    limits = limits_of(images, range_name, model)
    return LayerImage(images, tile_grid(images, by_norm=by_norm), limits, read(images))
