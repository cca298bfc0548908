"""Which part of a dataset the name of a folder, or of an array in a file, means."""

import re

_PARTS = (
    {"train", "training"},
    {"validation", "valid", "val", "dev"},
    {"test", "testing", "eval", "evaluation"},
)
_WORDS = re.compile(r"[a-z]+")


def part_of(name: str) -> int | None:
    """Return 0 for training, 1 for validation, 2 for test; None if the name says nothing of a part."""
    words = set(_WORDS.findall(name.lower()))
    return next((number for number, part in enumerate(_PARTS) if words & part), None)
