"""Labelled pictures in one file, format version 1.

Three arrays: `images` (n, height, width, channels) uint8, bright ink on black; `labels` (n,) whole numbers;
and `format`, the version. In `.npz` (NumPy, compressed) or `.h5` (HDF5, uncompressed), named as in the
shipped `mnist.h5`.
"""

import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import DatasetError, UserError
from cadl_gui.core.replacing import replacing
from cadl_gui.core.whole_file import require_file
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.plain_hdf5 import require_plain

SUFFIXES = (".npz", ".h5")
FORMAT = 1

_MAX_BYTES = 2**30

_Arrays = dict[str, NDArray[Any]]


def write_examples(path: Path, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
    """Write pictures and their labels.

    Args:
        path: ends in `.npz` (NumPy) or `.h5` (HDF5).
        images: (n, height, width, channels) uint8.
        labels: (n,) int64.

    Raises:
        UserError: if the path ends otherwise, or cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"“{path.name}” has to end in .npz or .h5.")
    write = _write_npz if path.suffix.lower() == ".npz" else _write_hdf5
    arrays: _Arrays = {"images": images, "labels": labels, "format": np.array(FORMAT)}
    try:
        with replacing(path) as beside:
            write(beside, arrays)
    except OSError as error:
        raise UserError(f"“{path}” cannot be written: {error.strerror or error}.") from error


def read_examples(path: Path) -> Dataset:
    """Read pictures and their labels as a dataset without a test part.

    Nothing in the file is executed, and no more is read than it promises.

    Raises:
        DatasetError: if there is no such file, or it holds something else.
    """
    read = _read_npz if path.suffix.lower() == ".npz" else _read_hdf5
    try:
        require_file(path)
        return _dataset(path, read(path))
    except FileNotFoundError:
        raise DatasetError(f"There is no file “{path}”.") from None
    except (
        OSError, KeyError, ValueError, TypeError, RuntimeError, EOFError, AttributeError, zlib.error,
        SyntaxError, tokenize.TokenError, MemoryError, RecursionError,  # NumPy parses headers as Python's own
        zipfile.BadZipFile,
    ) as error:  # fmt: skip
        raise DatasetError(
            f"“{path}” holds no labelled pictures, or is damaged: `images` and `labels` are wanted."
        ) from error


def _dataset(path: Path, arrays: _Arrays) -> Dataset:
    images, labels = arrays["images"], arrays["labels"]
    version = int(arrays.get("format", FORMAT))
    if version > FORMAT:
        raise DatasetError(f"“{path}” was written by a newer version of the program (format {version}).")
    if images.ndim != 4 or images.dtype != np.uint8 or labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(f"Received: {images.dtype}{images.shape}, {labels.dtype}{labels.shape}")
    if len(labels) and int(labels.min()) < 0:
        raise ValueError(f"Received: a label of {labels.min()}")
    return Dataset(path.name, images, labels.astype(np.int64), n_test=0)


def _write_npz(path: Path, arrays: _Arrays) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, images=arrays["images"], labels=arrays["labels"], format=arrays["format"])


def _write_hdf5(path: Path, arrays: _Arrays) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array, track_times=False)


def _read_npz(path: Path) -> _Arrays:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size > _MAX_BYTES:
                raise ValueError(f"Expected at most {_MAX_BYTES} bytes. Received: {member.file_size}")
            with archive.open(member) as file:
                _require_honest_header(file, member.file_size)
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in ("images", "labels", "format") if name in arrays}


def _require_honest_header(file: Any, n_bytes: int) -> None:
    """NumPy makes room for what a header promises before it has read any of it."""
    read = np.lib.format.read_array_header_1_0
    if np.lib.format.read_magic(file) != (1, 0):
        read = np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    if np.prod(shape, dtype=np.float64) * dtype.itemsize > n_bytes:
        raise ValueError(f"Expected at most {n_bytes} bytes. Received: {dtype}{shape}")


def _read_hdf5(path: Path) -> _Arrays:
    import h5py

    if not path.exists():
        raise FileNotFoundError(path)
    with h5py.File(path, "r") as file:
        require_plain(file, path.stat().st_size)
        return {name: file[name][...] for name in ("images", "labels", "format") if name in file}
