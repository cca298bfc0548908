"""The part of `cadl info` that describes exports."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cadl_gui.cli.output import emit
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.domain.file_format import has_ending
from cadl_gui.interop.export.contents import Signature, is_saved_model, onnx_signature, saved_model_signatures
from cadl_gui.interop.graph_file import is_graph_file
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.interop.export.contents import Shape

_WORDS = {
    "frozen graph": _("frozen graph"),
    "operations": _("operations"),
    "parameters": _("parameters"),
}


def is_export(path: Path) -> bool:
    """Return whether a file or folder looks like an export, of this program or another."""
    return is_graph_file(path) or has_ending(path, ".onnx") or is_saved_model(path)


def print_export(arguments: argparse.Namespace) -> None:
    """Print the inputs and outputs of an export.

    Raises:
        CheckpointError: if the export cannot be read.
    """
    path: Path = arguments.file
    import_tensorflow()
    if is_saved_model(path):
        _print(arguments, "SavedModel", saved_model_signatures(path))
    elif is_graph_file(path):
        _print_graph(arguments, path)
    else:
        _print(arguments, "ONNX", [onnx_signature(path)])


def _print_graph(arguments: argparse.Namespace, path: Path) -> None:
    from cadl_gui.inference.graph.open_graph import open_graph

    graph = open_graph(path)
    about = graph.about
    answer = (graph.input_shape[0], *graph.answer_shape)
    signature = Signature(about.name, {about.takes: graph.input_shape}, {about.gives: answer})
    _print(
        arguments,
        "frozen graph",
        [signature],
        operations=len(graph.operations),
        parameters=graph.n_parameters,
    )


def _print(arguments: argparse.Namespace, kind: str, signatures: list[Signature], **numbers: int) -> None:
    lines = [f"{_WORDS.get(kind, kind)} “{arguments.file}”"]
    for signature in signatures:
        takes, gives = (_reported(shapes) for shapes in (signature.inputs, signature.outputs))
        lines.append(f"{signature.name or _('function'):18} {takes} → {gives}")
    lines += [f"{_WORDS[name]:18} {number:,}" for name, number in numbers.items()]
    emit(
        arguments,
        *lines,
        kind=kind,
        functions=[vars(signature) for signature in signatures],
        **numbers,
    )


def _reported(shapes: "dict[str, Shape]") -> str:
    return ", ".join(
        f"{name} {'×'.join(_('any') if side is None else str(side) for side in shape)}"
        for name, shape in shapes.items()
    )
