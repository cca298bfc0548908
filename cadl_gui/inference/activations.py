"""What every layer of a network makes of images."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.models.network import ASKED, Network, Pass


def layer_activations(network: Network, images: Any, way: Pass = ASKED) -> dict[str, Any]:
    """Activations of all layers by their names, (n, *output_shape) each, in the order of the architecture."""
    activations = {}

    def note(layer: LayerSpec, given: Any) -> Any:
        activations[layer.name] = given = way.after(layer, given)
        return given

    network.follow(images, replace(way, after=note))
    return activations


def peak_activations(network: Network, layer: str, images: Any, way: Pass) -> Any:
    """The largest activation of each unit of a layer anywhere on each image, (n, units) float32."""
    given = layer_activations(network, images, way)[layer]
    return ops.max(ops.reshape(given, (-1, math.prod(given.shape[1:-1]), given.shape[-1])), axis=1)


def all_activations(network: Network, images: Any, way: Pass) -> Any:
    """Activations of all layers, one after the other in the order of the architecture's table.

    Args:
        network: whose layers.
        images: (n, height, width, channels) float32 in [0, 1].
        way: how the pass goes.

    Returns:
        (n, sum of the layers' numbers) float32: a pure function gives one array. See `split_activations`.
    """
    activations = layer_activations(network, images, way).values()
    flat = [ops.reshape(layer, (-1, math.prod(layer.shape[1:]))) for layer in activations]
    return ops.concatenate(flat, axis=1)


def split_activations(spec: ModelSpec, activations: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Take what `all_activations` gave apart, without a copy: for each layer (n, *output_shape)."""
    sizes = [math.prod(layer.output_shape) for layer in spec.layers]
    parts = np.split(activations, np.cumsum(sizes)[:-1], axis=1)
    return tuple(
        part.reshape(-1, *layer.output_shape) for part, layer in zip(parts, spec.layers, strict=True)
    )
