"""Guesses which arrays of a file are the labels of its images, and reads them."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.any_arrays import AnyArray
from cadl_gui.datasets.array_guess import ImageArray
from cadl_gui.datasets.array_names import differ_in_part_only, says_labels, shapes_text
from cadl_gui.datasets.class_texts import labels_of_texts
from cadl_gui.datasets.part_names import part_of
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import MOST_LABELS
from cadl_gui.system.words import _

BLOCK_BYTES = 2**24

_Labels = tuple[NDArray[np.int64] | None, tuple[str, ...]]


def chosen_labels(
    path: Path, arrays: Mapping[str, AnyArray], images: ImageArray, asked: str, *, is_only: bool
) -> str | None:
    """Name of the array with the labels of an array of images, or None.

    Labels of another part are never those of the images: “y_test” is not taken for “x_train”, even if it
    has as many rows. If the labels of one part are asked for, “fine_train”, those of another are the ones
    that differ from them in the part only, “fine_test”.

    Args:
        asked: name of the labels; "" to guess.
        is_only: whether there are no other images, for which labels without a part could be.

    Raises:
        DatasetError: if the labels that are asked for are not there, have another number, or are not there
            for this part.
    """
    candidates = [
        name for name, array in arrays.items() if name != images.name and _may_be_labels(array, images.n)
    ]
    if asked and asked not in candidates:
        raise DatasetError(
            _("“{path}” holds no array “{asked}” that could be labels. There are {shapes}.").format(
                path=path, asked=asked, shapes=shapes_text(arrays)
            )
        )
    named = _named(candidates, images, asked, is_only=is_only)
    if asked and not named:
        raise DatasetError(
            _("“{path}” holds no labels like “{asked}” for the images in “{name}”.").format(
                path=path, asked=asked, name=images.name
            )
        )
    fitting = [name for name in named if arrays[name].shape[0] == images.n]
    if named and not fitting:
        n = arrays[named[0]].shape[0]
        raise DatasetError(
            _("“{path}” holds {n} images in “{name}” but {total} labels in “{first}”.").format(
                path=path, n=images.n, name=images.name, total=n, first=named[0]
            )
        )

    def rank(name: str) -> tuple[bool, bool, int]:
        return part_of(name) != part_of(images.name), arrays[name].is_text, len(name)

    return min(fitting, key=rank, default=None)


def read_labels(path: Path, arrays: Mapping[str, AnyArray]) -> _Labels:
    """Read the labels of all parts: whole numbers, one-hot rows, or the names of classes.

    Args:
        arrays: the labels of each part, by the name of the array; none if there are no labels.

    Returns:
        Labels of all images, (n,) int64, or None, and the class names, which are numbers if the labels are.

    Raises:
        DatasetError: if they are none of these, or out of range.
    """
    if not arrays:
        return None, ()
    texts = [name for name, array in arrays.items() if array.is_text]
    if not texts:
        labels = np.concatenate([_whole_numbers(path, name, array) for name, array in arrays.items()])
        return labels, numbered(int(labels.max()) + 1)
    if len(texts) < len(arrays):
        other = next(name for name in arrays if name not in texts)
        raise DatasetError(
            _("“{path}” holds texts as labels in “{first}” but numbers in “{other}”.").format(
                path=path, first=texts[0], other=other
            )
        )
    return labels_of_texts([text for name, array in arrays.items() for text in _texts(path, name, array)])


def _named(candidates: Sequence[str], images: ImageArray, asked: str, *, is_only: bool) -> list[str]:
    """Names of the labels that are asked for, or whose names say that they are labels, for a part."""
    own_part = part_of(images.name)
    if asked and (is_only or (part_of(asked) or 0) == images.part):
        return [asked]
    return [
        name
        for name in candidates
        if (differ_in_part_only(name, asked) if asked else says_labels(name))
        and (part_of(name) == own_part or (is_only and None in {part_of(name), own_part}))
    ]


def _may_be_labels(array: AnyArray, n_images: int) -> bool:
    is_list = len(array.shape) == 1
    if array.is_text:  # others can be the names of classes, of which there are fewer than images
        return array.shape[:1] == (n_images,) and (is_list or array.shape[1:] == (1,))
    return is_list or (len(array.shape) == 2 and 1 <= array.shape[1] <= MOST_LABELS)


def _whole_numbers(path: Path, name: str, array: AnyArray) -> NDArray[np.int64]:
    values = np.concatenate([_numbers(path, name, block) for block in array.blocks(_rows(array))])
    if not np.isfinite(values).all() or (values != np.floor(values)).any():
        raise DatasetError(
            _("“{name}” in “{path}” holds no labels, which are whole numbers.").format(name=name, path=path)
        )
    if values.min() < 0 or values.max() >= MOST_LABELS:
        wrong = values.min() if values.min() < 0 else values.max()
        raise DatasetError(
            _("“{name}” in “{path}” has the label {wrong:.0f}: labels are from 0 to {most_labels:,}.").format(
                name=name, path=path, wrong=wrong, most_labels=MOST_LABELS - 1
            )
        )
    return values.astype(np.int64)


def _numbers(path: Path, name: str, rows: NDArray[Any]) -> NDArray[Any]:
    """Labels of some rows, (n,)."""
    if rows.ndim == 2 and rows.shape[1] > 1:
        if not (np.isin(rows, (0, 1)).all() and (rows.sum(axis=1) == 1).all()):
            raise DatasetError(
                _("“{name}” in “{path}” holds no labels: its rows are not one-hot.").format(
                    name=name, path=path
                )
            )
        rows = rows.argmax(axis=1)
    return rows.reshape(-1)


def _texts(path: Path, name: str, array: AnyArray) -> list[str]:
    stored = [text for block in array.blocks(_rows(array)) for text in block.reshape(-1).tolist()]
    try:
        return [(text.decode() if isinstance(text, bytes) else str(text)).strip() for text in stored]
    except UnicodeDecodeError:
        raise DatasetError(
            _("“{name}” in “{path}” holds texts in another encoding than UTF-8.").format(name=name, path=path)
        ) from None


def _rows(array: AnyArray) -> int:
    """Rows that are read together: a few megabytes, whatever their type."""
    return max(1, BLOCK_BYTES // (max(8, array.dtype.itemsize) * math.prod(array.shape[1:])))
