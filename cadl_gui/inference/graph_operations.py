"""Lists the operations of a network's TensorFlow graph."""

from typing import Any

import keras
import tensorflow as tf

from cadl_gui.domain.operations import Operation
from cadl_gui.models import Network
from cadl_gui.system.words import _


def graph_operations(network: Network) -> tuple[Operation, ...]:
    """Trace a network's forward pass and list the operations of the graph, in the graph's order."""
    graph = network_graph(network)
    return tuple(Operation(op.name, op.type, _shape_text(op)) for op in graph.get_operations())


def network_graph(network: Network) -> Any:
    """Trace a network's forward pass, and return the `tf.Graph`.

    Weights are placeholders named after their variables, since this program's graphs take them as arguments.
    """
    variables = network.variables

    def with_weights(image: Any, *weights: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables, weights, strict=True))):
            return network.call(image)

    image = tf.TensorSpec((None, *network.image_shape), tf.float32, "image")
    weights = [tf.TensorSpec(own.shape, own.dtype, _name(own.path)) for own in variables]
    return tf.function(with_weights).get_concrete_function(image, *weights).graph


def _name(path: str) -> str:
    """Variable name: its path without the model's name, and without slashes, which would create scopes."""
    return path.split("/", 1)[-1].replace("/", "_")


def _shape_text(operation: Any) -> str:
    if not operation.outputs:
        return ""
    shape = operation.outputs[0].shape
    if shape.rank is None:
        return "?"
    return " × ".join("?" if size is None else str(size) for size in shape) or _("a number")
