"""Class names of a dataset's labels."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.system.file_limits import MOST_CLASS_NAME_CHARACTERS
from cadl_gui.system.words import _

MOST_SHOWN = 10
"""Number of classes that are shown at a time."""


@lru_cache
def numbered(n: int) -> tuple[str, ...]:
    """Default names of n unnamed classes: their numbers.

    Remembered, since each paint of a figure compares names with them.
    """
    return tuple(str(number) for number in range(n))


def class_name(names: Sequence[str], label: int) -> str:
    """Return the name of a label; where it has none, its number."""
    return names[label] if label < len(names) else str(label)


def unit_name(names: Sequence[str], unit: int) -> str:
    """Return what a unit is called: by its class if the units are the classes of these names."""
    return _("class {names}").format(names=names[unit]) if names else _("unit {unit}").format(unit=unit)


def shown_labels(scores: NDArray[Any]) -> list[int]:
    """Return the labels to show beside each other: all, or the ten of the highest scores.

    Args:
        scores: a number for each label, (n_classes,).
    """
    n = len(scores)
    labels: list[int] = ranked(scores)[:MOST_SHOWN].tolist() if n > MOST_SHOWN else list(range(n))
    return labels


def ranked(scores: NDArray[Any]) -> NDArray[np.intp]:
    """Return all labels, (n_classes,), the highest score first; of equal ones, the first label."""
    return np.argsort(-scores, kind="stable")


def are_digits(names: Sequence[str]) -> bool:
    """Whether these class names are the digits 0 to 9."""
    return tuple(names) == numbered(10)


def are_short(names: Sequence[str]) -> bool:
    """Whether names fit where the digits do: numbers, and names of at most two characters."""
    return tuple(names) == numbered(len(names)) or all(len(name) <= len("10") for name in names)


def are_other_classes(names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lists of class names contradict each other; numbers are compatible with any name."""
    if tuple(names) == numbered(len(names)) or tuple(others) == numbered(len(others)):
        return False
    return any(name != other for name, other in zip(names, others, strict=False))


def validated_class_name(name: str) -> str:
    """Validate a class name from a file and strip surrounding whitespace; any script is allowed.

    Raises:
        ValueError: if the name is empty, too long, or contains control characters or line breaks.
    """
    name = name.strip()
    fits = 0 < len(name) <= MOST_CLASS_NAME_CHARACTERS
    if not fits or any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in name):
        raise ValueError(
            f"Expected a name of 1 to {MOST_CLASS_NAME_CHARACTERS} characters. Received: {name[:100]!r}"
        )
    return name
