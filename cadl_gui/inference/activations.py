"""What every layer of a network makes of pictures."""

import math
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from cadl_gui.core.architecture import Architecture
from cadl_gui.models import Network


def layer_activations(network: Network, pictures: Any) -> dict[str, Any]:
    """Activations of all layers by their names, (n, *output_shape) each, in the order of the architecture."""
    encoded = network.encoder_activations(pictures)
    blocks = list(network.encoder_layers)
    activations = list(encoded)
    if network.z_log_var_layer is not None:
        before = encoded[-2] if len(encoded) > 1 else network.mean_subtraction(pictures)
        activations.append(network.z_log_var_layer(before))
        blocks.append(network.z_log_var_layer)
    kernels = {layer.table.name: layer.kernel for layer in network.encoder_layers}
    hidden = encoded[-1]
    for layer in network.decoder_layers:
        hidden = layer(hidden, kernel=kernels.get(layer.table.tied_to))
        activations.append(hidden)
        blocks.append(layer)
    return {block.table.name: given for block, given in zip(blocks, activations, strict=True)}


def peak_activations(network: Network, layer: str, pictures: Any) -> Any:
    """The largest activation of each unit of a layer anywhere on each picture, (n, units) float32."""
    given = layer_activations(network, pictures)[layer]
    return ops.max(ops.reshape(given, (-1, math.prod(given.shape[1:-1]), given.shape[-1])), axis=1)


def all_activations(network: Network, pictures: Any) -> Any:
    """Activations of all layers, one after the other in the order of the architecture's table.

    Args:
        network: whose layers.
        pictures: (n, height, width, channels) float32 in [0, 1].

    Returns:
        (n, sum of the layers' numbers) float32: a pure function gives one array. See `split_activations`.
    """
    activations = layer_activations(network, pictures).values()
    flat = [ops.reshape(layer, (-1, math.prod(layer.shape[1:]))) for layer in activations]
    return ops.concatenate(flat, axis=1)


def split_activations(
    architecture: Architecture, activations: NDArray[np.float32]
) -> tuple[NDArray[np.float32], ...]:
    """Take what `all_activations` gave apart, without a copy: for each layer (n, *output_shape)."""
    sizes = [math.prod(layer.output_shape) for layer in architecture.layers]
    parts = np.split(activations, np.cumsum(sizes)[:-1], axis=1)
    return tuple(
        part.reshape(-1, *layer.output_shape) for part, layer in zip(parts, architecture.layers, strict=True)
    )
