"""A model's function with the weights as an argument."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.snapshot import Weights
from cadl_gui.models import Network
from cadl_gui.models.devices import answering

StatelessFunction = Callable[..., NDArray[np.float32]]
"""Of `(weights, *inputs)`: weights as in a `Snapshot`, inputs as float32 arrays."""

_MOST_CONVERTED = 2
"""Such as a network's own and its bent weights."""


class WeightTensors:
    """Weights as the tensors that the functions of one network compute with, those that were asked for last.

    A hand asks the same weights again and again; turning them into tensors is a third of an answer. All
    functions of a network share them: otherwise each would keep weights that nobody shows any more.

    Args:
        network: whose variables the weights stand for.
    """

    def __init__(self, network: Network) -> None:
        named = network.variables_by_path
        self.variables = list(named.values())
        self._expected = {path: (tuple(variable.shape), variable.dtype) for path, variable in named.items()}
        self._converted: list[tuple[Weights, tuple[Any, ...]]] = []

    @property
    def signature(self) -> tuple[tf.TensorSpec, ...]:
        """What the tensors are, in the order of `variables`."""
        return tuple(tf.TensorSpec(variable.shape, variable.dtype) for variable in self.variables)

    def of(self, weights: Weights) -> tuple[Any, ...]:
        """These weights, in the order of `variables`.

        Raises:
            CadlError: if they are not those of the network.
        """
        tensors = next((tensors for retained, tensors in self._converted if retained is weights), None)
        if tensors is None:
            if _reported(weights) != self._expected:
                raise CadlError("These weights belong to another network: the file of the run is damaged.")
            tensors = tuple(tf.convert_to_tensor(weights[path]) for path in self._expected)
        others = [other for other in self._converted if other[0] is not weights]
        self._converted = [(weights, tensors), *others][:_MOST_CONVERTED]
        return tensors


def stateless(
    weights: WeightTensors, function: Callable[..., Any], *arguments: tuple[int | None, ...] | tf.TensorSpec
) -> StatelessFunction:
    """Turn a function of a model into one that takes the weights as an argument.

    The function sees the given weights wherever it reads a variable of the model (`keras.StatelessScope`),
    so that one traced graph serves every snapshot of a run. The model's own variables are neither read nor
    changed.

    Args:
        weights: of the model.
        function: of tensors, such as `model.encode`.
        arguments: shapes of its arguments, None where any size will do; all float32, unless a signature
            says otherwise. It is traced here, once.

    Returns:
        The pure function. Its answer is a new, read-only array. It raises a `CadlError` for weights that are
        not those of the model, and for inputs of other shapes than its arguments.
    """

    def with_weights(tensors: tuple[Any, ...], *inputs: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(weights.variables, tensors, strict=True))):
            return function(*inputs)

    inputs_signature = [
        shape if isinstance(shape, tf.TensorSpec) else tf.TensorSpec(shape, tf.float32) for shape in arguments
    ]
    with answering():
        traced = tf.function(with_weights).get_concrete_function(weights.signature, *inputs_signature)

    def pure_function(given: Weights, *inputs: NDArray[Any]) -> NDArray[np.float32]:
        with answering():
            tensors = weights.of(given)
            for array, signature in zip(inputs, inputs_signature, strict=True):
                if not signature.shape.is_compatible_with(np.shape(array)):
                    raise CadlError("What was asked belongs to another network: its numbers are not as many.")
            answer: NDArray[np.float32] = traced(tensors, *map(tf.convert_to_tensor, inputs)).numpy()
        answer.flags.writeable = False
        return answer

    return pure_function


def _reported(weights: Weights) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and dtype of every array."""
    return {path: (array.shape, array.dtype.name) for path, array in weights.items()}
