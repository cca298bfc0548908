"""Prepares arrays that are not named and shaped as `sources.arrays` wants them, or are to be changed."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.any_arrays import opened_arrays, require_small
from cadl_gui.datasets.array_guess import (
    ImageArray,
    chosen_images,
    chosen_labels,
    image_arrays,
    range_of,
    read_labels,
    scaled,
)
from cadl_gui.datasets.preparing.array_images import prepared_images, prepared_shape
from cadl_gui.datasets.preparing.found_files import state_of
from cadl_gui.datasets.preparing.made_names import MadeNames
from cadl_gui.datasets.preparing.scan import Scan
from cadl_gui.datasets.preparing.task import Block
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.preparing_options import PreparingOptions

_BLOCK_BYTES = 2**24
_LAYOUTS = {
    "first": "The channels come first.",
    "flat": "Each row is a square grey image.",
    "none": "The images have no channels: they are grey.",
}


def opens_directly(path: Path) -> bool:
    """Whether a file has `images` of bytes; also if it has nothing that could be images instead."""
    try:
        with opened_arrays(path) as arrays:
            images = arrays.get("images")
            if images is not None and images.dtype == np.uint8 and len(images.shape) in {3, 4}:
                return True
            return not image_arrays(arrays)
    except DatasetError:
        return True


def scan_arrays(path: Path, options: PreparingOptions) -> Scan:
    """Find images and labels among arrays with any names.

    Args:
        path: path of an `.npz` or `.h5` file.
        options: how to prepare the images; they may name the arrays.

    Raises:
        DatasetError: if there are no images, or the labels do not match.
    """
    path = path.absolute()
    state = state_of(path)
    with opened_arrays(path) as arrays:
        images = chosen_images(path, arrays, options)
        is_only = len(images) == 1
        names = [chosen_labels(path, arrays, each, options, is_only=is_only) for each in images]
        for name in (*(each.name for each in images), *filter(None, names)):
            require_small(path, arrays[name])
        labels = None
        if None not in names:
            labels = np.concatenate(
                [read_labels(path, name, arrays[name]) for name in names if name is not None]
            )
        black, white = range_of(next(arrays[images[0].name].blocks(_rows(images[0]))))
    white = white if white > black else black + 1
    sizes = [each.n for each in images]
    which = np.arange(sum(sizes))
    if 0 < options.limit < len(which):
        which = np.linspace(0, len(which) - 1, options.limit).round().astype(int)
    parts = np.repeat(np.array([each.part for each in images], np.uint8), sizes)[which]
    shape = prepared_shape(images[0].shape, options)
    if labels is not None and len(which) < len(labels):
        labels = labels[which]
    return Scan(
        path=path,
        options=options,
        preview=Preview(
            len(which),
            shape,
            numbered(int(labels.max()) + 1) if labels is not None else (),
            int(np.count_nonzero(parts == 2)),
            tuple(_guesses(images, names if labels is not None else [], black, white)),
            int(np.count_nonzero(parts == 1)),
        ),
        state=state,
        names=_names(images, which),
        labels=labels,
        tasks=lambda: [_ArrayTask(path, tuple(images), (black, white), which, options, shape)],
        in_processes=False,
    )


def _names(images: Sequence[ImageArray], which: NDArray[np.intp]) -> MadeNames:
    """Names of the images that are taken: that of their array, and their number in it."""
    ends = np.cumsum([each.n for each in images])

    def name_of(number: int) -> str:
        array = images[int(np.searchsorted(ends, which[number], side="right"))]
        first = ends[images.index(array)] - array.n
        return f"{array.name} {which[number] - first}"

    return MadeNames(len(which), name_of)


def _guesses(
    images: Sequence[ImageArray], labels: Sequence[str | None], black: float, white: float
) -> Iterator[str]:
    """Sentences about what was guessed."""
    taken = " and ".join(f"“{each.name}”" for each in images)
    labelled = " and ".join(f"“{name}”" for name in labels) or "nothing"
    yield f"{taken} taken as images, {labelled} as labels."
    if images[0].layout in _LAYOUTS:
        yield _LAYOUTS[images[0].layout]
    if (black, white) != (0.0, 255.0):
        yield f"{black:g} is black and {white:g} is white."


@dataclass(frozen=True, eq=False)
class _ArrayTask:
    """Scales arrays of images to bytes.

    Attributes:
        path: path of the file.
        arrays: the arrays, in order.
        levels: values that stand for black and white.
        which: numbers of the images to take, ascending, over all arrays.
        options: how to prepare the images.
        shape: (height, width, channels) of the result.
    """

    path: Path
    arrays: tuple[ImageArray, ...]
    levels: tuple[float, float]
    which: NDArray[np.intp]
    options: PreparingOptions
    shape: ImageShape

    def blocks(self) -> Iterator[Block]:
        """See `Task.blocks`."""
        with opened_arrays(self.path) as arrays:
            first = 0
            for about in self.arrays:
                for block in arrays[about.name].blocks(_rows(about)):
                    start, end = np.searchsorted(self.which, [first, first + len(block)]).tolist()
                    if end > start:
                        chosen = about.images(block[self.which[start:end] - first])
                        images = prepared_images(scaled(chosen, *self.levels), self.options, self.shape)
                        yield Block(start, images, np.ones(len(images), np.bool_))
                    first += len(block)


def _rows(about: ImageArray) -> int:
    """Rows of an array that are read together: a few megabytes, whatever its numbers."""
    return max(1, _BLOCK_BYTES // (8 * math.prod(about.shape)))
