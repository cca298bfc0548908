"""Images of weights and of a confusion matrix for a log: small ones, since each epoch has its own."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import montage
from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.domain.snapshot import Weights
from cadl_gui.imaging.weights.colour_map import colour_indices, coloured
from cadl_gui.imaging.weights.layer_image import LayerImage
from cadl_gui.imaging.weights.layer_weights import layer_weights
from cadl_gui.imaging.weights.limits import limits_of
from cadl_gui.imaging.weights.reading import read
from cadl_gui.imaging.weights.tile_grid import tile_grid
from cadl_gui.imaging.weights.weight_images import weight_images

_MOST_WEIGHTS = 2**17
"""Weights in the image of one layer; of a layer with more, only the first units are shown."""

_SIDE_PX = 400
"""Small images are enlarged to about this width."""

_GAP_COLOUR = (0xF5, 0xF5, 0xF4)
_SHARES, _CELL_PX = "activations/light", 16

_MOST_CONFUSION_PX = 2048
"""Side of the image of a confusion matrix: of 1,000 classes in full cells, it would take gigabytes."""

_SMALLEST_WITH_GAP_PX = 4


def weight_pictures(
    spec: ModelSpec, weights: Weights, colours: str
) -> Iterator[tuple[str, NDArray[np.uint8], str]]:
    """Make an image of the columns, rows or kernels of each layer that has its own.

    Yields:
        The name of the layer, the image (height, width, 3), and a sentence that describes it.
    """
    by_layer = layer_weights(spec, weights)
    for layer in spec.layers:
        if layer.tied_to:
            continue
        images = weight_images(by_layer[layer.name], in_colour=spec.has_colours(layer))
        n_weights_of_unit = images.patches.size // images.n_units
        n = max(1, _MOST_WEIGHTS // n_weights_of_unit)
        about = images.about
        if n < images.n_units:
            about = f"{about} The first {n:,} of {images.n_units:,}."
            images = replace(images, patches=images.patches[:, :n])
        shown = LayerImage(images, tile_grid(images), limits_of(images, "layer", ()), read(images))
        yield layer.name, _enlarged(shown.pixels(colours, _GAP_COLOUR)), about


def confusion_picture(confusion: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Make an image of a confusion matrix: the darker a cell, the larger its share of its row.

    The more classes, the smaller the cells, down to a pixel.

    Args:
        confusion: (n, n), number of images of each label (row) with each prediction (column).

    Returns:
        (height, width, 3).
    """
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    colours = coloured(colour_indices(shares, 1.0), _SHARES, _GAP_COLOUR)
    n = len(confusion)
    pitch_px = max(1, min(_CELL_PX + 1, _MOST_CONFUSION_PX // n))
    gap_px = 1 if pitch_px > _SMALLEST_WITH_GAP_PX else 0
    side_px = pitch_px - gap_px
    cells = np.tile(colours.reshape(-1, 1, 1, 3), (1, side_px, side_px, 1))
    return montage(cells, columns=n, gap_px=gap_px, background=_GAP_COLOUR[0])


def examples_picture(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make a montage of images, (n, height, width, channels)."""
    return _enlarged(montage(images))


def _enlarged(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    scale = max(1, math.floor(_SIDE_PX / pixels.shape[1]))
    return pixels.repeat(scale, axis=0).repeat(scale, axis=1)
