"""Which arrays of a snapshot belong to which layer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.architecture import Architecture, Layer
from cadl_gui.core.errors import CadlError
from cadl_gui.core.snapshot import Weights

_STRANGE = "These weights are not those of this run's network."


@dataclass(frozen=True, eq=False)
class Normalisation:
    """What batch normalisation has learned, each (units or output channels,) float32.

    Attributes:
        gamma: what it multiplies by.
        beta: what it adds.
        mean: moving mean that it subtracts before.
        variance: moving variance, by whose root it divides.
    """

    gamma: NDArray[np.float32]
    beta: NDArray[np.float32]
    mean: NDArray[np.float32]
    variance: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """What one layer has learned.

    Attributes:
        layer: whose weights they are.
        kernel: of shape `layer.kernel_shape`; of a tied layer, the other layer's kernel as this one uses it.
        bias: (units or output channels,), or None if the layer has none.
        normalisation: what follows the bias, or None.
    """

    layer: Layer
    kernel: NDArray[np.float32]
    bias: NDArray[np.float32] | None
    normalisation: Normalisation | None = None


@dataclass(frozen=True)
class _Places:
    """Numbers of a layer's arrays among those of a snapshot; of a tied layer the kernel is its lender's."""

    kernel: int
    bias: int | None
    normalisation: int | None


def layer_weights(architecture: Architecture, weights: Weights) -> dict[str, LayerWeights]:
    """Weights of every layer, by its name, in the order of `architecture.layers`.

    Raises:
        CadlError: if these are not the weights of such a network.
    """
    places, n_arrays = _places(architecture)
    if len(weights) != n_arrays:
        raise CadlError(_STRANGE)
    found = {}
    for layer in architecture.layers:
        place = places[layer.name]
        kernel = weights[place.kernel]
        if layer.tied_to and layer.kind == "dense":
            kernel = kernel.T  # a transposed convolution takes the convolution's kernel as it is
        if kernel.shape != layer.kernel_shape:
            raise CadlError(_STRANGE)
        bias = None if place.bias is None else weights[place.bias]
        first = place.normalisation
        normalisation = None if first is None else Normalisation(*weights[first : first + 4])
        found[layer.name] = LayerWeights(layer, kernel, bias, normalisation)
    return found


def kernel_places(architecture: Architecture) -> dict[str, int]:
    """Number of each layer's kernel among the arrays of a snapshot, by the layer's name; see `_places`."""
    return {name: place.kernel for name, place in _places(architecture)[0].items()}


def _places(architecture: Architecture) -> tuple[dict[str, _Places], int]:
    """Where the arrays of each layer are, and how many there are.

    A snapshot holds the variables of a `Network` in the order in which it makes them: the mean picture, then
    encoder, decoder and `z_log_var`; of each layer kernel (unless tied), bias, and four of its batch
    normalisation, as far as it has them.
    """
    log_var = () if architecture.z_log_var is None else (architecture.z_log_var,)
    places: dict[str, _Places] = {}
    n = 1
    for layer in (*architecture.encoder, *architecture.decoder, *log_var):
        kernel = places[layer.tied_to].kernel if layer.tied_to else n
        n += not layer.tied_to
        bias = n if layer.use_bias else None
        n += layer.use_bias
        normalisation = n if layer.batch_normalisation else None
        n += 4 * layer.batch_normalisation
        places[layer.name] = _Places(kernel, bias, normalisation)
    return places, n
