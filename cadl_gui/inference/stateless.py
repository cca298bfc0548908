"""Converts functions of a model to functions that take the weights as an argument."""

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
from cadl_gui.models.release import traced
from cadl_gui.system.words import _

StatelessFunction = Callable[..., NDArray[np.float32]]
"""Function of `(weights, *inputs)`: weights as in a `Snapshot`, inputs as arrays."""

_MOST_CONVERTED = 2
"""Two, such as a network's learned weights and its bent weights."""


class WeightTensors:
    """Caches the most recently used weights of a network as tensors.

    Interaction uses the same weights again and again, and converting them to tensors takes a third of the
    time of an answer. All functions of a network share the cache; otherwise each would retain weights that
    are no longer shown.

    Args:
        network: network whose variables the weights replace.

    Attributes:
        variables: variables of the network, in the order of the tensors.
    """

    def __init__(self, network: Network) -> None:
        named = network.variables_by_path
        self.variables = list(named.values())
        self._expected = {path: (tuple(variable.shape), variable.dtype) for path, variable in named.items()}
        self._converted: list[tuple[Weights, tuple[Any, ...]]] = []

    @property
    def signature(self) -> tuple[tf.TensorSpec, ...]:
        """Specifications of the tensors, in the order of `variables`."""
        return tuple(tf.TensorSpec(variable.shape, variable.dtype) for variable in self.variables)

    def of(self, weights: Weights) -> tuple[Any, ...]:
        """Return weights as tensors, in the order of `variables`.

        Args:
            weights: arrays by variable path; cached by identity, so they must not be changed.

        Raises:
            CadlError: if their paths, shapes or dtypes are not those of the network.
        """
        tensors = next((tensors for retained, tensors in self._converted if retained is weights), None)
        if tensors is None:
            if _reported(weights) != self._expected:
                raise CadlError(_("These weights belong to another network: the file of the run is damaged."))
            tensors = tuple(tf.convert_to_tensor(weights[path]) for path in self._expected)
        others = [other for other in self._converted if other[0] is not weights]
        self._converted = [(weights, tensors), *others][:_MOST_CONVERTED]
        return tensors


def stateless(
    weights: WeightTensors, function: Callable[..., Any], *arguments: tuple[int | None, ...] | tf.TensorSpec
) -> StatelessFunction:
    """Convert a function of a model to one that takes the weights as an argument.

    Wherever the function reads a variable of the model, it receives the given weights instead
    (`keras.StatelessScope`), so that one traced graph serves all snapshots of a run. The model's own
    variables are neither read nor changed. The function is traced here, once, and called once, on zeros: the
    first call, in which TensorFlow optimises the graph, takes nearly as long as tracing.

    Args:
        function: function of tensors, such as `model.encode`.
        arguments: shapes of its arguments, float32, with None for dimensions of any size; or a `TensorSpec`
            for arguments of other types.

    Returns:
        The stateless function, which returns a new, read-only array. It raises `CadlError` for weights that
        are not those of the model, and for inputs whose shapes do not match `arguments`.
    """

    def with_weights(tensors: tuple[Any, ...], *inputs: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(weights.variables, tensors, strict=True))):
            return function(*inputs)

    inputs_signature = [
        shape if isinstance(shape, tf.TensorSpec) else tf.TensorSpec(shape, tf.float32) for shape in arguments
    ]
    with answering():
        answer_of = traced(with_weights, weights.signature, *inputs_signature)
        answer_of(tuple(map(_zeros, weights.signature)), *map(_zeros, inputs_signature))

    def pure_function(given: Weights, *inputs: NDArray[Any]) -> NDArray[np.float32]:
        with answering():
            tensors = weights.of(given)
            for array, signature in zip(inputs, inputs_signature, strict=True):
                if not signature.shape.is_compatible_with(np.shape(array)):
                    raise CadlError(_("The input's shape does not match this network."))
            answer: NDArray[np.float32] = answer_of(tensors, *map(tf.convert_to_tensor, inputs)).numpy()
        answer.flags.writeable = False
        return answer

    return pure_function


def _zeros(of: tf.TensorSpec) -> Any:
    return tf.zeros([1 if size is None else size for size in of.shape], of.dtype)


def _reported(weights: Weights) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and dtype of each array."""
    return {path: (array.shape, array.dtype.name) for path, array in weights.items()}
