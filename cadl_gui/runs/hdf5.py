"""Reads untrusted HDF5 files, and writes HDF5 files with a checksum.

More than half of all randomly damaged HDF5 files open without an error, and some send the HDF5 library into
an endless loop. The program's own files therefore carry a seal, which is checked before the library opens
them: the SHA-256 of the rest of the file, in the 512-byte user block at its start.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.plain_hdf5 import require_plain
from cadl_gui.domain.errors import CheckpointError
from cadl_gui.system.file_limits import MOST_SNAPSHOT_BYTES
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _

_SEAL_BYTES = 512

_BUFFER_BYTES = 2**20
"""First size of the buffer in which a file is built."""


@contextmanager
def writing_sealed(path: Path) -> Iterator[Any]:
    """Open an HDF5 file in memory for writing, and write it to disk with its seal after the block.

    The file is built in memory because the HDF5 library does not always report a full disk as an `OSError`.

    Raises:
        OSError: if the file cannot be written.
    """
    import h5py

    buffer = _Buffer()
    with h5py.File(buffer, "w", userblock_size=_SEAL_BYTES) as file:
        yield file
    content = buffer.content
    content[:_SEAL_BYTES] = _seal(content[_SEAL_BYTES:])
    path.write_bytes(content)


@contextmanager
def open_sealed(path: Path) -> Iterator[Any]:
    """Open a file written by `writing_sealed` for reading; see `open_plain`.

    Raises:
        CheckpointError: if it is missing, cannot be read, or differs from what was written.
    """
    with telling(path, CheckpointError):
        content = memoryview(read_whole(path, MOST_SNAPSHOT_BYTES))
    if content[:_SEAL_BYTES] != _seal(content[_SEAL_BYTES:]):
        raise CheckpointError(_("“{path}” is damaged.").format(path=path))
    with open_plain(path) as file:
        yield file


@contextmanager
def open_plain(path: Path, *, reported_as: Path | None = None) -> Iterator[Any]:
    """Open an HDF5 file that contains only plain numeric arrays.

    Every dataset is checked to be numeric and stored in the file itself, contiguous and uncompressed: none
    refers to another file, and reading all of them takes no more memory than the file takes on disk.

    Args:
        reported_as: the file to name in error messages instead, if `path` is only a part of it.

    Raises:
        CheckpointError: if the file is damaged or contains anything else, or if an error occurs while its
            data are read within the block.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            require_plain(file, path.stat().st_size)
            yield file
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError) as error:
        raise CheckpointError(
            _("“{reported_as}” is damaged.").format(reported_as=reported_as or path)
        ) from error


def arrays_in(group: Any) -> dict[str, NDArray[Any]]:
    """Return all arrays in an open file or group, including nested groups, by path; they are read-only."""
    arrays: dict[str, NDArray[Any]] = {}

    def take(path: str, item: Any) -> None:
        if hasattr(item, "dtype"):
            array = np.asarray(item[...])
            array.flags.writeable = False
            arrays[path] = array

    group.visititems(take)
    return arrays


class _Buffer(io.RawIOBase):
    """A file in memory; unlike with `io.BytesIO`, other threads run while a large array is written to it."""

    def __init__(self) -> None:
        self._bytes = np.empty(_BUFFER_BYTES, np.uint8)
        self._size = self._place = 0

    @property
    def content(self) -> memoryview:
        """What was written, to be changed in place."""
        return self._bytes[: self._size].data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        return self._place

    def truncate(self, size: int | None = None) -> int:
        size = self._place if size is None else size
        self._extend(size)
        self._size = size
        return size

    def readinto(self, target: Any) -> int:
        found = self._bytes[self._place : self._size][: len(target)]
        target[: len(found)] = found.data
        self._place += len(found)
        return len(found)

    def write(self, data: Any) -> int:
        end = self._place + len(data)
        self._extend(self._place)
        self._reserve(end)
        np.copyto(self._bytes[self._place : end], np.frombuffer(data, np.uint8))
        self._place, self._size = end, max(end, self._size)
        return len(data)

    def _extend(self, size: int) -> None:
        """Append zeros up to this size."""
        self._reserve(size)
        self._bytes[self._size : size] = 0
        self._size = max(size, self._size)

    def _reserve(self, size: int) -> None:
        if size > len(self._bytes):
            larger = np.empty(max(size, 2 * len(self._bytes)), np.uint8)
            np.copyto(larger[: self._size], self._bytes[: self._size])
            self._bytes = larger


def _seal(content: memoryview) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    return f"cadl_gui, SHA-256 after {_SEAL_BYTES} bytes: {digest}\n".encode().ljust(_SEAL_BYTES, b"\0")
