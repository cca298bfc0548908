"""A network that is only known as a graph of operations: data that was read from a file, not code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cadl_gui.domain.exports import NetworkFunction
from cadl_gui.domain.images import ImageShape

CONSTANT, PLACEHOLDER = "Const", "Placeholder"
"""Kinds of operations that compute nothing: weights and other constants, and what is to be filled in."""

GRAPH_SUFFIXES = (".pb", ".tfmodel")
"""How the names of such files end; the lecture writes `model.tfmodel`."""

FROZEN_GRAPH = "frozen graph"
"""Stands for a preset where a run was opened from such a file."""


@dataclass(frozen=True, eq=False)
class GraphOperation:
    """One operation of a graph.

    Attributes:
        name: unique within the graph.
        kind: TensorFlow's name of what it computes, such as `MatMul`.
        inputs: names of the operations whose first result it takes.
        attributes: plain values by name: numbers, texts, tuples of whole numbers, of a constant its array
            (`value`), of a placeholder its shape (`shape`).
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Graph:
    """A function as a graph.

    Attributes:
        operations: all that its answer needs, each after those that it takes from.
        output: name of the operation that answers.
        about: what the function is.
        input_shape: of what the placeholder takes, its first side the number of images, or of codes; None
            where any number will do.
        image_shape: (height, width, channels) of the images that it takes, or gives.
        answer_shape: of one answer.
        at_once: how many images, or codes, are computed at once.
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
        """Numbers in all its constants that are not whole numbers."""
        arrays = (operation.attributes.get("value") for operation in self.operations)
        return sum(array.size for array in arrays if array is not None and array.dtype.kind == "f")

    @property
    def n_classes(self) -> int:
        """How many labels a classifier chooses from; 0 of other functions."""
        return self.answer_shape[0] if self.about.gives == "probabilities" else 0
