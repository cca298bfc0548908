"""Activations of the layers of a network."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.models.network import INFERENCE, Network, Pass


def layer_activations(network: Network, images: Any, options: Pass = INFERENCE) -> dict[str, Any]:
    """Activations of all layers by name, (n, *output_shape) each, in the order of `ModelSpec.layers`.

    Args:
        images: (n, height, width, channels) float32 in [0, 1].
        options: options of the forward pass; its `after` still applies.
    """
    activations = {}

    def note(layer: LayerSpec, given: Any) -> Any:
        activations[layer.name] = given = options.after(layer, given)
        return given

    network.forward(images, replace(options, after=note))
    return activations


def peak_activations(network: Network, layer: str, images: Any, options: Pass) -> Any:
    """Largest activation of each unit of a layer over all positions of each image, (n, units) float32.

    Args:
        images: (n, height, width, channels) float32 in [0, 1].
    """
    given = layer_activations(network, images, options)[layer]
    return ops.max(ops.reshape(given, (-1, math.prod(given.shape[1:-1]), given.shape[-1])), axis=1)


def all_activations(network: Network, images: Any, options: Pass) -> Any:
    """Activations of all layers, flattened and concatenated in the order of `ModelSpec.layers`.

    Args:
        images: (n, height, width, channels) float32 in [0, 1].

    Returns:
        (n, total number of activations) float32: one array, as a `StatelessFunction` returns. See
        `split_activations`.
    """
    activations = layer_activations(network, images, options).values()
    flat = [ops.reshape(layer, (-1, math.prod(layer.shape[1:]))) for layer in activations]
    return ops.concatenate(flat, axis=1)


def split_activations(spec: ModelSpec, activations: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Split the result of `all_activations` by layer, into views of shape (n, *output_shape)."""
    sizes = [math.prod(layer.output_shape) for layer in spec.layers]
    parts = np.split(activations, np.cumsum(sizes)[:-1], axis=1)
    return tuple(
        part.reshape(-1, *layer.output_shape) for part, layer in zip(parts, spec.layers, strict=True)
    )
