"""What the labels of a dataset mean."""

import unicodedata
from collections.abc import Sequence

from cadl_gui.system.file_limits import MOST_CLASS_NAME_CHARACTERS


def numbered(n: int) -> tuple[str, ...]:
    """The names of n classes that nobody has named: their numbers."""
    return tuple(str(number) for number in range(n))


def are_digits(names: Sequence[str]) -> bool:
    """Whether classes of these names are the digits 0 to 9."""
    return tuple(names) == numbered(10)


def are_other_classes(names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the same labels stand for something else; numbers can stand for anything."""
    if tuple(names) == numbered(len(names)) or tuple(others) == numbered(len(others)):
        return False
    return any(name != other for name, other in zip(names, others, strict=False))


def validated_class_name(name: str) -> str:
    """A class name from a file, in any script: short, of one line, and without spaces around it.

    Raises:
        ValueError: if it is empty, too long, or holds control characters.
    """
    name = name.strip()
    has_controls = any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in name)
    if not name or len(name) > MOST_CLASS_NAME_CHARACTERS or has_controls:
        raise ValueError(
            f"Expected a name of 1 to {MOST_CLASS_NAME_CHARACTERS} characters. Received: {name!r:.100}"
        )
    return name
