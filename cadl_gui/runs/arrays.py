"""Arrays in HDF5 files, each with its checksum: more than half of damaged files open without an error."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import CheckpointError


def checksum(name: str, array: NDArray[Any]) -> str:
    """SHA-256, in hexadecimal, over name, shape, dtype and bytes."""
    digest = hashlib.sha256(f"{name} {array.shape} {array.dtype.str}\n".encode())
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def write_array(group: Any, name: str, array: NDArray[Any]) -> None:
    """Add an array with its checksum to an HDF5 group."""
    dataset = group.create_dataset(name, data=array, track_times=False)
    dataset.attrs["sha256"] = checksum(name, array)


def read_array(group: Any, name: str) -> NDArray[Any]:
    """Read what `write_array` wrote, in a file that `open_hdf5` opened; read-only.

    Raises:
        ValueError: if it does not have its checksum.
    """
    dataset = group[name]
    array: NDArray[Any] = np.asarray(dataset[...])
    if dataset.attrs["sha256"] != checksum(name, array):
        raise ValueError(f"Expected the recorded checksum. Received: another one for {name}")
    array.flags.writeable = False
    return array


@contextmanager
def open_hdf5(path: Path, *, reported_as: Path | None = None) -> Iterator[Any]:
    """Open an HDF5 file that is not trusted.

    Every dataset in it is known to be made of numbers that lie in this very file, in one uncompressed piece:
    none leads to another file, and reading all of them takes no more memory than the file takes on disk.

    Args:
        path: of the file.
        reported_as: the file that the sentence names instead, where this is only a part of it.

    Raises:
        CheckpointError: if it is missing, damaged or not like that; also for whatever goes wrong with the
            data while it is open.
    """
    import h5py

    shown = path if reported_as is None else reported_as
    if not path.is_file():
        raise CheckpointError(f"“{shown}” is missing.")
    try:
        with h5py.File(path, "r") as file:
            _check_plain(file, path.stat().st_size)
            yield file
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError) as error:
        raise CheckpointError(f"“{shown}” is damaged.") from error


def _check_plain(file: Any, most_bytes: int) -> None:
    import h5py

    n_bytes = 0

    def check(name: str, item: Any) -> None:
        nonlocal n_bytes
        if isinstance(item, h5py.Group):
            if not all(isinstance(item.get(child, getlink=True), h5py.HardLink) for child in item):
                raise ValueError(f"Expected no links. Received: some in {name}")
            return
        if item.dtype.kind not in "fiub" or item.chunks or item.external or item.is_virtual:
            raise ValueError(f"Expected plain numbers. Received: {item} in {name}")
        n_bytes += item.nbytes
        if n_bytes > most_bytes:
            raise ValueError(f"Expected at most {most_bytes} bytes. Received: {n_bytes}")

    check("/", file)
    file.visititems(check)
