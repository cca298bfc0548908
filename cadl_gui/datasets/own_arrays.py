"""Reads and checks a file of arrays in the program's own format; see `sources.arrays`."""

import errno
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.any_arrays import DAMAGE, AnyArray, arrays_in
from cadl_gui.datasets.bounds import check_labels, check_size
from cadl_gui.domain.class_names import validated_class_name
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.file_format import require_format
from cadl_gui.system.file_limits import MOST_DATASET_BYTES, MOST_LABELS
from cadl_gui.system.whole_file import require_file, telling
from cadl_gui.system.words import _

_GREY_DIMENSIONS = 3
_TEXTS = ("class_names", "file_names")
_NUMBERS = ("format", "n_validation", "n_test", "is_sequence")
_NAMES = ("images", "labels", *_NUMBERS)


@dataclass(frozen=True, eq=False)
class OwnArrays:
    """Contents of a file.

    Attributes:
        images: the images; empty if only their shape was read.
        images_shape: their shape in the file.
        labels: (n,) integers, or None.
        class_names: class names by label; () if there are none.
        file_names: file name of each image; () if there are none.
        numbers: the numbers of `_NUMBERS`, 0 for those that are not there.
    """

    images: NDArray[np.uint8]
    images_shape: tuple[int, ...]
    labels: NDArray[np.integer] | None
    class_names: tuple[str, ...]
    file_names: tuple[str, ...]
    numbers: dict[str, int]

    @property
    def has_no_channels(self) -> bool:
        """Whether the images are grey, and their array does not say so."""
        return len(self.images_shape) == _GREY_DIMENSIONS

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(n, height, width, channels)."""
        n, height, width, *channels = self.images_shape
        return n, height, width, channels[0] if channels else 1


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Raise a `DatasetError` for anything that is wrong with a file."""
    says = _("holds no images, or is damaged: it needs an array of images, perhaps one of labels")
    with telling(path, DatasetError, DAMAGE, says):
        require_file(path, MOST_DATASET_BYTES)
        yield


def is_own_format(path: Path) -> bool:
    """Whether a file holds what `read_own_arrays` reads, or too many or too large arrays for it.

    Others may have the same names: packed images, labels as a column, one-hot or as texts.
    """
    try:
        with arrays_in(path, _NAMES, _TEXTS) as arrays:
            _check_headers(path, arrays)
    except DatasetError:
        return True
    except DAMAGE as error:
        return isinstance(error, OSError) and error.errno == errno.EFBIG
    return True


def read_own_arrays(path: Path, *, with_images: bool = True) -> OwnArrays:
    """Read the arrays of a file, after checking what their headers declare; in a `reported` block."""
    with arrays_in(path, _NAMES, _TEXTS) as arrays:
        _check_headers(path, arrays)
        numbers = {name: int(arrays[name].whole()) if name in arrays else 0 for name in _NUMBERS}
        if "format" in arrays:
            require_format(numbers["format"], f"“{path}”", DatasetError)
        labels = arrays["labels"].whole() if "labels" in arrays else None
        if labels is not None:
            check_labels(path, labels)
        names = [_texts(arrays[name].whole()) if name in arrays else () for name in _TEXTS]
        images = arrays["images"].whole() if with_images else np.empty(0, np.uint8)
        shape = arrays["images"].shape
    return OwnArrays(
        images,
        shape,
        labels,
        class_names=tuple(validated_class_name(name) for name in names[0]),
        file_names=names[1],
        numbers=numbers,
    )


def _check_headers(path: Path, headers: Mapping[str, AnyArray]) -> None:
    """Check that the arrays are consistent, before memory is allocated for what their headers declare."""
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
        raise DatasetError(
            _("“{path}” holds {first} images but {first_2} labels.").format(
                path=path, first=images.shape[0], first_2=labels.shape[0]
            )
        )
    if "class_names" in headers and headers["class_names"].shape[0] > MOST_LABELS:
        raise DatasetError(
            _("“{path}” names too many classes: at most {most_labels:,} are read.").format(
                path=path, most_labels=MOST_LABELS
            )
        )


def _texts(array: NDArray[Any]) -> tuple[str, ...]:
    """Convert strings as stored by NumPy or HDF5 to `str`."""
    return tuple(text.decode() if isinstance(text, bytes) else str(text) for text in array.tolist())
