"""Reads the variables of a TensorFlow 1 checkpoint, in its first or second format, within size limits.

Format 1 is a single file, `model.ckpt`, a table of tensors. Format 2 is `model.ckpt.index`, a table of the
offsets of tensors in `model.ckpt.data-00000-of-00001`. The graph may be stored beside either, in
`model.ckpt.meta`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.interop.course.sstable import checksum, is_sstable, read_sstable
from cadl_gui.system.file_limits import (
    MOST_COURSE_BYTES,
    MOST_COURSE_INDEX_BYTES,
    MOST_DIMENSIONS,
    MOST_VARIABLE_NUMBERS,
)
from cadl_gui.system.whole_file import read_whole, require_file, telling
from cadl_gui.system.words import _

_INDEX, _META, _DATA = ".index", ".meta", ".data-"


@dataclass(frozen=True, eq=False)
class Variable:
    """A variable in a checkpoint.

    Attributes:
        shape: shape of its array.
        read: reads the array, float32.
    """

    shape: tuple[int, ...]
    read: Callable[[], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class CourseVariables:
    """Contents of a TensorFlow 1 checkpoint.

    Attributes:
        prefix: path without suffix, which TensorFlow takes as the checkpoint's path.
        variables: float32 variables, by name.
        others: names of variables that have other types or are saved in slices.
    """

    prefix: Path
    variables: Mapping[str, Variable]
    others: tuple[str, ...]

    @property
    def meta_path(self) -> Path:
        """Path of the graph; the file exists only if the graph was saved."""
        return _with_ending(self.prefix, _META)


def is_course_checkpoint(path: Path) -> bool:
    """Return whether a path is a file of a TensorFlow 1 checkpoint, or the checkpoint's prefix."""
    prefix = _prefix(path)
    if prefix != path or _with_ending(path, _INDEX).is_file():
        return True
    try:
        return path.is_file() and is_sstable(path)
    except OSError:
        return False


def read_variables(path: Path) -> CourseVariables:
    """Find the variables in a checkpoint; `Variable.read` then reads each array on demand.

    Args:
        path: the checkpoint's path as given to TensorFlow, or any of its files.

    Raises:
        CheckpointError: if the checkpoint is missing, damaged, or not of TensorFlow 1.
    """
    from google.protobuf.message import DecodeError

    prefix = _prefix(path)
    index = _with_ending(prefix, _INDEX)
    damage = DecodeError, ValueError, KeyError, UnicodeError
    with telling(path, CheckpointError, damage, _("is damaged: it does not say what it holds")):
        if index.is_file():
            return _second_format(prefix, read_sstable(read_whole(index, MOST_COURSE_INDEX_BYTES), index))
        return _first_format(prefix, read_sstable(read_whole(prefix, MOST_COURSE_BYTES), prefix))


def _prefix(path: Path) -> Path:
    for ending in (_INDEX, _META):
        if path.name.endswith(ending) and path.name != ending:
            return path.with_name(path.name.removesuffix(ending))
    stem, found, _ = path.name.rpartition(_DATA)
    return path.with_name(stem) if found and stem else path


def _with_ending(prefix: Path, ending: str) -> Path:
    return prefix.with_name(prefix.name + ending)


def _second_format(prefix: Path, entries: Mapping[bytes, memoryview]) -> CourseVariables:
    from tensorflow.core.framework.types_pb2 import DT_FLOAT
    from tensorflow.core.protobuf.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto

    header = BundleHeaderProto.FromString(bytes(entries[b""]))
    if header.endianness != BundleHeaderProto.LITTLE:
        raise ValueError("Expected little-endian numbers. Received: big-endian ones")
    variables, others = {}, []
    for key, value in entries.items():
        if key == b"":
            continue
        entry = BundleEntryProto.FromString(bytes(value))
        name = key.decode()
        if entry.dtype != DT_FLOAT or entry.slices:
            others.append(name)
            continue
        shape = _shape(entry.shape)
        if not 0 <= entry.shard_id < header.num_shards or entry.size != 4 * math.prod(shape):
            raise ValueError(f"Expected {shape}. Received: {entry.size} bytes in part {entry.shard_id}")
        data = _with_ending(prefix, f"{_DATA}{entry.shard_id:05d}-of-{header.num_shards:05d}")
        variables[name] = Variable(shape, _part(data, entry.offset, shape, entry.crc32c))
    return CourseVariables(prefix, variables, tuple(others))


def _part(
    path: Path, offset: int, shape: tuple[int, ...], expected_checksum: int
) -> Callable[[], NDArray[np.float32]]:
    """Return a callable that reads one array from a data file and verifies its checksum."""
    n_bytes = 4 * math.prod(shape)

    def read() -> NDArray[np.float32]:
        try:
            require_file(path)
            with path.open("rb") as file:
                size = file.seek(0, 2)
                if not 0 <= offset <= size - n_bytes:
                    raise CheckpointError(_("“{path}” is damaged: it is too short.").format(path=path))
                file.seek(offset)
                data = file.read(n_bytes)
        except FileNotFoundError:
            raise CheckpointError(
                _("“{name}” is missing: the checkpoint’s files belong into one folder.").format(
                    name=path.name
                )
            ) from None
        except OSError as error:
            raise CheckpointError(
                _("“{path}” cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
            ) from error
        if len(data) != n_bytes or checksum(data) != expected_checksum:
            raise CheckpointError(
                _("“{path}” is damaged: its numbers do not have their checksum.").format(path=path)
            )
        return np.frombuffer(data, "<f4").reshape(shape)

    return read


def _first_format(prefix: Path, entries: Mapping[bytes, memoryview]) -> CourseVariables:
    from tensorflow.core.framework.types_pb2 import DT_FLOAT
    from tensorflow.core.util.saved_tensor_slice_pb2 import SavedTensorSlices

    meta = SavedTensorSlices.FromString(bytes(entries[b""])).meta
    shapes = {tensor.name: _shape(tensor.shape) for tensor in meta.tensor if tensor.type == DT_FLOAT}
    variables = {}
    for key, value in entries.items():
        if key == b"":
            continue
        saved = SavedTensorSlices.FromString(bytes(value)).data
        whole = not any(extent.HasField("length") for extent in saved.slice.extent)
        if whole and saved.name in shapes:
            shape = shapes[saved.name]
            variables[saved.name] = Variable(shape, _numbers(prefix, saved.data.float_val, shape))
    names = {tensor.name for tensor in meta.tensor}
    return CourseVariables(prefix, variables, tuple(sorted(names - variables.keys())))


def _numbers(path: Path, values: Any, shape: tuple[int, ...]) -> Callable[[], NDArray[np.float32]]:
    """Return a callable that reads one array from the values of a protocol buffer message."""

    def read() -> NDArray[np.float32]:
        if len(values) != math.prod(shape):
            raise CheckpointError(
                _("“{path}” is damaged: a variable does not have the numbers of its shape.").format(path=path)
            )
        return np.fromiter(values, np.float32, len(values)).reshape(shape)

    return read


def _shape(proto: Any) -> tuple[int, ...]:
    shape = tuple(int(dimension.size) for dimension in proto.dim)
    sizes = [size for size in shape if size]
    if len(shape) > MOST_DIMENSIONS or min(shape, default=0) < 0 or math.prod(sizes) > MOST_VARIABLE_NUMBERS:
        raise ValueError(f"Expected a shape. Received: {shape}")
    return shape
