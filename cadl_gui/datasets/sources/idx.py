"""IDX, the file format of MNIST, plain or compressed with gzip (http://yann.lecun.com/exdb/mnist)."""

import gzip
import io
import math
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.bounds import check_labels, check_size
from cadl_gui.datasets.images import FileState, Images, stays_in_file
from cadl_gui.datasets.preparing.tar_members import is_packed
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.child import in_child
from cadl_gui.system.whole_file import fill, require_file, telling
from cadl_gui.system.words import _

_DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_FEWEST_DIMENSIONS, _MAX_DIMENSIONS = 3, 4
_TRAIN, _TEST = "train-images", "t10k-images"
_DOWNLOADED = "raw"
"""Folder in which PyTorch puts what it downloads."""

_HEADER_BYTES, _BYTES_AT_ONCE = 4 + 4 * _MAX_DIMENSIONS, 2**18

# Deflate cannot exceed 1032:1 (zlib's technical details), so a header that declares more is wrong.
_MAX_EXPANSION = 1032


_Check = Callable[[np.dtype[Any], tuple[int, ...]], None]
"""Checks dtype and shape of an array; raises a `DatasetError` to reject it."""


def read_idx(path: Path, check: _Check = lambda _dtype, _shape: None) -> NDArray[Any]:
    """Read one IDX file, plain or compressed.

    Args:
        check: called with dtype and shape after only the header has been read.

    Returns:
        An array of one to four dimensions, in native byte order.

    Raises:
        DatasetError: if the file is missing, truncated, too long or not an IDX file. No more memory is
            allocated than the file can contain.
    """
    with _opened(path) as (file, packed_bytes):
        return _read(file, path, check, packed_bytes)


def load_idx(path: Path) -> ImageStore:
    """Read a dataset from IDX files.

    Args:
        path: a folder with MNIST's file names (`train-images…`, `train-labels…`, and optionally
            `t10k-images…`, `t10k-labels…`, which become the test part), or one file of images, whose labels
            are expected under the same name with “labels” in place of “images”.

    Raises:
        DatasetError: if there is no such dataset, or it is damaged.
    """
    train, test = _files(path)
    parts = [_read_part(part) for part in (train, test) if part is not None]
    if len({part.images.shape[1:] for part in parts}) > 1:
        raise DatasetError(
            _("The training and the test images in “{path}” differ in size.").format(path=path)
        )
    labelled = [part.labels for part in parts if part.labels is not None]
    if labelled and len(labelled) < len(parts):
        raise DatasetError(_("Only some of the images in “{path}” have labels.").format(path=path))
    return ImageStore(
        path.resolve().name if path.is_dir() else path.name,
        Images(*(part.images for part in parts), files=tuple(file for part in parts for file in part.files)),
        np.concatenate(labelled) if labelled else None,
        n_test=0 if test is None else len(parts[-1].images),
    )


def preview_idx(path: Path) -> Preview:
    """Summarise a dataset from the headers of its images and its labels; see `load_idx`.

    Raises:
        DatasetError: if there is no such dataset, or it is damaged.
    """
    train, test = _files(path)
    shapes = [_shape_of(part) for part in (train, test) if part is not None]
    _n, height, width, channels = shapes[0]
    n = sum(shape[0] for shape in shapes)
    labels = _read_labels(_labels_of(train), shapes[0][0])
    if labels is None or not len(labels):
        return Preview(n, (height, width, channels), (), 0 if test is None else shapes[-1][0])
    guess = _("IDX files name no classes: their numbers stand for them.")
    names = numbered(int(labels.max()) + 1)
    n_test = 0 if test is None else shapes[-1][0]
    return Preview(n, (height, width, channels), names, n_test, guesses=(guess,))


def is_idx(path: Path) -> bool:
    """Whether a file has the header of IDX images, compressed or not, or a folder has MNIST's file names."""
    try:
        if path.is_dir():
            return _folder_of_files(path) is not None
        with _opened(path, with_data=False) as (file, _size):
            dtype, shape = _read_header(file, path)
    except (DatasetError, OSError):
        return SOURCE.has_name_like(path)
    return dtype == np.uint8 and len(shape) >= _FEWEST_DIMENSIONS


SOURCE = Source(
    title="IDX",
    is_detail=True,
    help=_(
        "A file of images in the format of MNIST, plain or packed by gzip, with its labels in the same "
        "folder; or a folder with the files of MNIST, under their usual names."
    ),
    patterns=("*-ubyte", "*-ubyte.gz", "*.idx", "*.idx.gz"),
    takes_folders=True,
    recognises=is_idx,
    preview=preview_idx,
    open=load_idx,
)


@contextmanager
def _opened(path: Path, *, with_data: bool = True) -> Iterator[tuple[io.BufferedIOBase, int | None]]:
    """Open a file, of which gzip's are unpacked in another process; also yields its compressed size, or None.

    Args:
        with_data: whether more is wanted than the header.
    """
    most_bytes = math.inf if with_data else _HEADER_BYTES
    with telling(path, DatasetError):
        require_file(path)
        if is_packed(path):
            arguments = path.absolute(), most_bytes
            with closing(in_child(f"“{path}”", DatasetError, _unpacked, *arguments)) as parts:
                received = parts if with_data else iter(list(parts))
                yield io.BufferedReader(_Received(received)), path.stat().st_size
        else:
            with path.open("rb") as file:
                yield file, None


def _unpacked(path: Path, most_bytes: float) -> Iterator[bytes]:
    try:
        with gzip.open(path) as file:
            while part := file.read(int(min(_BYTES_AT_ONCE, most_bytes))):
                most_bytes -= len(part)
                yield part
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DatasetError(_("“{path}” is damaged: it cannot be unpacked.").format(path=path)) from error


class _Received(io.RawIOBase):
    """What another process has unpacked, as a file that is read once."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._part = parts, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._part or memoryview(next(self._parts, b""))
        n = min(len(buffer), len(part))
        buffer[:n], self._part = part[:n], part[n:]
        return n


def _read(file: io.BufferedIOBase, path: Path, check: _Check, packed_bytes: int | None) -> NDArray[Any]:
    dtype, shape = _read_header(file, path)
    check(dtype.newbyteorder("="), shape)
    n_bytes = math.prod(shape) * dtype.itemsize
    check_size(path, shape[0], n_bytes, packed_bytes)
    size = path.stat().st_size
    if n_bytes > (size if packed_bytes is None else size * _MAX_EXPANSION):
        raise DatasetError(
            _("“{path}” is truncated: its header promises {n_bytes:,} bytes of data.").format(
                path=path, n_bytes=n_bytes
            )
        )
    if packed_bytes is None and dtype.itemsize == 1 and stays_in_file(n_bytes):
        offset = file.tell()
        if offset + n_bytes == size:
            return np.memmap(path, dtype, "r", offset, shape)
    data = np.empty(n_bytes, np.uint8)
    if fill(data.data, file) < n_bytes:
        raise DatasetError(
            _("“{path}” is truncated: its header promises {n_bytes:,} bytes of data.").format(
                path=path, n_bytes=n_bytes
            )
        )
    if file.read(1):
        raise DatasetError(
            _("“{path}” is damaged: it holds more data than its header says.").format(path=path)
        )
    return data.view(dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _read_header(file: io.BufferedIOBase, path: Path) -> tuple[np.dtype[Any], tuple[int, ...]]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or not magic[3]:
        raise DatasetError(_("“{path}” is not an IDX file.").format(path=path))
    if magic[2] not in _DTYPES:
        raise DatasetError(
            _("“{path}” is not an IDX file: there is no number type {magic:#04x}.").format(
                path=path, magic=magic[2]
            )
        )
    n_dimensions = magic[3]
    if n_dimensions > _MAX_DIMENSIONS:
        raise DatasetError(
            _("“{path}” has {n_dimensions} dimensions; images have at most four.").format(
                path=path, n_dimensions=n_dimensions
            )
        )
    sizes = file.read(4 * n_dimensions)
    if len(sizes) < 4 * n_dimensions:
        raise DatasetError(_("“{path}” is truncated: its header is incomplete.").format(path=path))
    return np.dtype(_DTYPES[magic[2]]), tuple(np.frombuffer(sizes, ">u4").tolist())


@dataclass(frozen=True, eq=False)
class _Part:
    """The images of one file, their labels, and the state of both files before reading."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    files: tuple[FileState, ...]


def _files(path: Path) -> tuple[Path, Path | None]:
    """Paths of the training images and of the test images, if any."""
    if not path.is_dir():
        return path, None
    folder = _folder_of_files(path)
    train = None if folder is None else _find(folder, _TRAIN)
    if folder is None or train is None:
        raise DatasetError(
            _("The folder “{path}” holds no IDX files: there is no train-images file in it.").format(
                path=path
            )
        )
    return train, _find(folder, _TEST)


def _folder_of_files(path: Path) -> Path | None:
    """The folder itself, or the one in it that has MNIST's file names."""
    folders = (path, path / _DOWNLOADED)
    return next((each for each in folders if each.is_dir() and _find(each, _TRAIN) is not None), None)


def _read_part(path: Path) -> _Part:
    """Read the images of one file, and their labels if there is a file of labels in the same folder."""
    beside = _labels_of(path)
    files = tuple(_state_of(file) for file in (path, beside) if file is not None)
    images = read_idx(path, partial(_check_images, path))
    if images.ndim == _FEWEST_DIMENSIONS:
        images = images[..., np.newaxis]
    return _Part(images, _read_labels(beside, len(images)), files)


def _state_of(path: Path) -> FileState:
    with telling(path, DatasetError):
        return FileState.of(path)


def _shape_of(path: Path) -> tuple[int, int, int, int]:
    with _opened(path, with_data=False) as (file, packed_bytes):
        dtype, shape = _read_header(file, path)
        n_bytes = math.prod(shape) * dtype.itemsize
        if packed_bytes is None and file.tell() + n_bytes > path.stat().st_size:
            raise DatasetError(
                _("“{path}” is truncated: its header promises {n_bytes:,} bytes of data.").format(
                    path=path, n_bytes=n_bytes
                )
            )
    _check_images(path, dtype, shape)
    n, height, width, *channels = shape
    return n, height, width, channels[0] if channels else 1


def _labels_of(path: Path) -> Path | None:
    """Path of the labels that belong to a file of images, if it exists."""
    # MNIST's names differ in two places: train-images-idx3-ubyte, train-labels-idx1-ubyte.
    stem, kind, _rest = path.name.partition("images")
    return _find(path.parent, f"{stem}labels") if kind else None


def _read_labels(path: Path | None, n_images: int) -> NDArray[np.int64] | None:
    if path is None:
        return None
    labels = read_idx(path, partial(_check_labels, path, n_images))
    check_labels(path, labels)
    return labels.astype(np.int64)


def _check_images(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    if dtype != np.uint8:
        raise DatasetError(
            _("“{path}” holds {dtype} numbers; images in IDX files are bytes.").format(path=path, dtype=dtype)
        )
    if len(shape) < _FEWEST_DIMENSIONS:
        raise DatasetError(
            _("“{path}” holds no images: it has {n} dimensions, not 3 or 4.").format(path=path, n=len(shape))
        )


def _check_labels(path: Path, n_images: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    if len(shape) != 1 or dtype.kind not in "iu":
        raise DatasetError(
            _("“{path}” holds no labels: labels are a list of whole numbers.").format(path=path)
        )
    if shape[0] != n_images:
        raise DatasetError(
            _("“{path}” holds {first} labels for {n_images} images.").format(
                path=path, first=shape[0], n_images=n_images
            )
        )


def _find(folder: Path, start: str) -> Path | None:
    """Path of the file whose name starts with `start`; the uncompressed one is preferred."""
    found = [path for path in folder.iterdir() if path.name.startswith(start) and path.is_file()]
    return min(found, key=lambda path: (path.suffix == ".gz", path.name), default=None)
