"""Labels and parts of images by the names of their folders, as Keras and Hugging Face do."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.class_texts import labels_of_texts
from cadl_gui.datasets.part_names import part_of
from cadl_gui.datasets.preparing.found_files import in_natural_order
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import evenly_spread
from cadl_gui.system.file_limits import MOST_LABELS
from cadl_gui.system.words import _

_MOST_SHOWN = 4
"""Names of folders that a sentence lists."""


@dataclass(frozen=True, eq=False)
class Layout:
    """The images of a folder, in order: training, validation, test.

    Attributes:
        names: path of each image inside the folder, with forward slashes.
        labels: (n,) int64, or None.
        class_names: class names by label; () without labels.
        n_validation: size of the validation part.
        n_test: size of the test part.
        guesses: sentences about what was guessed.
    """

    names: Sequence[str]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    n_validation: int
    n_test: int
    guesses: tuple[str, ...]


def laid_out(names: Sequence[str], limit: int, metadata: Mapping[str, str] | None = None) -> Layout:
    """Order images, and find their labels and parts.

    Folders on the way to all images are neglected. If the next folders are named `train`, `test_set` and so
    on, one for each part, they are the parts; the next ones are the classes, unless there is metadata.

    Args:
        names: paths of the images inside the folder, in any order.
        limit: largest number of images; 0 for all.
        metadata: label of each image, by path, from a file that takes precedence over folders.

    Raises:
        DatasetError: if a class name is not valid, or the metadata lacks an image.
    """
    ordered = in_natural_order(names)
    common = _common_folder(ordered)
    inner = [name[len(common) :] for name in ordered]
    parts, guesses = _parts(inner)
    if any(parts):
        order = sorted(range(len(ordered)), key=parts.__getitem__)
        ordered, parts = [ordered[i] for i in order], [parts[i] for i in order]
        inner = _inside_parts([inner[i] for i in order], parts)
    if limit and limit < len(ordered):
        which = evenly_spread(len(ordered), limit).tolist()
        ordered, inner, parts = ([each[i] for i in which] for each in (ordered, inner, parts))
        guesses = (
            *guesses,
            _("{limit:,} of {n:,} images are taken, evenly spread.").format(limit=limit, n=len(names)),
        )
    if metadata is None:
        values, more = _unless_pointless(_folders(inner))
        guesses = (*guesses, *more)
    else:
        values = _of_metadata(ordered, metadata)
    labels, class_names = labels_of_texts(values) if values else (None, ())
    return Layout(ordered, labels, class_names, parts.count(1), parts.count(2), guesses)


def _common_folder(names: Sequence[str]) -> str:
    """The folders in which all images lie; ends with a slash."""
    common = ""
    while True:
        first, slash, _ = names[0][len(common) :].partition("/")
        start = f"{common}{first}/"
        if not slash or not all(name.startswith(start) for name in names):
            return common
        common = start


def _parts(names: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
    """Number of the part of each image, and a sentence if the folders are parts, or some look like it."""
    folders = set(_folders(names))
    parts = {folder: part for folder in folders if (part := part_of(folder)) is not None}
    found = set(parts.values())
    if 0 not in found or len(found) < 2:
        return [0] * len(names), ()
    shown = _(" and ").join(sorted(parts, key=lambda folder: (parts[folder], folder))[:_MOST_SHOWN])
    if len(parts) == len(folders) == len(found):
        return [parts[folder] for folder in _folders(names)], (
            _("The folders {shown} are taken as parts.").format(shown=shown),
        )
    why = _("there are other folders, too") if len(parts) < len(folders) else _("some are of the same part")
    return [0] * len(names), (
        _("The folders {shown} are not taken as parts, since {why}.").format(shown=shown, why=why),
    )


def _inside_parts(names: Sequence[str], parts: Sequence[int]) -> list[str]:
    """Paths inside the folders of the parts, in which those of archives often lie once more: `test/test`."""
    inner = [name.partition("/")[2] for name in names]
    for part in set(parts):
        folders = {folder for folder, own in zip(_folders(inner), parts, strict=True) if own == part}
        if len(folders) == 1 and part_of(min(folders)) == part:
            inner = [
                name.partition("/")[2] if own == part else name
                for name, own in zip(inner, parts, strict=True)
            ]
    return inner


def _folders(names: Sequence[str]) -> list[str]:
    """First folder of each image; "" if it lies in none.

    macOS takes letters such as “ü” apart, others do not: such names are the same.
    """
    return [unicodedata.normalize("NFC", name.partition("/")[0]) if "/" in name else "" for name in names]


def _unless_pointless(folders: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The folders of images, if they can be classes; otherwise nothing, and perhaps a sentence."""
    n = len(set(folders))
    if "" in folders and n > 1:
        return [], (_("Some images lie in no sub-folder, so the images have no labels."),)
    if n > MOST_LABELS:
        return [], (
            _("There are {n:,} sub-folders, too many for classes, so the images have no labels.").format(n=n),
        )
    return (folders if n > 1 else []), ()


def _of_metadata(names: Sequence[str], metadata: Mapping[str, str]) -> list[str]:
    missing = [name for name in names if name not in metadata]
    if missing:
        raise DatasetError(
            _("The metadata has no label for {n:,} of {total:,} images: “{first}”.").format(
                n=len(missing), total=len(names), first=missing[0]
            )
        )
    return [metadata[name] for name in names]
