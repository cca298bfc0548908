"""Reads numeric arrays with any names from `.npz` and `.h5` files, block by block."""

import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.bounds import check_size
from cadl_gui.datasets.npy_header import read_npy_header
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.archive import require_few_members
from cadl_gui.system.file_limits import MOST_HDF5_ITEMS
from cadl_gui.system.whole_file import require_file

_KINDS = "fiub"
_FILTERS = {None, "gzip", "lzf"}
"""Compression of HDF5 arrays that are read."""


class AnyArray(Protocol):
    """An array in a file.

    Attributes:
        shape: its shape.
        dtype: its dtype, a number or a bool.
        packed_bytes: its size in the file.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    packed_bytes: int

    def blocks(self, n_rows: int) -> Iterator[NDArray[Any]]:
        """Read the array from its beginning, at most `n_rows` along the first axis at a time."""


@contextmanager
def opened_arrays(path: Path) -> Iterator[Mapping[str, AnyArray]]:
    """Open a file; its arrays can be read in the block.

    Raises:
        DatasetError: if the file cannot be read.
    """
    try:
        require_file(path)
        if path.suffix.lower() == ".npz":
            require_few_members(path)
            with zipfile.ZipFile(path) as archive:
                yield _npy_members(archive)
        else:
            import h5py

            with h5py.File(path, "r") as file:
                yield _hdf5_arrays(file)
    except (
        OSError, KeyError, ValueError, TypeError, RuntimeError, EOFError, AttributeError, zlib.error,
        SyntaxError, tokenize.TokenError, MemoryError, RecursionError, struct.error, zipfile.BadZipFile,
    ) as error:  # fmt: skip
        if isinstance(error, OSError) and error.errno and error.strerror:
            raise DatasetError(f"“{path}” cannot be read: {error.strerror}.") from error
        raise DatasetError(f"“{path}” is damaged, or holds no arrays.") from error


def require_small(path: Path, array: AnyArray) -> None:
    """Require that an array is not too large to be read.

    Raises:
        DatasetError: as `check_size` does.
    """
    n = array.shape[0] if array.shape else 1
    check_size(path, n, math.prod(array.shape) * array.dtype.itemsize, array.packed_bytes)


def _npy_members(archive: zipfile.ZipFile) -> dict[str, AnyArray]:
    members = (_NpyMember(archive, info) for info in archive.infolist() if info.filename.endswith(".npy"))
    return {each.name: each for each in members if each.dtype.kind in _KINDS}


class _NpyMember:
    """An array in an `.npz` file; see `AnyArray`."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self.name = info.filename.removesuffix(".npy")
        self.packed_bytes = info.compress_size
        self._archive = archive
        self._info = info
        with archive.open(info) as file:
            self.shape, self._is_fortran, self.dtype = read_npy_header(file)

    def blocks(self, n_rows: int) -> Iterator[NDArray[Any]]:
        with self._archive.open(self._info) as file:
            if self._is_fortran or not self.shape:  # the rows lie scattered over the whole file
                yield np.lib.format.read_array(file, allow_pickle=False)
                return
            read_npy_header(file)
            row_bytes = math.prod(self.shape[1:]) * self.dtype.itemsize
            for first in range(0, self.shape[0], n_rows):
                n = min(n_rows, self.shape[0] - first)
                data = file.read(n * row_bytes)
                yield np.frombuffer(data, self.dtype).reshape(n, *self.shape[1:])


def _hdf5_arrays(file: Any) -> dict[str, AnyArray]:
    """Arrays of a file and its groups; links, also to other files, are not followed."""
    import h5py

    arrays: dict[str, AnyArray] = {}
    n_items = 0

    def add(name: str, item: Any) -> None:
        nonlocal n_items
        n_items += 1
        if n_items > MOST_HDF5_ITEMS:
            raise ValueError(f"Expected at most {MOST_HDF5_ITEMS} arrays. Received: more")
        is_plain = isinstance(item, h5py.Dataset) and not item.external and not item.is_virtual
        if is_plain and item.dtype.kind in _KINDS and item.compression in _FILTERS:
            arrays[name] = _Hdf5Array(item)

    file.visititems(add)
    return arrays


class _Hdf5Array:
    """An array in an HDF5 file; see `AnyArray`."""

    def __init__(self, dataset: Any) -> None:
        self.shape: tuple[int, ...] = dataset.shape
        self.dtype: np.dtype[Any] = dataset.dtype
        self.packed_bytes: int = dataset.id.get_storage_size()
        self._dataset = dataset

    def blocks(self, n_rows: int) -> Iterator[NDArray[Any]]:
        if not self.shape:
            yield self._dataset[()]
            return
        for first in range(0, self.shape[0], n_rows):
            yield self._dataset[first : first + n_rows]
