"""Images in an `.npz` (NumPy) or `.h5` (HDF5) file of arrays, format version 1.

`images` has shape (n, height, width, channels) or (n, height, width) and dtype uint8. Optional arrays are
`labels`, (n,) integers; `class_names`, by label; `file_names`, of each image; and `format`, the version.
Prepared datasets also have the numbers `n_validation`, `n_test` and `is_sequence`; see `ImageStore`. The
shipped `mnist.h5` uses the same names. Large uncompressed images are memory-mapped.
"""

import math
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

from cadl_gui.datasets.bounds import check_labels, check_size
from cadl_gui.datasets.images import FileState, Images
from cadl_gui.datasets.known_arrays import NUMBERS, TEXTS, Hdf5Arrays, NpzArrays, opened_known_arrays
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.class_names import numbered, validated_class_name
from cadl_gui.domain.dataset_source import DatasetScan, Preview
from cadl_gui.domain.errors import DatasetError, UserError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.archive import TooManyMembersError
from cadl_gui.system.atomic_write import atomic_write
from cadl_gui.system.file_limits import MOST_DATASET_BYTES, MOST_LABELS
from cadl_gui.system.whole_file import require_file

SUFFIXES = (".npz", ".h5")
FORMAT = 1

_GREY_DIMENSIONS = 3

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
    if not _opens_directly(path):
        return _scan(path, PreparingOptions()).preview
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


def _scan(path: Path, options: PreparingOptions) -> DatasetScan:
    from cadl_gui.datasets.array_scan import scan_arrays

    return scan_arrays(path, options)


def _opens_directly(path: Path) -> bool:
    from cadl_gui.datasets.array_scan import opens_directly

    return opens_directly(path)


SOURCE = Source(
    title=".npz or .h5",
    help="Arrays of NumPy or HDF5: images, and perhaps labels, class_names, file_names; others are guessed.",
    patterns=tuple(f"*{suffix}" for suffix in SUFFIXES),
    recognises=lambda path: path.suffix.lower() in SUFFIXES,
    preview=preview_arrays,
    open=read_arrays,
    write=write_examples,
    scan=_scan,
    opens_directly=_opens_directly,
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
            f"“{path}” holds no images, or is damaged: it needs an array of images, perhaps one of labels."
        ) from error


def _read(path: Path, *, with_images: bool = True) -> _Found:
    with opened_known_arrays(path) as file:
        _check_headers(path, file)
        numbers = {name: int(file.read(name)) if name in file.headers else 0 for name in NUMBERS}
        if numbers["format"] > FORMAT:
            version = numbers["format"]
            raise DatasetError(f"“{path}” was written by a newer version of the program (format {version}).")
        labels = file.read("labels") if "labels" in file.headers else None
        if labels is not None:
            check_labels(path, labels)
        names = [_texts(file.read(name)) if name in file.headers else () for name in TEXTS]
        images = file.read("images") if with_images else np.empty(0, np.uint8)
    return _Found(
        images,
        file.headers["images"].shape,
        labels,
        class_names=tuple(validated_class_name(name) for name in names[0]),
        file_names=names[1],
        numbers=numbers,
    )


def _check_headers(path: Path, file: NpzArrays | Hdf5Arrays) -> None:
    """Check that the arrays are consistent, before memory is allocated for what their headers declare."""
    headers = file.headers
    images, labels = headers["images"], headers.get("labels")
    if len(images.shape) not in {_GREY_DIMENSIONS, _GREY_DIMENSIONS + 1} or images.dtype != np.uint8:
        raise ValueError(f"Expected (n, height, width, channels) uint8. Received: {images}")
    if labels is not None and (len(labels.shape) != 1 or labels.dtype.kind not in "iu"):
        raise ValueError(f"Expected (n,) whole numbers. Received: {labels}")
    for name in TEXTS:
        about = headers.get(name)
        if about is not None and (len(about.shape) != 1 or about.dtype.kind not in "USO"):
            raise ValueError(f"Expected a list of texts. Received: {about}")
    for name in NUMBERS:
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
