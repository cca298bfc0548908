"""SavedModel: a folder for TensorFlow, with one signature for each function."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.exports import NetworkFunction
from cadl_gui.models import BoundFunction

_DEFAULT = "serving_default"
"""The signature that programs use if none is named; here the network's first function."""


def write_saved_model(path: Path, functions: tuple[BoundFunction, ...]) -> None:
    """Write a SavedModel to a folder that does not exist yet.

    It contains a plain `tf.Module` with plain variables, so that loading it requires neither Keras nor this
    program.

    Raises:
        OSError: if the folder cannot be written.
    """
    import tensorflow as tf

    module = tf.Module()
    variables = functions[0].network.variables
    module.weights = [tf.Variable(variable.value, name=variable.path) for variable in variables]
    signatures = {function.about.name: _signature(module, function) for function in functions}
    signatures[_DEFAULT] = signatures[functions[0].about.name]
    tf.saved_model.save(module, str(path), signatures=signatures)


def load_saved_model(path: Path) -> Callable[[NetworkFunction, NDArray[np.float32]], NDArray[np.float32]]:
    """Load the folder with TensorFlow, and return a callable that runs its signatures."""
    import tensorflow as tf

    signatures = tf.saved_model.load(str(path)).signatures

    def ask(about: NetworkFunction, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        answers = signatures[about.name](**{about.takes: tf.constant(inputs)})
        array: NDArray[np.float32] = answers[about.gives].numpy()
        return array

    return ask


def _signature(module: Any, function: BoundFunction) -> Any:
    import tensorflow as tf

    def compute(inputs: Any) -> dict[str, Any]:
        weights = [tf.convert_to_tensor(variable) for variable in module.weights]
        return {function.about.gives: function.with_weights(weights, inputs)}

    spec = tf.TensorSpec(function.input_shape, tf.float32, name=function.about.takes)
    return tf.function(compute, input_signature=[spec], autograph=False).get_concrete_function()
