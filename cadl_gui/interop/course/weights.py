"""Assigns the course's variables to a network of this program, so that it computes the same outputs."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.interop.course.matched_model import Normalisation, Source, plain
from cadl_gui.interop.course.variables import Variable
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.models import Network

_EPSILON = 1e-5
"""Added to the variance in the course's batch normalisation; Keras uses a different value."""

Arrays = Mapping[str, NDArray[np.float64]]


def fill(
    model: "Network", sources: Mapping[str, Source], variables: Mapping[str, Variable], path: Path
) -> None:
    """Assign the weights of each layer.

    Args:
        sources: names of the variables for each layer, by layer name.

    Raises:
        CheckpointError: if a variable cannot be read, is not finite, or has the wrong shape.
    """
    for block in (*model.encoder_layers, *model.decoder_layers, model.z_log_var_layer):
        if block is None or block.spec.name not in sources:
            continue
        source = sources[block.spec.name]
        arrays = {name: variables[name].read().astype(np.float64) for name in source.names}
        for variable, name, array in _assignments(block, source, arrays):
            if array.shape != tuple(variable.shape):
                needed, given = plain(variable.shape), plain(array.shape)
                raise CheckpointError(
                    _("“{path}”: {name} is {given}, but this network needs {needed}.").format(
                        path=path, name=name, given=given, needed=needed
                    )
                )
            with np.errstate(over="ignore"):
                single = array.astype(np.float32)
            if not np.isfinite(single).all():
                raise CheckpointError(
                    _("“{path}”: {name} contains infinity or NaN.").format(path=path, name=name)
                )
            variable.assign(single)


def _assignments(block: Any, source: Source, arrays: Arrays) -> list[tuple[Any, str, NDArray[np.float64]]]:
    """Return, for each variable of a layer, the variable, the name of its source, and its array."""
    kernel = arrays[source.kernel]
    bias = arrays[source.bias] if source.bias else np.zeros(kernel.shape[-1:])
    assignments = []
    if source.normalisation is not None:
        scale, offset = _scale_and_offset(source.normalisation, bias, arrays)
        if block.batch_normalisation is None:
            # This program does not normalise the last layer: fold the normalisation into kernel and bias.
            is_transposed = block.spec.kind == "transposed convolution"
            kernel, bias = kernel * (scale[:, np.newaxis] if is_transposed else scale), offset
        else:
            assignments = _normalisation(block.batch_normalisation, source.normalisation, bias, arrays)
    assignments.append((block.linear.kernel, source.kernel, kernel))
    if block.spec.use_bias:
        assignments.append((block.linear.bias, source.bias, bias))
    return assignments


def _scale_and_offset(
    names: Normalisation, bias: NDArray[np.float64], arrays: Arrays
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a normalisation, with the bias before it, as `scale * output_without_bias + offset`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = arrays[names.gamma] / np.sqrt(arrays[names.variance] + _EPSILON)
        return scale, arrays[names.beta] + scale * (bias - arrays[names.mean])


def _normalisation(
    layer: Any, names: Normalisation, bias: NDArray[np.float64], arrays: Arrays
) -> list[tuple[Any, str, NDArray[np.float64]]]:
    variance = arrays[names.variance]
    with np.errstate(invalid="ignore", divide="ignore"):
        gamma = arrays[names.gamma] * np.sqrt((variance + layer.epsilon) / (variance + _EPSILON))
    return [
        (layer.gamma, names.gamma, gamma),
        (layer.beta, names.beta, arrays[names.beta]),
        # A bias added before the mean is subtracted has the same effect as a smaller mean.
        (layer.moving_mean, names.mean, arrays[names.mean] - bias),
        (layer.moving_variance, names.variance, variance),
    ]
