"""Frozen graph: one protobuf file for TensorFlow, with the weights as constants (lecture, *Exporting*)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.exports import NetworkFunction
from cadl_gui.models import BoundFunction


def frozen_graph(function: BoundFunction) -> Any:
    """Return the `GraphDef` of a function.

    Its only placeholder is named after the function's input, its last operation after the function's output,
    and its constants after the network's variables.
    """
    import tensorflow as tf

    variables = function.network.variables
    arrays = [np.asarray(variable.value) for variable in variables]
    with tf.Graph().as_default() as graph:
        inputs = tf.compat.v1.placeholder(tf.float32, function.input_shape, name=function.about.takes)
        weights = [
            tf.constant(array, name=variable.path) for array, variable in zip(arrays, variables, strict=True)
        ]
        tf.identity(function.with_weights(weights, inputs), name=function.about.gives)
    return graph.as_graph_def()


def write_frozen_graph(path: Path, functions: tuple[BoundFunction, ...]) -> None:
    """Write a function as a protobuf file.

    Args:
        functions: exactly one function.

    Raises:
        OSError: if the file cannot be written.
    """
    (function,) = functions
    path.write_bytes(frozen_graph(function).SerializeToString())


def load_frozen_graph(path: Path) -> Callable[[NetworkFunction, NDArray[np.float32]], NDArray[np.float32]]:
    """Import the file into an otherwise empty graph, and return a callable that runs it."""
    import tensorflow as tf

    definition = tf.compat.v1.GraphDef.FromString(path.read_bytes())
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")

    def ask(about: NetworkFunction, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        with tf.compat.v1.Session(graph=graph) as session:
            answers: NDArray[np.float32] = session.run(f"{about.gives}:0", {f"{about.takes}:0": inputs})
        return answers

    return ask
