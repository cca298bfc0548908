"""Images in an `.npz` (NumPy) or `.h5` (HDF5) file of arrays, format version 1.

`images` has shape (n, height, width, channels) or (n, height, width) and dtype uint8. Optional arrays are
`labels`, (n,) integers; `class_names`, by label; `file_names`, of each image; and `format`, the version.
Prepared datasets also have the numbers `n_validation`, `n_test` and `is_sequence`; see `ImageStore`. The
shipped `mnist.h5` uses the same names. Large uncompressed images are memory-mapped.
"""

import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.any_arrays import read_npy_header
from cadl_gui.datasets.array_scan import opens_directly, scan_arrays
from cadl_gui.datasets.bounds import check_labels, check_size
from cadl_gui.datasets.images import FileState, Images, stays_in_file
from cadl_gui.datasets.plain_hdf5 import require_plain
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.class_names import numbered, validated_class_name
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError, UserError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.archive import TooManyMembersError, require_few_members
from cadl_gui.system.atomic_write import atomic_write
from cadl_gui.system.file_limits import MOST_DATASET_BYTES, MOST_LABELS
from cadl_gui.system.whole_file import require_file

SUFFIXES = (".npz", ".h5")
FORMAT = 1

_TEXTS = ("class_names", "file_names")
_NUMBERS = ("format", "n_validation", "n_test", "is_sequence")
_NAMES = ("images", "labels", *_NUMBERS, *_TEXTS)
_GREY_DIMENSIONS = 3
_MOST_TEXT_BYTES = 4096
"""Longest name in an HDF5 file."""

_Arrays = dict[str, NDArray[Any]]


def write_examples(path: Path, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
    """Write images and their labels to a file.

    Args:
        path: path with suffix `.npz` (NumPy) or `.h5` (HDF5).
        images: (n, height, width, channels) uint8.
        labels: (n,) int64.

    Raises:
        UserError: if the path has another suffix, or cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"“{path.name}” has to end in .npz or .h5.")
    write = _write_npz if path.suffix.lower() == ".npz" else _write_hdf5
    arrays: _Arrays = {"images": images, "labels": labels, "format": np.array(FORMAT)}
    try:
        with atomic_write(path) as beside:
            write(beside, arrays)
    except OSError as error:
        raise UserError(f"“{path}” cannot be written: {error.strerror or error}.") from error


def read_arrays(path: Path, name: str = "") -> ImageStore:
    """Read a file of arrays as a store.

    Nothing in the file is executed, and no more is read than its headers declare.

    Args:
        path: path of the file.
        name: display name of the store; by default the name of the file.

    Raises:
        DatasetError: if there is no such file, or it has other contents.
    """
    with _reported(path):
        file = FileState.of(path)
        found = _read(path)
        labels = None if found.labels is None else found.labels.astype(np.int64)
        images = Images(found.images.reshape(found.shape), files=(file,))
        return ImageStore(
            name or path.name,
            images,
            labels,
            found.numbers["n_test"],
            found.class_names,
            found.file_names,
            n_validation=found.numbers["n_validation"],
            is_sequence=bool(found.numbers["is_sequence"]),
        )


def read_examples(path: Path) -> ImageStore:
    """Read labelled images; see `read_arrays`.

    Raises:
        DatasetError: as `read_arrays` does, and if there are no labels.
    """
    examples = read_arrays(path)
    if examples.labels is None:
        raise DatasetError(f"“{path}” holds no labels: `labels` are wanted beside `images`.")
    return examples


def preview_arrays(path: Path) -> Preview:
    """Summarise a file of arrays without reading its images; see `read_arrays`.

    Raises:
        DatasetError: if there is no such file, or it has other contents.
    """
    if not opens_directly(path):
        return scan_arrays(path, PreparingOptions()).preview
    with _reported(path):
        found = _read(path, with_images=False)
    n, height, width, channels = found.shape
    guesses = []
    if len(found.images_shape) == _GREY_DIMENSIONS:
        guesses.append("The images have no channels: they are grey.")
    names = found.class_names
    if found.labels is not None and len(found.labels) and not names:
        names = numbered(int(found.labels.max()) + 1)
        guesses.append("The file names no classes: their numbers stand for them.")
    n_test, n_validation = found.numbers["n_test"], found.numbers["n_validation"]
    return Preview(n, (height, width, channels), names, n_test, tuple(guesses), n_validation)


SOURCE = Source(
    title=".npz or .h5",
    help="Arrays of NumPy or HDF5: images, and perhaps labels, class_names, file_names; others are guessed.",
    patterns=tuple(f"*{suffix}" for suffix in SUFFIXES),
    recognises=lambda path: path.suffix.lower() in SUFFIXES,
    preview=preview_arrays,
    open=read_arrays,
    scan=scan_arrays,
    opens_directly=opens_directly,
    options=("size", "crop_factor", "grey", "limit", "background", "images", "labels"),
)


@dataclass(frozen=True, eq=False)
class _Found:
    """Contents of a file; `images` is empty if only their shape was read."""

    images: NDArray[np.uint8]
    images_shape: tuple[int, ...]
    labels: NDArray[np.integer] | None
    class_names: tuple[str, ...]
    file_names: tuple[str, ...]
    numbers: dict[str, int]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        n, height, width, *channels = self.images_shape
        return n, height, width, channels[0] if channels else 1


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Raise a `DatasetError` for anything that is wrong with a file."""
    try:
        require_file(path, MOST_DATASET_BYTES)
        yield
    except FileNotFoundError:
        raise DatasetError(f"There is no file “{path}”.") from None
    except TooManyMembersError as error:
        raise DatasetError(f"“{path}” is not opened: {error}.") from error
    except (
        OSError, KeyError, ValueError, TypeError, RuntimeError, EOFError, AttributeError, zlib.error,
        SyntaxError, tokenize.TokenError, MemoryError, RecursionError,  # NumPy parses headers as Python's own
        zipfile.BadZipFile,
    ) as error:  # fmt: skip
        raise DatasetError(
            f"“{path}” holds no images, or is damaged: `images` of bytes are wanted, and perhaps `labels`."
        ) from error


def _read(path: Path, *, with_images: bool = True) -> _Found:
    with _opened(path) as file:
        _check_headers(path, file)
        numbers = {name: int(file.read(name)) if name in file.headers else 0 for name in _NUMBERS}
        if numbers["format"] > FORMAT:
            version = numbers["format"]
            raise DatasetError(f"“{path}” was written by a newer version of the program (format {version}).")
        labels = file.read("labels") if "labels" in file.headers else None
        if labels is not None:
            check_labels(path, labels)
        names = [_texts(file.read(name)) if name in file.headers else () for name in _TEXTS]
        images = file.read("images") if with_images else np.empty(0, np.uint8)
    return _Found(
        images,
        file.headers["images"].shape,
        labels,
        class_names=tuple(validated_class_name(name) for name in names[0]),
        file_names=names[1],
        numbers=numbers,
    )


def _check_headers(path: Path, file: "_Npz | _Hdf5") -> None:
    """Check that the arrays are consistent, before memory is allocated for what their headers declare."""
    headers = file.headers
    images, labels = headers["images"], headers.get("labels")
    if len(images.shape) not in {_GREY_DIMENSIONS, _GREY_DIMENSIONS + 1} or images.dtype != np.uint8:
        raise ValueError(f"Expected (n, height, width, channels) uint8. Received: {images}")
    if labels is not None and (len(labels.shape) != 1 or labels.dtype.kind not in "iu"):
        raise ValueError(f"Expected (n,) whole numbers. Received: {labels}")
    for name in _TEXTS:
        about = headers.get(name)
        if about is not None and (len(about.shape) != 1 or about.dtype.kind not in "USO"):
            raise ValueError(f"Expected a list of texts. Received: {about}")
    for name in _NUMBERS:
        if name in headers and headers[name].shape != ():
            raise ValueError(f"Expected one number. Received: {name}")
    for about in headers.values():
        n = about.shape[0] if about.shape else 1
        check_size(path, n, math.prod(about.shape) * about.dtype.itemsize, about.packed_bytes)
    if labels is not None and images.shape[0] != labels.shape[0]:
        raise DatasetError(f"“{path}” holds {images.shape[0]} images but {labels.shape[0]} labels.")
    if "class_names" in headers and headers["class_names"].shape[0] > MOST_LABELS:
        raise DatasetError(f"“{path}” names too many classes: at most {MOST_LABELS:,} are read.")


def _texts(array: NDArray[Any]) -> tuple[str, ...]:
    """Convert strings as stored by NumPy or HDF5 to `str`."""
    return tuple(text.decode() if isinstance(text, bytes) else str(text) for text in array.tolist())


def _write_npz(path: Path, arrays: _Arrays) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, images=arrays["images"], labels=arrays["labels"], format=arrays["format"])


def _write_hdf5(path: Path, arrays: _Arrays) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array, track_times=False)


@dataclass(frozen=True)
class _Header:
    """Shape and dtype of an array, and its size in the file if it is compressed."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    packed_bytes: int | None = None


@contextmanager
def _opened(path: Path) -> Iterator["_Npz | _Hdf5"]:
    """Open a file for the duration of the block, after checking that its contents are harmless."""
    if path.suffix.lower() == ".npz":
        require_few_members(path)
        with zipfile.ZipFile(path) as archive:
            yield _Npz(path, archive)
    else:
        import h5py

        with h5py.File(path, "r") as file:
            require_plain(file, path.stat().st_size, texts=_TEXTS)
            yield _Hdf5(path, file)


class _Npz:
    """The known arrays of an `.npz` file."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        there = set(archive.namelist())
        self.headers = {name: self._header(name) for name in _NAMES if f"{name}.npy" in there}

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
                    return np.asarray(np.memmap(self._path, header.dtype, "r", start, header.shape))
                file.seek(0)
            array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
            return array

    def _header(self, name: str) -> _Header:
        about = self._archive.getinfo(f"{name}.npy")
        with self._archive.open(about) as file:
            shape, _, dtype = read_npy_header(file)
        packed = min(about.compress_size, self._path.stat().st_size)
        return _Header(shape, dtype, packed)

    def _start_of(self, about: zipfile.ZipInfo) -> int:
        """Offset of a member's data, after its local header, whose last two fields vary in length."""
        with self._path.open("rb") as file:
            file.seek(about.header_offset)
            local = file.read(_LOCAL_HEADER.size)
        name_length, extra_length = _LOCAL_HEADER.unpack(local)
        return about.header_offset + _LOCAL_HEADER.size + int(name_length) + int(extra_length)


_LOCAL_HEADER = struct.Struct("<26xHH")
"""Local header of a ZIP member: the lengths of its name and of the extra field."""


class _Hdf5:
    """The known arrays of an HDF5 file."""

    def __init__(self, path: Path, file: Any) -> None:
        self._path = path
        self._file = file
        arrays = {name: file[name] for name in _NAMES if name in file}
        self.headers = {name: _Header(array.shape, array.dtype) for name, array in arrays.items()}

    def read(self, name: str) -> NDArray[Any]:
        """Read one array; it is memory-mapped if it is large."""
        array = self._file[name]
        if array.dtype.kind == "O":
            return self._texts(array)
        start = array.id.get_offset()
        if start is not None and stays_in_file(array.nbytes):
            return np.asarray(np.memmap(self._path, array.dtype, "r", start, array.shape))
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
