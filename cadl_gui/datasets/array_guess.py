"""Guesses which arrays of a file are images, and what their values mean, by shapes and usual names."""

import math
from collections.abc import Iterable, Iterator, Mapping
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
from cadl_gui.system.words import _

_CHANNELS = {1, 3, 4}
_SMALLEST_SIDE, _SMALLEST_FLAT_SIDE = 4, 8

FEW_LEVELS = 32
"""White of images of few grey levels, at most: scikit-learn's digits have 0 to 16."""

_MOST_LEVELS = 65535.0
"""White of images of 16 bits."""

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
            _(
                "“{path}” holds no array that could be {wanted}: (n, height, width, channels) is wanted. "
                "There are {shapes}."
            ).format(path=path, wanted=wanted, shapes=shapes_text(arrays))
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


def range_of(blocks: Iterable[NDArray[Any]]) -> tuple[float, float] | None:
    """Values that stand for black and white, judged by the first images that are not dark, if there are any.

    A film that fades in begins with dark ones.

    Args:
        blocks: the images, in blocks of any numbers or bools; read until the range is known.

    Returns:
        Two finite numbers, equal if the images have one value only; None if no number is finite.
    """
    brightest: tuple[float, float] | None = None
    for block in blocks:
        found = _extremes(block)
        if found is None:
            continue
        brightest = found if brightest is None else max(brightest, found, key=lambda each: each[1])
        tells = found[0] < found[1] and (block.dtype.kind not in "iu" or found[1] > FEW_LEVELS)
        if tells or FEW_LEVELS < brightest[1] <= _MOST_LEVELS:
            break
    if brightest is None:
        return None
    low, high = brightest
    power = 2.0 ** math.ceil(math.log2(min(max(high, 1.0), _MOST_LEVELS)))
    levels = ((0.0, power),) if power <= FEW_LEVELS or 255 < high <= 2**_MOST_BITS else ()
    usual = ((0.0, 1.0), (-1.0, 1.0), *levels, (0.0, 255.0), (0.0, _MOST_LEVELS))
    return next(
        ((black, white) for black, white in usual if black - 1e-3 <= low and high <= white + 1e-3), brightest
    )


def scaled(values: NDArray[Any], black: float, white: float) -> NDArray[np.uint8]:
    """Scale values to 0 to 255; what is out of range is clipped, and NaN becomes black.

    Args:
        values: any numbers or bools.
        black: finite value that becomes 0.
        white: finite value that becomes 255; if it is `black`, all values become 0.
    """
    if values.dtype == np.uint8 and (black, white) == (0.0, 255.0):
        return values
    if white <= black:
        return np.zeros(values.shape, np.uint8)
    # Numbers of 16 bits are exact in float32. Of larger ones, halves are taken: a difference may be infinite.
    is_small = max(abs(black), abs(white)) <= _MOST_LEVELS
    with np.errstate(over="ignore", invalid="ignore"):
        if is_small:
            levels = (values.astype(np.float32) - black) * np.float32(255 / (white - black))
        else:
            levels = (_as_float64(values) / 2 - black / 2) / (white / 2 - black / 2) * 255
    levels = np.nan_to_num(levels, nan=0.0, posinf=255.0, neginf=0.0)
    bytes_: NDArray[np.uint8] = np.rint(levels).clip(0, 255).astype(np.uint8)
    return bytes_


def have_values(images: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each image has a finite number, (n,).

    Args:
        images: (n, height, width, channels) of any numbers or bools.
    """
    if images.dtype.kind != "f":
        return np.ones(len(images), np.bool_)
    finite: NDArray[np.bool_] = np.isfinite(_as_float64(images))
    return np.array([image.any() for image in finite], np.bool_)


def _extremes(block: NDArray[Any]) -> tuple[float, float] | None:
    """Return the smallest and the largest finite number, or None if there is none."""
    values = _as_float64(block)
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else None


def _as_float64(values: NDArray[Any]) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):  # of 128 bits, which have larger numbers
        return values.astype(np.float64)


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
