"""Guesses which arrays of a file are images and labels, by their shapes and usual names."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.any_arrays import AnyArray
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.file_limits import LARGEST_SIDE, MOST_LABELS

_PARTS = ({"train", "training"}, {"val", "valid", "validation", "dev"}, {"test", "testing"})
_LABEL_WORDS = {"y", "label", "labels", "target", "targets", "class", "classes"}
_WORDS = re.compile(r"[a-z]+")
_CHANNELS = {1, 3, 4}
BLOCK_BYTES = 2**24
_SMALLEST_SIDE, _SMALLEST_FLAT_SIDE = 4, 8


@dataclass(frozen=True)
class ImageArray:
    """An array of images.

    Attributes:
        name: its name in the file.
        n: number of images.
        shape: (height, width, channels).
        layout: "last" or "first", where the channels are; "none" for grey; "flat" for rows of pixels.
        part: 0 for training, 1 for validation, 2 for test.
    """

    name: str
    n: int
    shape: ImageShape
    layout: str
    part: int

    def images(self, block: NDArray[Any]) -> NDArray[Any]:
        """Arrange rows of the array as images (k, height, width, channels)."""
        if self.layout == "first":
            return block.transpose(0, 2, 3, 1)
        return block.reshape(len(block), *self.shape)


def image_arrays(arrays: Mapping[str, AnyArray]) -> list[ImageArray]:
    """All arrays that could be images."""
    found = (_image_array(name, array.shape) for name, array in arrays.items())
    return [each for each in found if each is not None]


def chosen_images(path: Path, arrays: Mapping[str, AnyArray], options: PreparingOptions) -> list[ImageArray]:
    """Choose the images of a file: training, validation and test, if they are named so, or the largest array.

    Raises:
        DatasetError: if there are none, or not those that the options name.
    """
    found = image_arrays(arrays)
    if options.images:
        found = [each for each in found if each.name == options.images]
    if not found:
        wanted = f"“{options.images}”" if options.images else "images"
        raise DatasetError(
            f"“{path}” holds no array that could be {wanted}: (n, height, width, channels) is wanted. "
            f"There are {_shapes(arrays)}."
        )
    train = [each for each in found if _part(each.name) == 0]
    if not train:
        largest = max(found, key=lambda each: (each.n * math.prod(each.shape), each.name))
        return [ImageArray(largest.name, largest.n, largest.shape, largest.layout, 0)]
    first = max(train, key=lambda each: each.n * math.prod(each.shape))
    others = (
        [each for each in found if _part(each.name) == part and each.shape == first.shape] for part in (1, 2)
    )
    return [first, *(max(part, key=lambda each: each.n) for part in others if part)]


def chosen_labels(
    path: Path,
    arrays: Mapping[str, AnyArray],
    images: ImageArray,
    options: PreparingOptions,
    *,
    is_only: bool,
) -> str | None:
    """Name of the array with the labels of an array of images, or None.

    Labels of another part are never those of the images: “y_test” is not taken for “x_train”, even if it
    has as many rows. If the options name the labels of one part, “fine_train”, those of another are the ones
    that differ from them in the part only, “fine_test”.

    Args:
        path: path of the file.
        arrays: its arrays.
        images: the images.
        options: may name the labels.
        is_only: whether there are no other images, for which labels without a part could be.

    Raises:
        DatasetError: if the labels that the options name are not there, have another number, or are not there
            for this part.
    """
    asked, own_part = options.labels, _part(images.name)
    candidates = [
        name for name, array in arrays.items() if name != images.name and _may_be_labels(array.shape)
    ]
    if asked and asked not in candidates:
        raise DatasetError(
            f"“{path}” holds no array “{asked}” that could be labels. There are {_shapes(arrays)}."
        )
    if asked and (is_only or (_part(asked) or 0) == images.part):
        named = [asked]
    else:
        named = [
            name
            for name in candidates
            if (_without_part(name) == _without_part(asked) if asked else _LABEL_WORDS & set(_words(name)))
            and (_part(name) == own_part or (is_only and None in {_part(name), own_part}))
        ]
        if asked and not named:
            raise DatasetError(f"“{path}” holds no labels like “{asked}” for the images in “{images.name}”.")
    fitting = [name for name in named if arrays[name].shape[0] == images.n]
    if named and not fitting:
        n = arrays[named[0]].shape[0]
        raise DatasetError(
            f"“{path}” holds {images.n} images in “{images.name}” but {n} labels in “{named[0]}”."
        )
    return min(fitting, key=lambda name: (_part(name) != own_part, len(name)), default=None)


def read_labels(path: Path, name: str, array: AnyArray) -> NDArray[np.int64]:
    """Read labels: whole numbers, or one-hot rows.

    Raises:
        DatasetError: if they are neither, or out of range.
    """
    n_rows = max(1, BLOCK_BYTES // (8 * math.prod(array.shape[1:])))
    values = np.concatenate([_numbers(path, name, block) for block in array.blocks(n_rows)])
    if not np.isfinite(values).all() or (values != np.floor(values)).any():
        raise DatasetError(f"“{name}” in “{path}” holds no labels, which are whole numbers.")
    if values.min() < 0 or values.max() >= MOST_LABELS:
        wrong = values.min() if values.min() < 0 else values.max()
        raise DatasetError(
            f"“{name}” in “{path}” has the label {wrong:.0f}: labels are from 0 to {MOST_LABELS - 1:,}."
        )
    return values.astype(np.int64)


def _numbers(path: Path, name: str, rows: NDArray[Any]) -> NDArray[Any]:
    """Labels of some rows, (n,)."""
    if rows.ndim == 2 and rows.shape[1] > 1:
        if not (np.isin(rows, (0, 1)).all() and (rows.sum(axis=1) == 1).all()):
            raise DatasetError(f"“{name}” in “{path}” holds no labels: its rows are not one-hot.")
        rows = rows.argmax(axis=1)
    return rows.reshape(-1)


def range_of(sample: NDArray[Any]) -> tuple[float, float]:
    """Values that stand for black and white, judged by some of the images."""
    if sample.dtype == np.bool_:
        return 0.0, 1.0
    finite = sample[np.isfinite(sample)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    usual = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0), (0.0, 65535.0))
    found = next(
        ((black, white) for black, white in usual if black - 1e-3 <= low and high <= white + 1e-3), None
    )
    return found or (low, high)


def scaled(values: NDArray[Any], black: float, white: float) -> NDArray[np.uint8]:
    """Scale values to 0 to 255; what is out of range is clipped, and NaN becomes black."""
    if values.dtype == np.uint8 and (black, white) == (0.0, 255.0):
        return values
    levels = (values.astype(np.float32) - black) * np.float32(255 / (white - black))
    levels = np.nan_to_num(levels, nan=0.0, posinf=255.0, neginf=0.0)
    bytes_: NDArray[np.uint8] = np.rint(levels).clip(0, 255).astype(np.uint8)
    return bytes_


def _image_array(name: str, shape: tuple[int, ...]) -> ImageArray | None:
    part = _part(name) or 0
    for sizes, layout in _readings(shape):
        height, width, _ = sizes
        if shape[0] and min(height, width) >= _SMALLEST_SIDE and max(height, width) <= LARGEST_SIDE:
            return ImageArray(name, shape[0], sizes, layout, part)
    return None


def _readings(shape: tuple[int, ...]) -> Iterator[tuple[ImageShape, str]]:
    """What the rows of an array can be, the likeliest first."""
    match shape:
        case (_, height, width, channels) if channels in _CHANNELS:
            yield (height, width, channels), "last"
        case (_, channels, height, width) if channels in _CHANNELS:
            yield (height, width, channels), "first"
        case (_, height, width) if width not in _CHANNELS:
            yield (height, width, 1), "none"
        case (_, n_pixels) if math.isqrt(n_pixels) ** 2 == n_pixels >= _SMALLEST_FLAT_SIDE**2:
            side = math.isqrt(n_pixels)
            yield (side, side, 1), "flat"


def _may_be_labels(shape: tuple[int, ...]) -> bool:
    return len(shape) == 1 or (len(shape) == 2 and 1 <= shape[1] <= MOST_LABELS)


def _words(name: str) -> list[str]:
    return _WORDS.findall(name.rpartition("/")[2].lower())


def _part(name: str) -> int | None:
    words = set(_WORDS.findall(name.lower()))
    return next((number for number, part in enumerate(_PARTS) if words & part), None)


def _without_part(name: str) -> list[str]:
    words = re.findall(r"[a-z]+|[0-9]+", name.lower())
    return [word for word in words if not any(word in part for part in _PARTS)]


def _shapes(arrays: Mapping[str, AnyArray]) -> str:
    shown = [f"“{name:.100}” {array.shape}" for name, array in list(arrays.items())[:10]]
    return ", ".join(shown) if shown else "no arrays of numbers"
