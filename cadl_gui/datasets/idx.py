"""The file format of MNIST: IDX, plain or compressed with gzip (http://yann.lecun.com/exdb/mnist)."""

import gzip
import math
import zlib
from collections.abc import Callable
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import DatasetError
from cadl_gui.core.whole_file import require_file
from cadl_gui.datasets.bounds import check_labels, check_size
from cadl_gui.datasets.dataset import Dataset

_DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP_MAGIC = b"\x1f\x8b"
_MAX_DIMENSIONS = 4
# Deflate cannot do better than 1032:1 (zlib's technical details), so a header that claims more is wrong.
_MAX_EXPANSION = 1032


_Check = Callable[[np.dtype[Any], tuple[int, ...]], None]
"""Looks at type and shape of an array; raises a `DatasetError` if it is not to be read."""


def read_idx(path: Path, check: _Check = lambda _dtype, _shape: None) -> NDArray[Any]:
    """Read one IDX file, plain or compressed.

    Args:
        path: of it.
        check: is asked before anything but the header is read.

    Returns:
        An array of one to four dimensions with the file's numbers, in the machine's byte order.

    Raises:
        DatasetError: if the file is missing, truncated, too long or no IDX file. Nothing larger than the file
            can hold is ever allocated.
    """
    try:
        require_file(path)
        size = path.stat().st_size
        with path.open("rb") as file:
            if file.read(2) == _GZIP_MAGIC:
                file.seek(0)
                with gzip.GzipFile(fileobj=file) as unpacked:
                    return _read(unpacked, path, check, packed_bytes=size)
            file.seek(0)
            return _read(file, path, check, packed_bytes=None)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DatasetError(f"“{path}” is damaged: it cannot be unpacked.") from None
    except OSError as error:
        raise DatasetError(f"“{path}” cannot be read: {error.strerror or error}.") from error


def load_idx(path: Path) -> Dataset:
    """Read a dataset from IDX files.

    Args:
        path: a folder with MNIST's names (`train-images…`, `train-labels…`, and perhaps `t10k-images…`,
            `t10k-labels…`, which become the test part), or one file of pictures, whose labels are looked for
            under the same name with “labels” in place of “images”.

    Raises:
        DatasetError: if there is no such dataset, or it is damaged.
    """
    if path.is_dir():
        return _load_folder(path)
    images, labels = _read_part(path)
    return Dataset(path.name, images, labels, n_test=0)


def _read(file: BufferedIOBase, path: Path, check: _Check, packed_bytes: int | None) -> NDArray[Any]:
    dtype, shape = _read_header(file, path)
    check(dtype.newbyteorder("="), shape)
    n_bytes = math.prod(shape) * dtype.itemsize
    check_size(path, shape[0], n_bytes, packed_bytes)
    size = path.stat().st_size
    if n_bytes > (size if packed_bytes is None else size * _MAX_EXPANSION):
        raise DatasetError(f"“{path}” is truncated: its header promises {n_bytes:,} bytes of data.")
    data = np.empty(n_bytes, np.uint8)
    if _fill(file, data.data) < n_bytes:
        raise DatasetError(f"“{path}” is truncated: its header promises {n_bytes:,} bytes of data.")
    if file.read(1):
        raise DatasetError(f"“{path}” is damaged: it holds more data than its header says.")
    return data.view(dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _read_header(file: BufferedIOBase, path: Path) -> tuple[np.dtype[Any], tuple[int, ...]]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or not magic[3]:
        raise DatasetError(f"“{path}” is not an IDX file.")
    if magic[2] not in _DTYPES:
        raise DatasetError(f"“{path}” is not an IDX file: there is no number type {magic[2]:#04x}.")
    n_dimensions = magic[3]
    if n_dimensions > _MAX_DIMENSIONS:
        raise DatasetError(f"“{path}” has {n_dimensions} dimensions; pictures have at most four.")
    sizes = file.read(4 * n_dimensions)
    if len(sizes) < 4 * n_dimensions:
        raise DatasetError(f"“{path}” is truncated: its header is incomplete.")
    return np.dtype(_DTYPES[magic[2]]), tuple(np.frombuffer(sizes, ">u4").tolist())


def _fill(file: BufferedIOBase, buffer: memoryview) -> int:
    """Read until the buffer is full or the file ends, since one call may return less than it could."""
    filled = 0
    while filled < len(buffer) and (n_read := file.readinto(buffer[filled:])):
        filled += n_read
    return filled


def _load_folder(folder: Path) -> Dataset:
    train = _find(folder, "train-images")
    if train is None:
        raise DatasetError(f"The folder “{folder}” holds no IDX files: there is no train-images file in it.")
    parts = [_read_part(train)]
    test = _find(folder, "t10k-images")
    if test is not None:
        parts.append(_read_part(test))
    images, labels = zip(*parts, strict=True)
    if len({part.shape[1:] for part in images}) > 1:
        raise DatasetError(f"The training and the test pictures in “{folder}” differ in size.")
    labelled = [part for part in labels if part is not None]
    if labelled and len(labelled) < len(parts):
        raise DatasetError(f"Only some of the pictures in “{folder}” have labels.")
    return Dataset(
        name=folder.resolve().name,
        images=np.concatenate(images) if len(images) > 1 else images[0],
        labels=np.concatenate(labelled) if labelled else None,
        n_test=0 if test is None else len(images[-1]),
    )


def _read_part(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64] | None]:
    """Read the pictures of one file, and their labels if there is a file of them beside it."""
    images = read_idx(path, partial(_check_images, path))
    if images.ndim == 3:
        images = images[..., np.newaxis]
    # MNIST's names differ in two places: train-images-idx3-ubyte, train-labels-idx1-ubyte.
    stem, kind, _ = path.name.partition("images")
    beside = _find(path.parent, f"{stem}labels") if kind else None
    if beside is None:
        return images, None
    labels = read_idx(beside, partial(_check_labels, beside, len(images)))
    check_labels(beside, labels)
    return images, labels.astype(np.int64)


def _check_images(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    if dtype != np.uint8:
        raise DatasetError(f"“{path}” holds {dtype} numbers; pictures in IDX files are bytes.")
    if len(shape) < 3:
        raise DatasetError(f"“{path}” holds no pictures: it has {len(shape)} dimensions, not 3 or 4.")


def _check_labels(path: Path, n_images: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    if len(shape) != 1 or dtype.kind not in "iu":
        raise DatasetError(f"“{path}” holds no labels: labels are a list of whole numbers.")
    if shape[0] != n_images:
        raise DatasetError(f"“{path}” holds {shape[0]} labels for {n_images} pictures.")


def _find(folder: Path, start: str) -> Path | None:
    """The file whose name starts so, whatever follows; the unpacked one where both lie there."""
    found = [path for path in folder.iterdir() if path.name.startswith(start) and path.is_file()]
    return min(found, key=lambda path: (path.suffix == ".gz", path.name), default=None)
