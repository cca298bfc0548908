"""Shortcuts in one notation for all systems."""

import re

from PySide6.QtGui import QKeySequence

_NATIVE, _PORTABLE = QKeySequence.SequenceFormat.NativeText, QKeySequence.SequenceFormat.PortableText


def portable(keys: str) -> str:
    """Convert shortcuts such as `⌘O or ⌘P` to Linux's notation; other texts are unchanged."""
    return re.sub(r"[^ ]+", lambda match: _portable(match[0]), keys)


def _portable(key: str) -> str:
    sequence = QKeySequence.fromString(key, _NATIVE)
    return sequence.toString(_PORTABLE) if sequence.toString(_NATIVE) == key else key
