"""Reads the operations of an untrusted frozen graph (`.pb`, `.tfmodel`) as plain data.

Of TensorFlow, only the format's protocol buffer classes are used. The result consists of strings, numbers and
arrays of bounded size; `cadl_gui.inference.graph` decides which operations may be computed.
"""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.file_format import has_ending
from cadl_gui.domain.graph import CONSTANT, GRAPH_SUFFIXES, GraphOperation
from cadl_gui.interop.wire import FieldScanner
from cadl_gui.system.file_limits import (
    MOST_FIELDS,
    MOST_GRAPH_BYTES,
    MOST_GRAPH_DESCRIPTION_BYTES,
    MOST_OPERATIONS,
)
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = (1, 5, 2, 8, 4)
"""Fields: `GraphDef.node`, `NodeDef.attr`, its value, `AttrValue.tensor`, `TensorProto.tensor_content`."""

_DTYPES: dict[int, type[Any]] = {1: np.float32, 2: np.float64, 3: np.int32, 9: np.int64, 10: np.bool_}
"""Dtypes by their numbers in TensorFlow's `DataType`."""


def is_graph_file(path: Path) -> bool:
    """Return whether a path has the suffix of a frozen graph and is not a folder."""
    return has_ending(path, *GRAPH_SUFFIXES) and not path.is_dir()


def read_operations(path: Path) -> tuple[GraphOperation, ...]:
    """Read all operations of a frozen graph, in file order.

    Raises:
        CheckpointError: if the file cannot be read, is damaged, or is far larger than any network of this
            kind.
    """
    damage = ValueError, TypeError, OverflowError, KeyError
    with telling(path, CheckpointError, damage, _("is damaged, or no frozen graph at all")):
        data = _read(path)
        _check_size(data)
        return _parsed(data)


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise CheckpointError(_("“{path}” is a folder, not a frozen graph.").format(path=path))
    return read_whole(path, MOST_GRAPH_BYTES)


def _check_size(data: bytes) -> None:
    """Check that parsing takes about as much memory as the file takes on disk."""
    n_bytes = len(data) - FieldScanner(MOST_FIELDS).n_bytes_at(memoryview(data), _NUMBERS)
    if n_bytes > MOST_GRAPH_DESCRIPTION_BYTES:
        raise ValueError(f"Expected at most {MOST_GRAPH_DESCRIPTION_BYTES} bytes. Received: {n_bytes}")


def _parsed(data: bytes) -> tuple[GraphOperation, ...]:
    from google.protobuf.message import DecodeError
    from tensorflow.core.framework.graph_pb2 import GraphDef

    try:
        graph = GraphDef.FromString(data)
    except DecodeError as error:
        raise ValueError(str(error)) from error
    if graph.library.function or not 0 < len(graph.node) <= MOST_OPERATIONS:
        raise ValueError(f"Expected operations, and no functions. Received: {len(graph.node)}")
    operations = tuple(_operation(node) for node in graph.node)
    if len({operation.name for operation in operations}) < len(operations):
        raise ValueError("Expected operations with names of their own.")
    arrays = (operation.attributes.get("value") for operation in operations)
    if sum(array.nbytes for array in arrays if isinstance(array, np.ndarray)) > MOST_GRAPH_BYTES:
        raise ValueError("Expected fewer numbers.")
    return operations


def _operation(node: Any) -> GraphOperation:
    attributes = {name: _plain(value) for name, value in node.attr.items() if not name.startswith("_")}
    if node.op == CONSTANT and not isinstance(attributes.get("value"), np.ndarray):
        raise ValueError(f"Expected a value. Received: {node.name}")
    return GraphOperation(
        name=node.name,
        kind=node.op,
        inputs=tuple(_name_of(source) for source in node.input if not source.startswith("^")),
        attributes={name: value for name, value in attributes.items() if value is not None},
    )


def _name_of(source: str) -> str:
    """Return the name of the operation that an input refers to as `name` or `name:0`.

    References to further outputs, such as `name:1`, are left as they are: no supported operation has any.
    """
    return source.removesuffix(":0")


def _plain(value: Any) -> Any:
    """Return the value of an attribute, or None if its kind is not used by any supported operation."""
    made: dict[str, Callable[[Any], Any]] = {
        "s": lambda text: text.decode("utf-8"),
        "i": int,
        "f": float,
        "b": bool,
        "type": _DTYPES.get,
        "shape": _shape,
        "list": lambda values: tuple(values.i),
        "tensor": _array,
    }
    kind = value.WhichOneof("value")
    return made[kind](getattr(value, kind)) if kind in made else None


def _shape(shape: Any) -> tuple[int | None, ...] | None:
    """Return the dimensions, None for each unknown one; None if the rank is unknown."""
    if shape.unknown_rank:
        return None
    return tuple(None if side.size < 0 else side.size for side in shape.dim)


def _array(tensor: Any) -> NDArray[Any] | None:
    """Return the array of a constant, or None if its dtype is not supported."""
    if tensor.dtype not in _DTYPES:
        return None
    dtype = np.dtype(_DTYPES[tensor.dtype])
    shape = tuple(side.size for side in tensor.tensor_shape.dim)
    n = math.prod(shape)
    if min(shape, default=0) < 0 or n * dtype.itemsize > MOST_GRAPH_BYTES:
        raise ValueError(f"Expected an array of reasonable size. Received: shape={shape}")
    if tensor.tensor_content:
        return np.frombuffer(tensor.tensor_content, dtype.newbyteorder("<")).reshape(shape)
    fields = {"float32": "float_val", "float64": "double_val", "int32": "int_val", "int64": "int64_val"}
    values = np.array(getattr(tensor, fields.get(dtype.name, "bool_val")), dtype)
    # TensorFlow omits trailing repetitions of the last number, and arrays that are entirely zero.
    if len(values) == n:
        return values.reshape(shape)
    if len(values) > 1:
        values = np.concatenate([values, np.full(n - len(values), values[-1], dtype)])
        return values.reshape(shape)
    return np.broadcast_to(values[0] if len(values) else dtype.type(0), shape)
