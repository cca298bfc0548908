"""HDF5 files that are not trusted.

More than half of randomly damaged HDF5 files open without an error, and some send the HDF5 library into an
endless loop. So our own files carry a seal, which is checked before the library sees them: the SHA-256 of all
that follows, in the 512 bytes that HDF5 leaves to its users at the start of a file.
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
from cadl_gui.system.whole_file import read_whole

_SEAL_BYTES = 512


@contextmanager
def writing_sealed(path: Path) -> Iterator[Any]:
    """Give an HDF5 file to fill; it is made in memory, and written with its seal after the block.

    Raises:
        OSError: if it cannot be written. (Inside the HDF5 library, a full disk is not always one.)
    """
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w", userblock_size=_SEAL_BYTES) as file:
        yield file
    content = buffer.getbuffer()
    content[:_SEAL_BYTES] = _seal(content[_SEAL_BYTES:])
    path.write_bytes(content)


@contextmanager
def open_sealed(path: Path) -> Iterator[Any]:
    """Open what `writing_sealed` wrote, for reading; see `open_plain`.

    Raises:
        CheckpointError: if it is missing, or is not what was written.
    """
    try:
        content = memoryview(read_whole(path, MOST_SNAPSHOT_BYTES))
    except FileNotFoundError:
        raise CheckpointError(f"“{path}” is missing.") from None
    except OSError as error:
        raise CheckpointError(f"“{path}” cannot be read: {error.strerror or error}.") from error
    if content[:_SEAL_BYTES] != _seal(content[_SEAL_BYTES:]):
        raise CheckpointError(f"“{path}” is damaged.")
    with open_plain(path) as file:
        yield file


@contextmanager
def open_plain(path: Path, *, reported_as: Path | None = None) -> Iterator[Any]:
    """Open an HDF5 file of which nothing but arrays can be read.

    Every dataset in it is known to be made of numbers that lie in this very file, in one uncompressed piece:
    none leads to another file, and reading all of them takes no more memory than the file takes on disk.

    Args:
        path: of the file.
        reported_as: the file that the sentence names instead, where this is only a part of it.

    Raises:
        CheckpointError: if it is damaged or not like that; also for whatever goes wrong with the data while
            it is open.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            require_plain(file, path.stat().st_size)
            yield file
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError) as error:
        raise CheckpointError(f"“{reported_as or path}” is damaged.") from error


def arrays_in(group: Any) -> dict[str, NDArray[Any]]:
    """Read the arrays of an open file, or of a group with the groups in it, by their paths; read-only."""
    arrays: dict[str, NDArray[Any]] = {}

    def take(path: str, item: Any) -> None:
        if hasattr(item, "dtype"):
            array = np.asarray(item[...])
            array.flags.writeable = False
            arrays[path] = array

    group.visititems(take)
    return arrays


def _seal(content: memoryview) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    return f"cadl_gui, SHA-256 after {_SEAL_BYTES} bytes: {digest}\n".encode().ljust(_SEAL_BYTES, b"\0")
