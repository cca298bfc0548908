"""What the names of a file's arrays say: whether they hold labels, and which arrays belong together."""

import re
from collections.abc import Mapping

from cadl_gui.datasets.any_arrays import AnyArray
from cadl_gui.datasets.part_names import part_of
from cadl_gui.system.words import _

_LABEL_WORDS = {"y", "label", "labels", "target", "targets", "class", "classes"}
_WORDS, _WORDS_AND_NUMBERS = re.compile(r"[a-z]+"), re.compile(r"[a-z]+|[0-9]+")


def differ_in_part_only(name: str, other: str) -> bool:
    """Whether names are the same but for the part, as “fine_train” and “fine_test” are."""
    return _without_part(name) == _without_part(other)


def says_labels(name: str) -> bool:
    """Whether labels usually have such a name; that of a group that the array lies in says nothing."""
    return not _LABEL_WORDS.isdisjoint(_WORDS.findall(name.rpartition("/")[2].lower()))


def shapes_text(arrays: Mapping[str, AnyArray]) -> str:
    """Names and shapes of the first arrays, as a message lists them."""
    shown = [f"“{name:.100}” {array.shape}" for name, array in list(arrays.items())[:10]]
    return ", ".join(shown) if shown else _("no arrays of numbers")


def _without_part(name: str) -> list[str]:
    words = _WORDS_AND_NUMBERS.findall(name.lower())
    return [word for word in words if part_of(word) is None]
