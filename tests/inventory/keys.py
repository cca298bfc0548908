"""Keys as every system writes them."""

import re

from PySide6.QtGui import QKeySequence

_NATIVE, _PORTABLE = QKeySequence.SequenceFormat.NativeText, QKeySequence.SequenceFormat.PortableText


def portable(keys: str) -> str:
    """Write keys, such as `⌘O or ⌘P`, as on Linux; what are no keys stays as it is."""
    return re.sub(r"[^ ]+", lambda match: _portable(match[0]), keys)


def _portable(key: str) -> str:
    sequence = QKeySequence.fromString(key, _NATIVE)
    return sequence.toString(_PORTABLE) if sequence.toString(_NATIVE) == key else key
