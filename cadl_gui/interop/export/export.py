"""Exports a network: writes it, loads it back, compares the outputs, and only then moves it into place."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import ExportError
from cadl_gui.domain.exports import Exported, ExportStage, Format, NetworkFunction
from cadl_gui.interop.export.errors import as_one_message
from cadl_gui.interop.export.frozen_graph import load_frozen_graph, write_frozen_graph
from cadl_gui.interop.export.onnx_file import load_onnx, write_onnx
from cadl_gui.interop.export.saved_model import load_saved_model, write_saved_model
from cadl_gui.models import BoundFunction, Network
from cadl_gui.system.atomic_write import atomic_folder, atomic_output
from cadl_gui.system.versions import installed_version
from cadl_gui.system.words import _

Ask = Callable[[NetworkFunction, NDArray[np.float32]], NDArray[np.float32]]
"""Computes one of the functions of an export that was loaded back."""

_TOLERANCE = 1e-4
"""Largest difference allowed, relative to the largest output (or to 1). Observed: 1e-6, since libraries round
differently, and sums of a thousand products in a different order differ by about as much."""


@dataclass(frozen=True)
class _Way:
    """Writes a format and loads it back, and names the library that loads it."""

    write: Callable[[Path, tuple[BoundFunction, ...]], None]
    load: Callable[[Path], Ask]
    library: str


_WAYS = {
    "savedmodel": _Way(write_saved_model, load_saved_model, "tensorflow"),
    "pb": _Way(write_frozen_graph, load_frozen_graph, "tensorflow"),
    "onnx": _Way(write_onnx, load_onnx, "onnxruntime"),
}


def export(
    network: Network,
    export_format: Format,
    functions: tuple[NetworkFunction, ...],
    path: Path,
    images: NDArray[np.float32],
) -> Generator[ExportStage, None, Exported]:
    """Export functions of a network, stage by stage. Closing the generator cancels and leaves nothing behind.

    Args:
        path: a file, which is replaced if it exists, or a folder, which must be new or empty.
        images: (n, height, width, channels) float32 in [0, 1], on which the outputs are compared.

    Yields:
        Each stage as it begins.

    Returns:
        A summary of the export.

    Raises:
        ExportError: if the export cannot be written, or its outputs differ from the network's.
    """
    way = _WAYS[export_format.name]
    bound = tuple(BoundFunction(function, network) for function in functions)
    n_stages = 2 + len(bound)
    with as_one_message(export_format, path), _in_place(export_format, path) as beside:
        yield ExportStage(0, n_stages, _("Writing the {label}").format(label=export_format.label))
        way.write(beside, bound)
        yield ExportStage(1, n_stages, _("Loading it back with {library}").format(library=way.library))
        ask = way.load(beside)
        differences = []
        for i, function in enumerate(bound):
            yield ExportStage(
                2 + i, n_stages, _("Comparing answers: {name}").format(name=function.about.name)
            )
            differences.append(_difference(ask, function, images))
    return Exported(
        path=path,
        functions=tuple(function.name for function in functions),
        loader=f"{way.library} {installed_version(way.library)}".strip(),
        n_compared=len(images),
        largest_difference=max(differences),
    )


def _difference(ask: Ask, function: BoundFunction, images: NDArray[np.float32]) -> float:
    """Return the largest difference between the outputs of an export and those of the network."""
    inputs = function.inputs_from(images)
    expected = function.answers(inputs)
    answers = ask(function.about, inputs)
    largest = _TOLERANCE * max(1.0, float(np.abs(expected).max()))
    if answers.shape != expected.shape or not np.abs(answers - expected).max() <= largest:
        raise ExportError(
            _("Loaded back, “{name}” answers otherwise than the network. Nothing was exported.").format(
                name=function.about.name
            )
        )
    return float(np.abs(answers - expected).max())


def _in_place(export_format: Format, path: Path) -> AbstractContextManager[Path]:
    return atomic_output(path) if export_format.suffix else atomic_folder(path)
