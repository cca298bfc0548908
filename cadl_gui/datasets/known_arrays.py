"""Reads the arrays of the program's own format from `.npz` and `.h5` files; see `sources.arrays`."""

import math
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import stays_in_file
from cadl_gui.datasets.npy_header import read_npy_header
from cadl_gui.datasets.plain_hdf5 import require_plain
from cadl_gui.system.archive import require_few_members

TEXTS = ("class_names", "file_names")
NUMBERS = ("format", "n_validation", "n_test", "is_sequence")
NAMES = ("images", "labels", *NUMBERS, *TEXTS)

_MOST_TEXT_BYTES = 4096
"""Longest name in an HDF5 file."""


@dataclass(frozen=True)
class Header:
    """Shape and dtype of an array, and its size in the file if it is compressed."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    packed_bytes: int | None = None


@contextmanager
def opened_known_arrays(path: Path) -> Iterator["NpzArrays | Hdf5Arrays"]:
    """Open a file for the duration of the block, after checking that its contents are harmless."""
    if path.suffix.lower() == ".npz":
        require_few_members(path)
        with zipfile.ZipFile(path) as archive:
            yield NpzArrays(path, archive)
    else:
        import h5py

        with h5py.File(path, "r") as file:
            require_plain(file, path.stat().st_size, texts=TEXTS)
            yield Hdf5Arrays(path, file)


class NpzArrays:
    """The known arrays of an `.npz` file."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        there = set(archive.namelist())
        self.headers = {name: self._header(name) for name in NAMES if f"{name}.npy" in there}

    def read(self, name: str) -> NDArray[Any]:
        """Read one array; it is memory-mapped if it is large and uncompressed."""
        about = self._archive.getinfo(f"{name}.npy")
        header = self.headers[name]
        n_bytes = math.prod(header.shape) * header.dtype.itemsize
        with self._archive.open(about) as file:
            if about.compress_type == zipfile.ZIP_STORED and stays_in_file(n_bytes):
                _, fortran_order, _ = read_npy_header(file)
                if not fortran_order and file.tell() + n_bytes == about.file_size:
                    start = self._start_of(about) + file.tell()
                    return np.memmap(self._path, header.dtype, "r", start, header.shape)
                file.seek(0)
            array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
            return array

    def _header(self, name: str) -> Header:
        about = self._archive.getinfo(f"{name}.npy")
        with self._archive.open(about) as file:
            shape, _, dtype = read_npy_header(file)
        packed = min(about.compress_size, self._path.stat().st_size)
        return Header(shape, dtype, packed)

    def _start_of(self, about: zipfile.ZipInfo) -> int:
        """Offset of a member's data, after its local header, whose last two fields vary in length."""
        with self._path.open("rb") as file:
            file.seek(about.header_offset)
            local = file.read(_LOCAL_HEADER.size)
        name_length, extra_length = _LOCAL_HEADER.unpack(local)
        return about.header_offset + _LOCAL_HEADER.size + int(name_length) + int(extra_length)


_LOCAL_HEADER = struct.Struct("<26xHH")
"""Local header of a ZIP member: the lengths of its name and of the extra field."""


class Hdf5Arrays:
    """The known arrays of an HDF5 file."""

    def __init__(self, path: Path, file: Any) -> None:
        self._path = path
        self._file = file
        arrays = {name: file[name] for name in NAMES if name in file}
        self.headers = {name: Header(array.shape, array.dtype) for name, array in arrays.items()}

    def read(self, name: str) -> NDArray[Any]:
        """Read one array; it is memory-mapped if it is large."""
        array = self._file[name]
        if array.dtype.kind == "O":
            return self._texts(array)
        start = array.id.get_offset()
        if start is not None and stays_in_file(array.nbytes):
            return np.memmap(self._path, array.dtype, "r", start, array.shape)
        values: NDArray[Any] = array[...]
        return values

    @staticmethod
    def _texts(array: Any) -> NDArray[Any]:
        """Read strings one by one, since many could refer to the same very long string stored once."""
        texts = []
        for number in range(len(array)):
            text = array[number]
            if len(text) > _MOST_TEXT_BYTES:
                raise ValueError(f"Expected at most {_MOST_TEXT_BYTES} bytes. Received: {len(text)}")
            texts.append(text)
        return np.array(texts, object)
