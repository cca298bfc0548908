"""Frees what TensorFlow and Keras keep in reference cycles, without waiting for the garbage collector.

A full collection stops every thread for as long as it looks at all objects. A network has 10,000 and more,
most of them the Python side of graphs that only tracing needs.
"""

from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.func_graph import dismantle_func_graph

from cadl_gui.models.network import Network


def traced(function: Callable[..., Any], *signature: Any) -> Callable[..., Any]:
    """Trace a function of tensors once.

    Calling the result takes half the time of calling a `tf.function`: it is not looked up by its arguments.
    The Python side of the graphs inside, such as the body of a loop, is freed: it is not needed to call the
    function, TensorFlow would never free it (such graphs hold their operations in C++, where Python finds no
    cycles), and a training step has 8,000 objects of it.

    Args:
        function: function of tensors, which may call a `tf.function` and contain loops.
        signature: structures of `tf.TensorSpec`, one for each argument.
    """
    concrete = tf.function(function).get_concrete_function(*signature)
    for graph in [*_graphs_inside(concrete.inference_fn)]:
        dismantle_func_graph(graph)
    result: Callable[..., Any] = concrete
    return result


def take_apart(network: Network) -> None:
    """Free the variables and layers of a network that is no longer used, as soon as nothing refers to it.

    Layers, optimiser and variables refer to each other. The network cannot be used afterwards.
    """
    optimizer = getattr(network, "optimizer", None)  # networks that only answer have none
    for part in (*network._flatten_layers(), optimizer):  # Keras has no public way to list all layers
        if part is not None:
            vars(part).clear()


def _graphs_inside(function: Any) -> Iterator[Any]:
    """Graphs of the functions that a TensorFlow function calls, the innermost first."""
    for called in function.children:
        yield from _graphs_inside(called)
        yield called.graph
