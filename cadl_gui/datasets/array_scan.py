"""Prepares arrays that are not named and shaped as `sources.arrays` wants them, or are to be changed."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.any_arrays import AnyArray, opened_arrays, require_small
from cadl_gui.datasets.array_guess import (
    ImageArray,
    chosen_images,
    have_values,
    image_arrays,
    range_of,
    scaled,
)
from cadl_gui.datasets.array_labels import chosen_labels, read_labels
from cadl_gui.datasets.own_arrays import is_own_format, read_own_arrays, reported
from cadl_gui.datasets.preparing.array_images import prepared_images, prepared_shape
from cadl_gui.datasets.preparing.found_files import state_of
from cadl_gui.datasets.preparing.made_names import MadeNames
from cadl_gui.datasets.preparing.scan import Scan
from cadl_gui.datasets.preparing.task import Block
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape, evenly_spread
from cadl_gui.domain.import_report import Note
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.words import _

BLOCK_BYTES = 2**24
_TOGETHER = 1000
_TRAINING, _VALIDATION, _TEST = range(3)
_TRANSPARENT = 4
"""Channels of images with transparency."""

_LAYOUTS = {
    "first": _("The channels come first."),
    "flat": _("Each row is a square grey image."),
    "none": _("The images have no channels: they are grey."),
}


def opens_directly(path: Path) -> bool:
    """Whether a file has the program's own format; also if it has nothing that could be images instead.

    Images whose channels come first have to be turned, and transparent ones laid over a background.
    """
    try:
        with opened_arrays(path) as arrays:
            guessed = {each.name: each for each in image_arrays(arrays)}
            images = arrays.get("images")
    except DatasetError:
        return True
    if not guessed:
        return True
    if images is None or images.dtype != np.uint8 or len(images.shape) not in {3, 4}:
        return False
    about = guessed.get("images")
    has_to_change = about is not None and (about.layout == "first" or about.shape[2] == _TRANSPARENT)
    return not has_to_change and is_own_format(path)


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
        chosen = _chosen(path, arrays, options)
    about = _own_names(path, chosen) or _guessed_names(chosen)
    which = evenly_spread(len(about.parts), options.limit)
    labels = None if chosen.labels is None else chosen.labels[which]
    part_of = about.parts[which]
    shape = prepared_shape(chosen.images[0].shape, options)
    names = MadeNames(len(which), lambda row: about.file_names[which[row]])
    parts = partial(_parts, path, chosen.images)
    return Scan(
        path=path,
        options=options,
        preview=Preview(
            len(which),
            shape,
            about.class_names or chosen.class_names,
            int(np.count_nonzero(part_of == _TEST)),
            tuple(chosen.guesses()),
            int(np.count_nonzero(part_of == _VALIDATION)),
        ),
        state=state,
        names=names,
        labels=labels,
        tasks=lambda: [ArrayTask(parts, which, options, shape, chosen.levels, names)],
        is_sequence=about.is_sequence,
        in_processes=False,
    )


@dataclass(frozen=True, eq=False)
class _Chosen:
    """The arrays of a file that were chosen.

    Attributes:
        images: arrays of images, in the order of the parts.
        label_names: name of the labels of each; () if not all of them have labels.
        labels: labels of all images, (n,) int64, or None.
        class_names: class names by label; () without labels.
        levels: values that stand for black and white.
    """

    images: tuple[ImageArray, ...]
    label_names: tuple[str, ...]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    levels: tuple[float, float]

    def guesses(self) -> list[str]:
        """What was guessed, as sentences for the user."""
        images, labels = (_(" and ").join(f"“{name}”" for name in names) for names in self._names())
        layout, (black, white) = self.images[0].layout, self.levels
        guesses = [
            _("{images} taken as images, {labels} as labels.").format(
                images=images, labels=labels or "nothing"
            )
        ]
        guesses += [_LAYOUTS[layout]] if layout in _LAYOUTS else []
        if black == white:
            guesses.append(_("All values are {black:g}: the images are black.").format(black=black))
        elif (black, white) != (0.0, 255.0):
            guesses.append(_("{black:g} is black and {white:g} is white.").format(black=black, white=white))
        return guesses

    def _names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(each.name for each in self.images), self.label_names


def _chosen(path: Path, arrays: Mapping[str, AnyArray], options: PreparingOptions) -> _Chosen:
    """Choose arrays and read the labels; raises `DatasetError` as `scan_arrays` does."""
    images = tuple(chosen_images(path, arrays, options))
    is_only = len(images) == 1
    found = [chosen_labels(path, arrays, each, options.labels, is_only=is_only) for each in images]
    label_names = tuple(name for name in found if name is not None) if None not in found else ()
    for name in (*(each.name for each in images), *label_names):
        require_small(path, arrays[name])
    labels, class_names = read_labels(path, {name: arrays[name] for name in label_names})
    levels = range_of(arrays[images[0].name].blocks(_rows(images[0])))
    if levels is None:
        raise DatasetError(
            _("“{name}” in “{path}” has only NaN and infinity: no image can be made of it.").format(
                name=images[0].name, path=path
            )
        )
    return _Chosen(images, label_names, labels, class_names, levels)


@dataclass(frozen=True, eq=False)
class _Names:
    """What is known of the images of a file beside their pixels and labels.

    Attributes:
        file_names: name of each image, (n,).
        parts: part of each image, (n,): 0 for training, 1 for validation, 2 for test.
        class_names: names by label; () for numbers.
        is_sequence: whether neighbouring images are alike.
    """

    file_names: Sequence[str]
    parts: NDArray[np.uint8]
    class_names: tuple[str, ...] = ()
    is_sequence: bool = False


def _guessed_names(chosen: _Chosen) -> _Names:
    """Names that consist of that of the array, and the number in it."""
    sizes = [each.n for each in chosen.images]
    ends = np.cumsum(sizes)

    def name_of(number: int) -> str:
        which = int(np.searchsorted(ends, number, side="right"))
        return f"{chosen.images[which].name} {number - ends[which] + sizes[which]}"

    parts = np.repeat(np.array([each.part for each in chosen.images], np.uint8), sizes)
    return _Names(MadeNames(sum(sizes), name_of), parts)


def _own_names(path: Path, chosen: _Chosen) -> _Names | None:
    """What a file in the program's own format says of its images; None for others."""
    if [each.name for each in chosen.images] != ["images"]:
        return None
    try:
        with reported(path):
            own = read_own_arrays(path, with_images=False)
    except DatasetError:
        return None
    n, n_validation, n_test = own.shape[0], own.numbers["n_validation"], own.numbers["n_test"]
    sizes = n - n_validation - n_test, n_validation, n_test
    if min(sizes) < 0:
        return None
    are_named = len(own.file_names) == n
    n_classes = 0 if chosen.labels is None else int(chosen.labels.max()) + 1
    has_classes = chosen.label_names == ("labels",) and n_classes <= len(own.class_names)
    return _Names(
        own.file_names
        if are_named
        else MadeNames(n, lambda number: _("images {number}").format(number=number)),
        np.repeat(np.array([_TRAINING, _VALIDATION, _TEST], np.uint8), sizes),
        own.class_names if has_classes else (),
        bool(own.numbers["is_sequence"]),
    )


def _parts(path: Path, arrays: tuple[ImageArray, ...]) -> Iterator[tuple[int, NDArray[Any]]]:
    first = 0
    with opened_arrays(path) as there:
        for about in arrays:
            for block in there[about.name].blocks(_rows(about)):
                yield first, about.images(block)
                first += len(block)


@dataclass(frozen=True, eq=False)
class ArrayTask:
    """Prepares images that are arrays already.

    Attributes:
        parts: reads the arrays part by part: number of the first image, and images of any numbers.
        which: numbers of the images to take, ascending, over all parts.
        options: how to prepare the images.
        shape: (height, width, channels) of the result.
        levels: values that stand for black and white.
        names: names of the images to take, if some may have no values.
    """

    parts: Callable[[], Iterator[tuple[int, NDArray[Any]]]]
    which: NDArray[np.intp]
    options: PreparingOptions
    shape: ImageShape
    levels: tuple[float, float] = (0.0, 255.0)
    names: Sequence[str] = ()

    def blocks(self) -> Iterator[Block]:
        """See `Task.blocks`."""
        for first, part in self.parts():
            start, end = np.searchsorted(self.which, [first, first + len(part)]).tolist()
            for begin in range(start, end, _TOGETHER):
                chosen = part[self.which[begin : min(begin + _TOGETHER, end)] - first]
                images = prepared_images(scaled(chosen, *self.levels), self.options, self.shape)
                are_read = have_values(chosen)
                empty = (self.names[begin + row] for row in np.flatnonzero(~are_read).tolist())
                notes = tuple(Note("skipped", name, _("has only NaN and infinity")) for name in empty)
                yield Block(begin, images, are_read, notes)


def _rows(about: ImageArray) -> int:
    """Rows of an array that are read together: a few megabytes, whatever its numbers."""
    return max(1, BLOCK_BYTES // (8 * math.prod(about.shape)))
