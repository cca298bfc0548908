"""Applies bends to a copy of a network's weights; the learned weights are unchanged.

Bending a *kernel* changes weights: the network then computes with the result of `bent_kernels`. A tied layer
has no kernel, so its bends apply to the kernel of the layer that it is tied to. Bending a *unit* does not, in
general, correspond to weights: with tied weights its column serves the decoder too, and weights of 0 before a
sigmoid give ½. Units are therefore bent after their activation (`cadl_gui.inference.bent_units`);
`bent_units` only displays weights that would have the same effect, which is exact for a ReLU or linear
activation.
"""

from dataclasses import replace

import numpy as np

from cadl_gui.domain.bends import Bends, Part
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.domain.snapshot import Weights, freeze
from cadl_gui.imaging.weights.layer_weights import LayerWeights, kernel_path
from cadl_gui.system.words import _


def bent_kernels(spec: ModelSpec, weights: Weights, bends: Bends) -> Weights:
    """Copy weights with bent kernels applied; arrays without bends are shared.

    Args:
        bends: bends; those of units are ignored.

    Raises:
        CadlError: if a bend refers to a kernel that does not exist.
    """
    layers = {layer.name: layer for layer in spec.layers}
    arrays = dict(weights)
    for bend in bends:
        if bend.part.is_unit:
            continue
        layer = layers.get(bend.part.layer)
        if layer is None or layer.kind == "dense":
            raise CadlError(_("{part}: there is no such kernel.").format(part=bend.part))
        path = kernel_path(layer)
        if arrays[path] is weights[path]:
            arrays[path] = weights[path].copy()
        kernel = weights[path][_index(layer, bend.origin)]
        arrays[path][_index(layer, bend.part)] = np.float32(bend.factor) * kernel
    return freeze(arrays)


def bent_units(shown: LayerWeights, bends: Bends) -> LayerWeights:
    """Copy a layer's weights with the columns (or kernels) and biases of bent units replaced."""
    own = [bend for bend in bends if bend.part.is_unit and bend.part.layer == shown.layer.name]
    if not own:
        return shown
    axis = 2 if shown.layer.kind == "transposed convolution" else shown.kernel.ndim - 1
    kernel = np.moveaxis(shown.kernel.copy(), axis, -1)
    bias = None if shown.bias is None else shown.bias.copy()
    for bend in own:
        to, of = bend.part.unit, bend.origin.unit
        kernel[..., to] = np.float32(bend.factor) * np.moveaxis(shown.kernel, axis, -1)[..., of]
        if bias is not None and shown.bias is not None:
            bias[to] = np.float32(bend.factor) * shown.bias[of]
    return replace(shown, kernel=np.moveaxis(kernel, -1, axis), bias=bias)


def bendable_units(spec: ModelSpec) -> tuple[LayerSpec, ...]:
    """Layers whose units can be bent: all but the output layer of a decoder, whose units are pixels."""
    image = spec.decoder[-1:]
    return tuple(layer for layer in spec.layers if layer not in image)


def changes_latents(spec: ModelSpec, bends: Bends) -> bool:
    """Whether bends change latent vectors, or a classifier's predictions."""
    decoder = {layer.name: layer for layer in spec.decoder}
    return any(
        bend.part.layer not in decoder or (decoder[bend.part.layer].tied_to and not bend.part.is_unit)
        for bend in bends
    )


def _index(layer: LayerSpec, part: Part) -> tuple[slice, slice, int, int]:
    """Index of a kernel in its array: (side, side, in, out), or (side, side, out, in) if transposed."""
    channels = (part.source, part.unit) if layer.kind == "convolution" else (part.unit, part.source)
    return slice(None), slice(None), *channels
