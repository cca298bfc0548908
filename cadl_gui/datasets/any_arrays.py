"""Reads arrays of numbers or texts from `.npz` and `.h5` files, whole or block by block."""

import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.bounds import check_size
from cadl_gui.datasets.images import stays_in_file
from cadl_gui.datasets.npy_header import read_npy_header
from cadl_gui.datasets.plain_hdf5 import require_plain, visit_items
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.archive import require_few_members, seek_data
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.whole_file import require_file, telling
from cadl_gui.system.words import _

DAMAGE = (
    OSError, KeyError, ValueError, TypeError, RuntimeError, EOFError, AttributeError, zlib.error,
    SyntaxError, tokenize.TokenError, MemoryError, RecursionError,  # NumPy parses headers as Python's own
    struct.error, zipfile.BadZipFile,
)  # fmt: skip
"""What reading damaged files raises."""

_NUMBERS, _TEXTS = "fiub", "SU"
_MOST_TEXT_BYTES = 4096
"""Longest text that is read."""

_MOST_CHUNK_BYTES = {"": 2**26, "gzip": 2**26, "lzf": 2**21}
"""Compression of HDF5 arrays that are read,
and largest size of their chunks. HDF5 unpacks a whole chunk for any
row in it, however much comes out; by LZF, that is up to a hundred times what is there.
"""

_MOST_SCATTERED_BYTES = 2**27
"""Size of an array whose rows lie scattered over the file, so that it is read as a whole."""


class AnyArray(Protocol):
    """An array in a file.

    Attributes:
        shape: its shape.
        dtype: its dtype: a number, a bool or a text; in HDF5 also an object, for texts of any length.
        packed_bytes: its size in the file.
        at_once_bytes: size of what is read together, at least.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    packed_bytes: int
    at_once_bytes: int

    @property
    def is_text(self) -> bool:
        """Whether it holds texts."""

    def blocks(self, n_rows: int) -> Iterator[NDArray[Any]]:
        """Read the array from its beginning, at most `n_rows` along the first axis at a time."""

    def whole(self) -> NDArray[Any]:
        """Read the array; it is memory-mapped if it is large and not compressed."""


@contextmanager
def opened_arrays(path: Path) -> Iterator[Mapping[str, AnyArray]]:
    """Open a file; its arrays can be read in the block.

    Raises:
        DatasetError: if the file cannot be read.
    """
    with telling(path, DatasetError, DAMAGE, _("is damaged, or holds no arrays")):
        require_file(path)
        with arrays_in(path) as arrays:
            yield arrays


@contextmanager
def arrays_in(
    path: Path, numbers: Collection[str] = (), texts: Collection[str] = ()
) -> Iterator[Mapping[str, AnyArray]]:
    """Open a file for the duration of the block; anything of `DAMAGE` may be raised.

    Args:
        numbers: names of the arrays to read, if not all. An HDF5 file may then have nothing but plain arrays.
        texts: names of further arrays, which may hold texts.
    """
    names = (*numbers, *texts)
    if path.suffix.lower() == ".npz":
        require_few_members(path)
        with zipfile.ZipFile(path) as archive:
            there = [name[:-4] for name in archive.NameToInfo if name.endswith(".npy")]
            arrays = {name: _NpyMember(path, archive, name) for name in there if not names or name in names}
            yield {name: each for name, each in arrays.items() if names or _is_plain(each.dtype)}
    else:
        import h5py

        with h5py.File(path, "r", rdcc_nbytes=2 * _MOST_CHUNK_BYTES["gzip"]) as file:
            if not names:
                yield _hdf5_arrays(file)
                return
            require_plain(file, path.stat().st_size, texts=texts)
            yield {name: _Hdf5Array(file[name]) for name in names if name in file}


def require_small(path: Path, array: AnyArray) -> None:
    """Require that an array is not too large to be read.

    Raises:
        DatasetError: as `check_size` does, or if too much of it has to be read at once.
    """
    if array.at_once_bytes > _MOST_SCATTERED_BYTES:
        raise DatasetError(
            _(
                "“{path}” is laid out so that {at_once_bytes} have to be read at once: at most "
                "{most_scattered_bytes} are."
            ).format(
                path=path,
                at_once_bytes=megabytes(array.at_once_bytes),
                most_scattered_bytes=megabytes(_MOST_SCATTERED_BYTES),
            )
        )
    n = array.shape[0] if array.shape else 1
    check_size(path, n, math.prod(array.shape) * array.dtype.itemsize, array.packed_bytes)


def _is_plain(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in _NUMBERS or (dtype.kind in _TEXTS and 0 < dtype.itemsize <= _MOST_TEXT_BYTES)


class _NpyMember:
    """An array in an `.npz` file; see `AnyArray`."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, name: str) -> None:
        self._path, self._archive, self._info = path, archive, archive.getinfo(f"{name}.npy")
        self.packed_bytes = min(self._info.compress_size, path.stat().st_size)
        with archive.open(self._info) as file:
            self.shape, self._is_fortran, self.dtype = read_npy_header(file)
        self._n_bytes = math.prod(self.shape) * self.dtype.itemsize
        self.at_once_bytes = self._n_bytes if self._is_fortran and len(self.shape) > 1 else 0

    @property
    def is_text(self) -> bool:
        return self.dtype.kind in _TEXTS

    def blocks(self, n_rows: int) -> Iterator[NDArray[Any]]:
        with self._archive.open(self._info) as file:
            if not self.shape:
                yield np.lib.format.read_array(file, allow_pickle=False)
                return
            if self._is_fortran:  # the rows lie scattered over the whole file
                array = np.lib.format.read_array(file, allow_pickle=False)
                for first in range(0, self.shape[0], n_rows):
                    yield array[first : first + n_rows]
                return
            read_npy_header(file)
            row_bytes = math.prod(self.shape[1:]) * self.dtype.itemsize
            for first in range(0, self.shape[0], n_rows):
                n = min(n_rows, self.shape[0] - first)
                data = file.read(n * row_bytes)
                yield np.frombuffer(data, self.dtype).reshape(n, *self.shape[1:])

    def whole(self) -> NDArray[Any]:
        with self._archive.open(self._info) as file:
            if self._info.compress_type == zipfile.ZIP_STORED and stays_in_file(self._n_bytes):
                read_npy_header(file)
                if not self._is_fortran and file.tell() + self._n_bytes == self._info.file_size:
                    with self._path.open("rb") as archive:
                        start = seek_data(archive, self._info.header_offset) + file.tell()
                    return np.memmap(self._path, self.dtype, "r", start, self.shape)
                file.seek(0)
            array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
            return array


def _hdf5_arrays(file: Any) -> dict[str, AnyArray]:
    """Arrays of a file and its groups; links, also to other files, are not followed."""
    import h5py

    arrays: dict[str, AnyArray] = {}

    def add(name: str, item: Any) -> None:
        is_plain = isinstance(item, h5py.Dataset) and not item.external and not item.is_virtual
        if is_plain and _is_read(item.dtype) and _is_unpacked_here(item):
            arrays[name] = _Hdf5Array(item)

    visit_items(file, add)
    return arrays


def _is_read(dtype: np.dtype[Any]) -> bool:
    import h5py

    is_long_text = dtype.kind == "O" and h5py.check_string_dtype(dtype) is not None
    return _is_plain(dtype) or is_long_text


def _is_unpacked_here(dataset: Any) -> bool:
    """Whether an array is not packed, or once, in a way that is known."""
    import h5py

    about = dataset.id.get_create_plist()
    filters = [about.get_filter(number)[0] for number in range(about.get_nfilters())]
    packers = [each for each in filters if each in {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_LZF}]
    others = {h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}
    return len(packers) <= 1 and set(filters) <= {*packers, *others}


class _Hdf5Array:
    """An array in an HDF5 file; see `AnyArray`."""

    def __init__(self, dataset: Any) -> None:
        self.shape: tuple[int, ...] = dataset.shape
        self.dtype: np.dtype[Any] = dataset.dtype
        self.packed_bytes: int = dataset.id.get_storage_size()
        self._chunk_bytes = math.prod(dataset.chunks or ()) * self.dtype.itemsize if dataset.chunks else 0
        is_small = self._chunk_bytes <= _MOST_CHUNK_BYTES[dataset.compression or ""]
        self.at_once_bytes = 0 if is_small else max(self._chunk_bytes, _MOST_SCATTERED_BYTES + 1)
        self._dataset = dataset

    @property
    def is_text(self) -> bool:
        return self.dtype.kind not in _NUMBERS

    def blocks(self, n_rows: int) -> Iterator[NDArray[Any]]:
        if not self.shape:
            yield self._dataset[()]
            return
        checked: set[tuple[int, ...]] = set()
        for first in range(0, self.shape[0], n_rows):
            rows = slice(first, min(first + n_rows, self.shape[0]))
            if self._dataset.compression == "gzip":
                self._require_whole_chunks(rows, checked)
            yield self._dataset[rows] if self.dtype.kind != "O" else self._texts(rows)

    def whole(self) -> NDArray[Any]:
        start = self._dataset.id.get_offset()
        if start is not None and self.dtype.kind in _NUMBERS and stays_in_file(self._dataset.nbytes):
            return np.memmap(self._dataset.file.filename, self.dtype, "r", start, self.shape)
        values: NDArray[Any]
        [values] = self.blocks(self.shape[0]) if self.shape and self.shape[0] else [self._dataset[...]]
        return values

    def _texts(self, rows: slice) -> NDArray[Any]:
        """Read texts one by one, since many could refer to the same very long one, stored once.

        Raises:
            ValueError: if one is too long.
        """
        texts = np.empty((rows.stop - rows.start, *self.shape[1:]), object)
        for place in np.ndindex(texts.shape):
            text = self._dataset[(rows.start + place[0], *place[1:])]
            if len(text) > _MOST_TEXT_BYTES:
                raise ValueError(f"Expected at most {_MOST_TEXT_BYTES} bytes. Received: {len(text)}")
            texts[place] = text
        return texts

    def _require_whole_chunks(self, rows: slice, checked: set[tuple[int, ...]]) -> None:
        """Require that no chunk of some rows unpacks to more than it holds: HDF5 would let it fill memory.

        Raises:
            ValueError: if one does.
        """
        chunk = self._dataset.chunks
        for selected in self._dataset.iter_chunks((rows, *(slice(0, size) for size in self.shape[1:]))):
            place = tuple(each.start // size * size for each, size in zip(selected, chunk, strict=True))
            if place in checked:
                continue
            checked.add(place)
            if (
                self._dataset.id.get_chunk_info_by_coord(place).byte_offset is None
            ):  # nothing was written there
                continue
            _, packed = self._dataset.id.read_direct_chunk(place)
            if len(zlib.decompressobj().decompress(packed, self._chunk_bytes + 1)) > self._chunk_bytes:
                raise ValueError(f"Expected chunks of {self._chunk_bytes} bytes. Received: a larger one")
