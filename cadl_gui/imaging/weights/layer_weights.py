"""Assigns the arrays of a snapshot to layers."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import LOGITS, LayerSpec, ModelSpec
from cadl_gui.domain.snapshot import Weights
from cadl_gui.system.words import _

MEAN_PATH = "mean_subtraction/mean"
"""Path of the mean image among the weights."""

_COLOURS = ("red", "green", "blue")
_STRANGE = _("These weights are not those of this run's network.")


@dataclass(frozen=True, eq=False)
class Normalisation:
    """Parameters of batch normalisation, (units or output channels,) float32 each.

    Attributes:
        gamma: scale.
        beta: offset.
        mean: moving mean.
        variance: moving variance.
    """

    gamma: NDArray[np.float32]
    beta: NDArray[np.float32]
    mean: NDArray[np.float32]
    variance: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """Weights of one layer.

    Attributes:
        layer: the layer.
        kernel: kernel of shape `layer.kernel_shape`; a tied layer uses the other's, transposed if dense.
        bias: (units or output channels,), or None if the layer has no bias.
        normalisation: batch normalisation, or None.
        input_names: names of the input channels, ("red", "green", "blue") of a colour image; else ().
        class_names: names of the units if these are classes; else ().
    """

    layer: LayerSpec
    kernel: NDArray[np.float32]
    bias: NDArray[np.float32] | None
    normalisation: Normalisation | None = None
    input_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()

    def input_name(self, channel: int) -> str:
        """Name of an input channel, such as "input 3" or "red"."""
        return self.input_names[channel] if self.input_names else _("input {channel}").format(channel=channel)


def layer_weights(
    spec: ModelSpec, weights: Weights, class_names: tuple[str, ...] = ()
) -> dict[str, LayerWeights]:
    """Weights by layer name, in the order of `ModelSpec.layers`.

    Args:
        class_names: names of its classes by label; () for their numbers.

    Raises:
        CadlError: if the weights do not match the network.
    """
    try:
        found = {layer.name: _weights_of(layer, weights, _names(spec, layer)) for layer in spec.layers}
    except KeyError as error:
        raise CadlError(_STRANGE) from error
    if (logits := found.get(LOGITS)) is not None:
        n = logits.kernel.shape[-1]
        found[LOGITS] = replace(logits, class_names=class_names if len(class_names) == n else numbered(n))
    return found


def kernel_path(layer: LayerSpec) -> str:
    """Path of a layer's kernel among the weights; for a tied layer, that of the layer it is tied to."""
    return f"{layer.tied_to or layer.name}/linear/kernel"


def _names(spec: ModelSpec, layer: LayerSpec) -> tuple[str, ...]:
    """Names of a layer's input channels, if they are colours."""
    sees_colours = spec.has_colours(layer) and layer.input_shape == spec.encoder[0].input_shape
    return _COLOURS if sees_colours else ()


def _weights_of(layer: LayerSpec, weights: Weights, input_names: tuple[str, ...]) -> LayerWeights:
    kernel = weights[kernel_path(layer)]
    if layer.tied_to and layer.kind == "dense":
        kernel = kernel.T  # a transposed convolution takes the convolution's kernel as it is
    if kernel.shape != layer.kernel_shape:
        raise CadlError(_STRANGE)
    bias = weights[f"{layer.name}/linear/bias"] if layer.use_bias else None
    normalisation = _normalisation_of(layer, weights) if layer.batch_normalisation else None
    return LayerWeights(layer, kernel, bias, normalisation, input_names)


def _normalisation_of(layer: LayerSpec, weights: Weights) -> Normalisation:
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    return Normalisation(*(weights[f"{layer.name}/batch_normalisation/{name}"] for name in names))
