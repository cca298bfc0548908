"""Labelled pictures in one file, format version 1.

Three arrays: `images` (n, height, width, channels) uint8, bright ink on black; `labels` (n,) whole numbers;
and `format`, the version. In `.npz` (NumPy, compressed) or `.h5` (HDF5, uncompressed), named as in the
shipped `mnist.h5`.
"""

import math
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.archive import TooManyMembersError, require_few_members
from cadl_gui.core.errors import DatasetError, UserError
from cadl_gui.core.file_limits import MOST_DATASET_BYTES
from cadl_gui.core.replacing import replacing
from cadl_gui.core.whole_file import require_file
from cadl_gui.datasets.bounds import check_labels, check_size
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.plain_hdf5 import require_plain

SUFFIXES = (".npz", ".h5")
FORMAT = 1

_NAMES = ("images", "labels", "format")

_Arrays = dict[str, NDArray[Any]]
_Header = tuple[tuple[int, ...], np.dtype[Any]]
"""Shape and type of an array."""


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
        require_file(path, MOST_DATASET_BYTES)
        return _dataset(path, read(path))
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
            f"“{path}” holds no labelled pictures, or is damaged: `images` and `labels` are wanted."
        ) from error


def _dataset(path: Path, arrays: _Arrays) -> Dataset:
    images, labels = arrays["images"], arrays["labels"]
    version = int(arrays.get("format", FORMAT))
    if version > FORMAT:
        raise DatasetError(f"“{path}” was written by a newer version of the program (format {version}).")
    check_labels(path, labels)
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
    require_few_members(path)
    with zipfile.ZipFile(path) as archive:
        names = {f"{name}.npy" for name in _NAMES} & set(archive.namelist())
        _check_members(path, archive)
        arrays = {}
        for name in names:
            with archive.open(name) as file:
                arrays[name.removesuffix(".npy")] = np.lib.format.read_array(file, allow_pickle=False)
        return arrays


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    """See to it that the arrays belong together, before NumPy makes room for what their headers promise."""
    headers = {name: _header(archive, f"{name}.npy") for name in ("images", "labels")}
    packed = {name: archive.getinfo(f"{name}.npy").compress_size for name in headers}
    _check_headers(path, headers, {name: min(n, path.stat().st_size) for name, n in packed.items()})
    if "format.npy" in archive.namelist() and _header(archive, "format.npy")[0] != ():
        raise ValueError("Expected one number. Received: format")


def _header(archive: zipfile.ZipFile, name: str) -> _Header:
    with archive.open(name) as file:
        read = np.lib.format.read_array_header_1_0
        if np.lib.format.read_magic(file) != (1, 0):
            read = np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
    return shape, dtype


def _check_headers(path: Path, headers: dict[str, _Header], packed: Mapping[str, int]) -> None:
    (shape, dtype), (labels_shape, labels_dtype) = headers["images"], headers["labels"]
    if len(shape) != 4 or dtype != np.uint8 or len(labels_shape) != 1 or labels_dtype.kind not in "iu":
        raise ValueError(f"Received: {dtype}{shape}, {labels_dtype}{labels_shape}")
    for name, (sides, kind) in headers.items():
        check_size(path, sides[0], math.prod(sides) * kind.itemsize, packed.get(name))
    if shape[0] != labels_shape[0]:
        raise DatasetError(f"“{path}” holds {shape[0]} pictures but {labels_shape[0]} labels.")


def _read_hdf5(path: Path) -> _Arrays:
    import h5py

    with h5py.File(path, "r") as file:
        require_plain(file, path.stat().st_size)
        _check_headers(
            path, {name: (file[name].shape, file[name].dtype) for name in ("images", "labels")}, {}
        )
        return {name: file[name][...] for name in _NAMES if name in file}
