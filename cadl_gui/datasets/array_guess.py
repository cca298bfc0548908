"""Guesses which arrays of a file are images, and what their values mean, by shapes and usual names."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.any_arrays import AnyArray
from cadl_gui.datasets.array_names import shapes_text
from cadl_gui.datasets.part_names import part_of
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.file_limits import LARGEST_SIDE

_CHANNELS = {1, 3, 4}
_SMALLEST_SIDE, _SMALLEST_FLAT_SIDE = 4, 8

FEW_LEVELS = 32
"""White of images of few grey levels, at most: scikit-learn's digits have 0 to 16."""

_MOST_BITS = 13
"""Images of 9 to 13 bits, of cameras and scanners, do not have 16, of which they would be almost black."""


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
    found = (_image_array(name, array.shape) for name, array in arrays.items() if not array.is_text)
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
            f"There are {shapes_text(arrays)}."
        )
    train = [each for each in found if part_of(each.name) == 0]
    if not train:
        largest = max(found, key=lambda each: (each.n * math.prod(each.shape), each.name))
        return [ImageArray(largest.name, largest.n, largest.shape, largest.layout, 0)]
    first = max(train, key=lambda each: each.n * math.prod(each.shape))
    others = (
        [each for each in found if part_of(each.name) == part and each.shape == first.shape]
        for part in (1, 2)
    )
    return [first, *(max(part, key=lambda each: each.n) for part in others if part)]


def range_of(sample: NDArray[Any]) -> tuple[float, float]:
    """Values that stand for black and white, judged by some of the images."""
    if sample.dtype == np.bool_:
        return 0.0, 1.0
    finite = sample[np.isfinite(sample)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    power = 2.0 ** math.ceil(math.log2(max(high, 1.0)))
    levels = ((0.0, power),) if power <= FEW_LEVELS or 255 < high <= 2**_MOST_BITS else ()
    usual = ((0.0, 1.0), (-1.0, 1.0), *levels, (0.0, 255.0), (0.0, 65535.0))
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
    part = part_of(name) or 0
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
