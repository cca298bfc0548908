"""A network known only as a graph of operations, which is read from a file as data and never executed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cadl_gui.domain.exports import NetworkFunction
from cadl_gui.domain.images import ImageShape

CONSTANT, PLACEHOLDER = "Const", "Placeholder"
"""Kinds of operations that compute nothing: constants, including weights, and inputs."""

GRAPH_SUFFIXES = (".pb", ".tfmodel")
"""File name suffixes of frozen graphs; the lecture writes `model.tfmodel`."""

FROZEN_GRAPH = "frozen graph"
"""Preset name of a run that was opened from a frozen graph."""


@dataclass(frozen=True, eq=False)
class GraphOperation:
    """One operation of a graph.

    Attributes:
        name: unique within the graph.
        kind: TensorFlow's name of the operation type, such as `MatMul`.
        inputs: names of the operations whose first output is used as input.
        attributes: plain values by name: numbers, strings, tuples of ints, the array of a constant (`value`),
            the shape of a placeholder (`shape`).
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Graph:
    """A network function as a graph.

    Attributes:
        operations: operations that the output depends on, in topological order.
        output: name of the output operation.
        about: description of the function.
        input_shape: shape of the placeholder, batch axis first; None for axes of any size.
        image_shape: (height, width, channels) of the images that the function takes or returns.
        answer_shape: shape of one output, without the batch axis.
        at_once: batch size, in images or latent vectors.
    """

    operations: tuple[GraphOperation, ...]
    output: str
    about: NetworkFunction
    input_shape: tuple[int | None, ...]
    image_shape: ImageShape
    answer_shape: tuple[int, ...]
    at_once: int

    @property
    def n_parameters(self) -> int:
        """Total size of all floating-point constants."""
        arrays = (operation.attributes.get("value") for operation in self.operations)
        return sum(array.size for array in arrays if array is not None and array.dtype.kind == "f")

    @property
    def n_classes(self) -> int:
        """Number of classes of a classifier; 0 for other functions."""
        return self.answer_shape[0] if self.about.gives == "probabilities" else 0
