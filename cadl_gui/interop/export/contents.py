"""Reads the signatures of a SavedModel or an ONNX file without loading or executing anything in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.file_format import has_ending
from cadl_gui.interop.wire import FieldScanner
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _

_MOST_BYTES = 2**28
_MOST_DESCRIPTION_BYTES = 2**21
_MOST_FIELDS = 500_000

_SAVED_MODEL = "saved_model.pb"
_ONNX_NUMBERS = (7, 5, 9)
"""Field numbers of `ModelProto.graph`, `GraphProto.initializer`, `TensorProto.raw_data`."""

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Signature:
    """Signature of a function in an export.

    Attributes:
        name: name of the function; "" if the file has only one and does not name it.
        inputs: shapes by input name; None stands for a dimension of any size.
        outputs: shapes by output name.
    """

    name: str
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]


def is_saved_model(path: Path) -> bool:
    """Return whether a path is the folder of a SavedModel, or the `saved_model.pb` in it."""
    return _description_of(path).is_file()


def refuse_what_only_others_load(path: Path) -> None:
    """Reject SavedModels and ONNX files, which this program does not open: a SavedModel may contain code.

    Raises:
        CheckpointError: if the path is one of them.
    """
    is_onnx = has_ending(path, ".onnx")
    kind = _("a SavedModel") if is_saved_model(path) else _("an ONNX file") if is_onnx else ""
    if kind:
        raise CheckpointError(
            _(
                "“{path}” is {kind}, for other programs to load. "
                "Of exports, only frozen graphs (.pb) open here."
            ).format(path=path, kind=kind)
        )


def saved_model_signatures(path: Path) -> list[Signature]:
    """Return the signatures of a SavedModel.

    Raises:
        CheckpointError: if it cannot be read, is damaged, or is too large.
    """
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    model = _parsed(_description_of(path), SavedModel, ())
    return [
        Signature(name, _tensor_shapes(signature.inputs), _tensor_shapes(signature.outputs))
        for graph in model.meta_graphs
        for name, signature in sorted(graph.signature_def.items())
        if not name.startswith("__")  # functions that initialise the model
    ]


def onnx_signature(path: Path) -> Signature:
    """Return the signature of an ONNX file.

    Raises:
        CheckpointError: if it cannot be read, is damaged, or is too large.
    """
    from onnx import ModelProto

    graph = _parsed(path, ModelProto, _ONNX_NUMBERS).graph
    weights = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in weights]
    return Signature("", _value_shapes(inputs), _value_shapes(graph.output))


def _description_of(path: Path) -> Path:
    return path if path.name == _SAVED_MODEL and not path.is_dir() else path / _SAVED_MODEL


def _parsed(path: Path, kind: Any, numbers: tuple[int, ...]) -> Any:
    """Parse a file after checking its size; `numbers` is the path of the fields that hold weights."""
    from google.protobuf.message import DecodeError

    with telling(path, CheckpointError, (ValueError, DecodeError), _("is damaged, or no export at all")):
        data = read_whole(path, _MOST_BYTES)
        held = FieldScanner(_MOST_FIELDS).n_bytes_at(memoryview(data), numbers) if numbers else 0
        if len(data) - held > _MOST_DESCRIPTION_BYTES:
            raise CheckpointError(_("“{path}” is larger than any export of this program.").format(path=path))
        return kind.FromString(data)


def _tensor_shapes(tensors: Any) -> dict[str, Shape]:
    return {
        name: tuple(None if side.size < 0 else side.size for side in tensor.tensor_shape.dim)
        for name, tensor in sorted(tensors.items())
    }


def _value_shapes(values: Any) -> dict[str, Shape]:
    return {
        value.name: tuple(
            side.dim_value if side.WhichOneof("value") == "dim_value" else None
            for side in value.type.tensor_type.shape.dim
        )
        for value in values
    }
