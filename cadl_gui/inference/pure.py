"""A model's function with the weights as an argument."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.core.errors import CadlError
from cadl_gui.core.snapshot import NO_WEIGHTS, Weights
from cadl_gui.models import Network
from cadl_gui.models.devices import answering

PureFunction = Callable[..., NDArray[np.float32]]
"""Of `(weights, *inputs)`: weights as in a `Snapshot`, inputs as float32 arrays."""


def pure(
    model: Network, function: Callable[..., Any], *arguments: tuple[int | None, ...] | tf.TensorSpec
) -> PureFunction:
    """Turn a function of a model into one that takes the weights as an argument.

    The function sees the given weights wherever it reads a variable of the model (`keras.StatelessScope`),
    so that one traced graph serves every snapshot of a run. The model's own variables are neither read nor
    changed.

    Args:
        model: whose variables the weights stand for.
        function: of tensors, such as `model.encode`.
        arguments: shapes of its arguments, None where any size will do; all float32, unless a signature
            says otherwise. It is traced here, once.

    Returns:
        The pure function. Its answer is a new, read-only array. It raises a `CadlError` for weights that are
        not those of the model, and for inputs of other shapes than its arguments.
    """
    named = model.variables_by_path
    variables = list(named.values())

    def with_weights(weights: tuple[Any, ...], *inputs: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables, weights, strict=True))):
            return function(*inputs)

    weights_signature = tuple(tf.TensorSpec(variable.shape, variable.dtype) for variable in variables)
    inputs_signature = [
        shape if isinstance(shape, tf.TensorSpec) else tf.TensorSpec(shape, tf.float32) for shape in arguments
    ]
    with answering():
        traced = tf.function(with_weights).get_concrete_function(weights_signature, *inputs_signature)

    expected = {path: (tuple(variable.shape), variable.dtype) for path, variable in named.items()}

    # A hand asks the same weights again and again; turning them into tensors is a third of an answer.
    converted: tuple[Weights, tuple[Any, ...]] = (NO_WEIGHTS, ())

    def pure_function(weights: Weights, *inputs: NDArray[Any]) -> NDArray[np.float32]:
        nonlocal converted
        if converted[0] is not weights and _told(weights) != expected:
            raise CadlError("These weights belong to another network: the file of the run is damaged.")
        for given, signature in zip(inputs, inputs_signature, strict=True):
            if not signature.shape.is_compatible_with(np.shape(given)):
                raise CadlError("What was asked belongs to another network: its numbers are not as many.")
        with answering():
            if converted[0] is not weights:
                converted = weights, tuple(tf.convert_to_tensor(weights[path]) for path in named)
            _, tensors = converted
            answer: NDArray[np.float32] = traced(tensors, *map(tf.convert_to_tensor, inputs)).numpy()
        answer.flags.writeable = False
        return answer

    return pure_function


def _told(weights: Weights) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and dtype of every array."""
    return {path: (array.shape, array.dtype.name) for path, array in weights.items()}
