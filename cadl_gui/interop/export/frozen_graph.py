"""Frozen graph: one protobuf file for TensorFlow, the weights constants in it (lecture, *Exporting*)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.exports import NetworkFunction
from cadl_gui.models import BoundFunction


def frozen_graph(function: BoundFunction) -> Any:
    """The `GraphDef` of a function.

    Its one placeholder is named after what the function takes, its last operation after what it gives, and
    its constants after the network's variables.
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
    """Write the one function as a protobuf file.

    Raises:
        OSError: if it cannot be written.
    """
    (function,) = functions
    path.write_bytes(frozen_graph(function).SerializeToString())


def load_frozen_graph(path: Path) -> Callable[[NetworkFunction, NDArray[np.float32]], NDArray[np.float32]]:
    """Import the file into a graph with nothing else in it; returns what asks that graph."""
    import tensorflow as tf

    definition = tf.compat.v1.GraphDef.FromString(path.read_bytes())
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")

    def ask(about: NetworkFunction, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        with tf.compat.v1.Session(graph=graph) as session:
            answers: NDArray[np.float32] = session.run(f"{about.gives}:0", {f"{about.takes}:0": inputs})
        return answers

    return ask
