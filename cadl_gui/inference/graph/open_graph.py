"""Opens frozen graphs, and determines the shape of their input and which result is the output."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow as tf

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.exports import CLASSIFY, FUNCTIONS, RECONSTRUCT, NetworkFunction
from cadl_gui.domain.graph import PLACEHOLDER, Graph, GraphOperation
from cadl_gui.inference.graph.interpreter import (
    MOST_MULTIPLICATIONS,
    MOST_NUMBERS,
    Layout,
    UnfitError,
    shape_of,
)
from cadl_gui.inference.graph.whitelist import KINDS
from cadl_gui.interop.graph_file import read_operations
from cadl_gui.system.words import _

_MOST_AT_ONCE = 100

_MNIST = ((784,), (28, 28, 1))
"""Input shapes to try if the graph has none: TensorFlow before version 1.0, which the course's networks date
from, did not store shapes with an unknown dimension."""


def open_graph(path: Path) -> Graph:
    """Open a frozen graph that was exported by this program or as in the lecture.

    Graphs that this program exported are recognised by the names of their input and output. In other graphs,
    the last softmax is taken to be the output of a classifier; without one, the last unused result with as
    many numbers as the image is taken to be a reconstruction.

    Raises:
        CheckpointError: if the graph cannot be read, or cannot be computed here.
    """
    operations = read_operations(path)
    try:
        _check_kinds(operations)
        return _understood(_in_order(operations))
    except UnfitError as reason:
        raise CheckpointError(
            _("“{path}” cannot be opened: {reason}.").format(path=path, reason=reason)
        ) from reason


def _check_kinds(operations: Sequence[GraphOperation]) -> None:
    others = sorted({operation.kind for operation in operations} - KINDS)
    if others:
        more = _(" and {n} more").format(n=len(others) - 3) if len(others) > 3 else ""
        names = ", ".join(f"{kind:.40}" for kind in others[:3])
        raise UnfitError(
            _("it computes {names}{more}, which is not among the operations that are opened here").format(
                names=names, more=more
            )
        )
    if sum(operation.kind == PLACEHOLDER for operation in operations) != 1:
        raise UnfitError(_("it has to take exactly one thing, an image"))


def _in_order(operations: Sequence[GraphOperation]) -> list[GraphOperation]:
    """Sort operations so that each follows its inputs, otherwise in the order of the file."""
    by_name = {operation.name: operation for operation in operations}
    ordered: dict[str, GraphOperation] = {}
    began: set[str] = set()
    waiting = list(reversed(operations))
    while waiting:
        operation = waiting[-1]
        missing = [name for name in operation.inputs if name not in ordered]
        if operation.name in ordered or not missing:
            ordered[operation.name] = waiting.pop()
            continue
        if operation.name in began or not by_name.keys() >= set(missing):
            raise UnfitError(
                _("“{name:.100}” takes from itself, or from what is not there").format(name=operation.name)
            )
        began.add(operation.name)
        waiting += [by_name[name] for name in missing]
    return list(ordered.values())


def _understood(operations: list[GraphOperation]) -> Graph:
    (placeholder,) = (operation for operation in operations if operation.kind == PLACEHOLDER)
    reasons = []
    for sides in _possible_sides(placeholder):
        try:
            return _with_sides(operations, placeholder, sides)
        except UnfitError as reason:
            reasons.append(reason)
    raise reasons[-1]


def _possible_sides(placeholder: GraphOperation) -> Iterable[tuple[int, ...]]:
    """Possible shapes of one input, an image or a latent vector."""
    shape = placeholder.attributes.get("shape")
    if not shape:
        return _MNIST
    sides = tuple(side for side in shape[1:] if side is not None)
    if len(sides) < len(shape) - 1 or not sides:
        raise UnfitError(_("it does not say how large its images are"))
    return (sides,)


def _with_sides(
    operations: list[GraphOperation], placeholder: GraphOperation, sides: tuple[int, ...]
) -> Graph:
    batch = (placeholder.attributes.get("shape") or (None,))[0]
    n = 1 if batch is None else batch
    if min(n, *sides) < 1 or math.prod((n, *sides)) > MOST_NUMBERS:
        raise UnfitError(_("its images are of a size that none has"))
    with tf.Graph().as_default():
        layout = Layout(operations, tf.compat.v1.placeholder(tf.float32, (n, *sides)))
    shapes = {name: shape_of(result) for name, result in layout.results.items()}
    about, output = _answer(operations, placeholder.name, shapes, (n, *sides))
    image_sides = shapes[output][1:] if about.takes == "latents" else sides
    return Graph(
        operations=tuple(_needed(operations, output)),
        output=output,
        about=about,
        input_shape=(batch, *sides),
        image_shape=_image_shape(image_sides),
        answer_shape=shapes[output][1:],
        at_once=n if batch else _at_once(layout),
    )


def _answer(
    operations: list[GraphOperation], takes: str, shapes: dict[str, tuple[int, ...]], given: tuple[int, ...]
) -> tuple[NetworkFunction, str]:
    for about in FUNCTIONS:
        if takes == about.takes and about.gives in shapes:
            return about, about.gives
    n, n_numbers = given[0], math.prod(given)
    consumed = {name for operation in operations for name in operation.inputs}
    for operation in reversed(operations):
        shape = shapes[operation.name]
        if operation.kind == "Softmax" and len(shape) == 2 and shape[0] == n and shape[1] > 1:
            return CLASSIFY, operation.name
    for operation in reversed(operations):
        shape = shapes[operation.name]
        free = operation.name not in consumed and operation.kind != PLACEHOLDER
        if free and shape[:1] == (n,) and math.prod(shape) == n_numbers:
            return RECONSTRUCT, operation.name
    raise UnfitError(_("it neither classifies images nor gives them back"))


def _needed(operations: list[GraphOperation], output: str) -> Iterable[GraphOperation]:
    """The operations that the output depends on, in the same order."""
    needed = {output}
    for operation in reversed(operations):
        if operation.name in needed:
            needed.update(operation.inputs)
    return (operation for operation in operations if operation.name in needed)


def _image_shape(sides: tuple[int, ...]) -> tuple[int, int, int]:
    """Height, width and channels; a flat image is taken to be square and grey, as in the lecture."""
    match sides:
        case (height, width, channels) if channels in {1, 3}:
            return height, width, channels
        case (height, width):
            return height, width, 1
        case (n,) if math.isqrt(n) ** 2 == n:
            return math.isqrt(n), math.isqrt(n), 1
    raise UnfitError(_("it takes something that is no image"))


def _at_once(layout: Layout) -> int:
    """Largest batch that stays well within the limits."""
    by_numbers = (MOST_NUMBERS - layout.n_constants) // (2 * layout.n_numbers + 1)
    by_work = MOST_MULTIPLICATIONS // (2 * layout.n_multiplications + 1)
    return max(1, min(_MOST_AT_ONCE, by_numbers, by_work))
