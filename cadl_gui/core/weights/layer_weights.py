"""Which arrays of a snapshot belong to which layer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.architecture import Architecture, Layer
from cadl_gui.core.errors import CadlError
from cadl_gui.core.snapshot import Weights


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """What one layer has learned.

    Attributes:
        layer: whose weights they are.
        kernel: of shape `layer.kernel_shape`; of a tied layer, the other layer's kernel as this one uses it.
        bias: (units or output channels,), or None if the layer has none.
    """

    layer: Layer
    kernel: NDArray[np.float32]
    bias: NDArray[np.float32] | None


def layer_weights(architecture: Architecture, weights: Weights) -> dict[str, LayerWeights]:
    """Weights of every layer, by its name, in the order of `architecture.layers`.

    A snapshot holds the variables of a `Network` in the order in which it makes them: the mean picture, then
    encoder, decoder and `z_log_var`; of each layer kernel (unless tied), bias, and four of its batch
    normalisation, as far as it has them.

    Raises:
        CadlError: if these are not the weights of such a network.
    """
    arrays = iter(weights[1:])
    log_var = () if architecture.z_log_var is None else (architecture.z_log_var,)
    own: dict[str, LayerWeights] = {}
    try:
        for layer in (*architecture.encoder, *architecture.decoder, *log_var):
            kernel = None if layer.tied_to else _checked(next(arrays), layer.kernel_shape)
            bias = next(arrays) if layer.use_bias else None
            _skip(arrays, 4 if layer.batch_normalisation else 0)
            if kernel is None:
                kernel = _transposed(own[layer.tied_to])
            own[layer.name] = LayerWeights(layer, kernel, bias)
    except StopIteration:
        raise CadlError("These weights are not those of this run's network.") from None
    return {layer.name: own[layer.name] for layer in architecture.layers}


def _checked(kernel: NDArray[Any], shape: tuple[int, ...]) -> NDArray[np.float32]:
    if kernel.shape != shape:
        raise CadlError("These weights are not those of this run's network.")
    return kernel


def _skip(arrays: Iterator[NDArray[Any]], n: int) -> None:
    for _ in range(n):
        next(arrays)


def _transposed(lender: LayerWeights) -> NDArray[np.float32]:
    """A transposed convolution takes the convolution's kernel as it is."""
    return lender.kernel.T if lender.layer.kind == "dense" else lender.kernel
