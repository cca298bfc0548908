"""What the names of a file's arrays say: which part of a dataset they hold, and whether labels."""

import re
from collections.abc import Mapping

from cadl_gui.datasets.any_arrays import AnyArray

_PARTS = ({"train", "training"}, {"val", "valid", "validation", "dev"}, {"test", "testing"})
_LABEL_WORDS = {"y", "label", "labels", "target", "targets", "class", "classes"}
_WORDS, _WORDS_AND_NUMBERS = re.compile(r"[a-z]+"), re.compile(r"[a-z]+|[0-9]+")


def part_of(name: str) -> int | None:
    """Return 0 for training, 1 for validation, 2 for test; None if the name says nothing of a part."""
    words = set(_WORDS.findall(name.lower()))
    return next((number for number, part in enumerate(_PARTS) if words & part), None)


def differ_in_part_only(name: str, other: str) -> bool:
    """Whether names are the same but for the part, as “fine_train” and “fine_test” are."""
    return _without_part(name) == _without_part(other)


def says_labels(name: str) -> bool:
    """Whether labels usually have such a name; that of a group that the array lies in says nothing."""
    return not _LABEL_WORDS.isdisjoint(_WORDS.findall(name.rpartition("/")[2].lower()))


def shapes_text(arrays: Mapping[str, AnyArray]) -> str:
    """Names and shapes of the first arrays, as a message lists them."""
    shown = [f"“{name:.100}” {array.shape}" for name, array in list(arrays.items())[:10]]
    return ", ".join(shown) if shown else "no arrays of numbers"


def _without_part(name: str) -> list[str]:
    words = _WORDS_AND_NUMBERS.findall(name.lower())
    return [word for word in words if not any(word in part for part in _PARTS)]
