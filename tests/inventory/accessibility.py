"""What a widget and its descendants expose to screen readers."""

import re
from collections.abc import Collection, Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from inventory.keys import portable

_STATES = (
    "invisible", "disabled", "focusable", "checkable", "checked", "editable", "selected", "hasPopup",
    "expandable", "modal",
)  # fmt: skip
_HOLDS_OTHERS = {"Border", "Client", "LayeredPane", "Pane", "StaticText"}
"""Roles of containers, which are skipped if they have no name."""

_KEYS_BEHIND = re.compile(r"\(([^()]+)\)$")
_VERSION = re.compile(r"\b\d+\.\d+\.\d+\S*")


def tree(widget: QWidget, *, without: Collection[QWidget] = ()) -> list[str]:
    """Return one line for each part, below its parent: role, name, description, states.

    Args:
        widget: the root.
        without: parts to leave out with their descendants.
    """
    return list(_lines(QAccessible.queryAccessibleInterface(widget), 0, without))


def _lines(part: QAccessibleInterface, depth: int, without: Collection[QWidget]) -> Iterator[str]:
    line = _line(part)
    if line:
        yield "  " * depth + line
    for index in range(part.childCount()):
        child = part.child(index)
        if child is not None and child.isValid() and child.object() not in without:
            yield from _lines(child, depth + bool(line), without)


def _line(part: QAccessibleInterface) -> str:
    name, about = (_plain(part.text(kind)) for kind in (QAccessible.Text.Name, QAccessible.Text.Description))
    role = part.role().name
    if role in _HOLDS_OTHERS and not name and not about:
        return ""
    state = part.state()
    states = ", ".join(name for name in _STATES if getattr(state, name))
    says = (role, name and f"“{name}”", about and f"– {about}", states and f"({states})")
    return " ".join(word for word in says if word)


def _plain(text: str) -> str:
    """A text on one line, with shortcuts as on Linux, and without version numbers."""
    text = _VERSION.sub("x.y.z", " ".join(text.split()))
    return _KEYS_BEHIND.sub(lambda match: f"({portable(match[1])})", text)
