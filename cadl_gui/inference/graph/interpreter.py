"""Interprets a graph with TensorFlow's operations, one by one and within limits of size and cost.

Each operation is first laid out for a fixed number of images, so that the shapes of all results are known
and their size and cost are checked before anything is computed. The laid-out graph itself is never run:
TensorFlow would rewrite it first, and turn a chain of sums, each twice the one before, into one of a million
numbers.
"""

import inspect
import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.domain.graph import CONSTANT, PLACEHOLDER, GraphOperation
from cadl_gui.inference.graph.whitelist import n_multiplications
from cadl_gui.models.devices import answering
from cadl_gui.system.words import _

MOST_NUMBERS = 2**26
"""Limit on the numbers in all constants and results, in float32: 268 MB; 8-byte types count double."""

_MOST_KNOWN_NUMBERS = 1024
"""Largest constant that is laid out with its values, which may determine a shape; others only by shape."""

MOST_MULTIPLICATIONS = 2**36
"""About a second of work; a large network for photographs takes a quarter of it for one image."""


_OLD_NAMES = {"squeeze_dims": "axis"}
"""Attributes whose names in graphs differ from those in `tf.raw_ops`."""


Computed = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""A graph as a function."""


class UnfitError(Exception):
    """A graph cannot be computed here; the message is the end of a sentence that states why."""


class Layout:
    """Lays operations out in the current TensorFlow graph, and measures their size and cost.

    Args:
        operations: whitelisted operations, each after its inputs.
        inputs: tensor that replaces the placeholder.

    Attributes:
        results: symbolic results by the names of the operations.
        n_numbers: numbers in all results except constants, in units of float32.
        n_constants: numbers in all constants, in units of float32.
        n_multiplications: approximate number of multiplications to compute the results.

    Raises:
        UnfitError: if the graph is too large, or an operation does not fit its inputs.
    """

    def __init__(self, operations: Sequence[GraphOperation], inputs: Any) -> None:
        self.results: dict[str, Any] = {}
        self.n_numbers = 0
        self.n_constants = 0
        self.n_multiplications = 0
        for operation in operations:
            self.results[operation.name] = self._lay_out(operation, inputs)

    def _lay_out(self, operation: GraphOperation, inputs: Any) -> Any:
        if operation.kind == PLACEHOLDER:
            return inputs
        if operation.kind == CONSTANT:
            value = operation.attributes["value"]
            self.n_constants += value.size * _weight(value.dtype)
            self._check()
            if value.size <= _MOST_KNOWN_NUMBERS:
                return tf.constant(value)
            return tf.compat.v1.placeholder(value.dtype, value.shape)
        return self._computed(operation, [self.results[name] for name in operation.inputs])

    def _computed(self, operation: GraphOperation, sources: list[Any]) -> Any:
        try:
            result = _call(operation, sources)
        except (ValueError, TypeError, KeyError, tf.errors.OpError) as error:
            raise UnfitError(
                _("“{name:.100}” does not fit what it takes").format(name=operation.name)
            ) from error
        if not result.shape.is_fully_defined():
            raise UnfitError(_("how large “{name:.100}” is depends on the image").format(name=operation.name))
        shapes, shape = [shape_of(source) for source in sources], shape_of(result)
        cost = n_multiplications(operation.kind, operation.attributes, shapes, shape)
        self.n_numbers += math.prod(shape) * _weight(result.dtype.as_numpy_dtype)
        self.n_multiplications += cost
        self._check()
        return result

    def _check(self) -> None:
        n_numbers = self.n_numbers + self.n_constants
        if n_numbers > MOST_NUMBERS or self.n_multiplications > MOST_MULTIPLICATIONS:
            raise UnfitError(_("it is too large to be computed here"))


def shape_of(tensor: Any) -> tuple[int, ...]:
    """Fully known shape of a result, as a tuple."""
    return tuple(tensor.shape.as_list())


def interpreted(operations: Sequence[GraphOperation], output: str, input_shape: tuple[int, ...]) -> Computed:
    """Create the function of a graph for inputs of one fixed shape.

    Args:
        operations: operations that the output depends on and no others, each after its inputs.
        output: name of the operation whose result is returned.
        input_shape: shape of the input, including the batch.

    Returns:
        The function, which raises `UnfitError` if TensorFlow cannot compute an operation on this machine.

    Raises:
        UnfitError: see `Layout`.
    """
    with tf.Graph().as_default():
        Layout(operations, tf.compat.v1.placeholder(tf.float32, input_shape))
    last_use = {name: i for i, operation in enumerate(operations) for name in operation.inputs}
    with answering():
        constants = {
            operation.name: tf.constant(operation.attributes["value"])
            for operation in operations
            if operation.kind == CONSTANT
        }

    def compute(inputs: Any) -> Any:
        results = dict(constants)
        for i, operation in enumerate(operations):
            if operation.kind == PLACEHOLDER:
                results[operation.name] = inputs
            elif operation.kind != CONSTANT:
                results[operation.name] = _call(operation, [results[name] for name in operation.inputs])
            for name in operation.inputs:
                if last_use[name] == i and name != output:
                    results.pop(name, None)
        return results[output]

    def answer(inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            with answering():
                answers: NDArray[np.float32] = compute(tf.constant(inputs)).numpy()
        except tf.errors.OpError as error:  # operations with fitting shapes may still lack an implementation
            raise UnfitError(_("TensorFlow cannot compute it on this machine")) from error
        return answers

    return answer


def _weight(dtype: Any) -> int:
    """Size of one number of this type in units of float32, at least 1."""
    return max(1, int(np.dtype(dtype).itemsize) // 4)


def _call(operation: GraphOperation, sources: list[Any]) -> Any:
    """Call one operation with the inputs and attributes that TensorFlow defines for it, and no others."""
    function, inputs, takes_list, attributes = _known(operation.kind)
    if takes_list:
        n_behind = len(inputs) - 1
        sources = [sources[: len(sources) - n_behind], *sources[len(sources) - n_behind :]]
    given = dict(zip(inputs, sources, strict=True))
    known = {_OLD_NAMES.get(name, name): value for name, value in operation.attributes.items()}
    given |= {name: value for name, value in known.items() if name in attributes}
    result = function(**given)
    return result[0] if isinstance(result, tuple) else result


@cache
def _known(kind: str) -> tuple[Callable[..., Any], list[str], bool, frozenset[str]]:
    """Signature of an operation: function, input names, whether the first is a list, and attribute names."""
    from tensorflow.python.framework import op_def_registry

    function = getattr(tf.raw_ops, kind)
    arguments = op_def_registry.get(kind).input_arg
    names = [name for name in inspect.signature(function).parameters if name != "name"]
    takes_list = bool(arguments and arguments[0].number_attr)
    return function, names[: len(arguments)], takes_list, frozenset(names[len(arguments) :])
