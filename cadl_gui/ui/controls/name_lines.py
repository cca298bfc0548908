"""The name of a run on two lines, where one is too narrow."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

_FEWEST_LETTERS = 7
"""If fewer letters of a name fit, its beginning is shown, not both ends."""


def fits(text: str, width: int, metrics: QFontMetrics) -> bool:
    """Whether Qt would paint the text whole; its rounded width can be less than that is found to need."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width) == text


def name_lines(
    name: str,
    first: int,
    second: int,
    metrics: QFontMetrics,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> tuple[str, ...]:
    """Split a name into two lines, after a hyphen, an underscore or a space; too long a word is elided.

    Where hardly any letters fit, as in present mode, those at the beginning say most: “soft…”, not “so…x”.

    Args:
        first: width of the first line, in pixels.
        second: width of the second line, in pixels.
        elide: where the second line is elided.
    """
    if fits(name, first, metrics):
        return (name,)
    n = next((n for n in range(len(name), 0, -1) if metrics.horizontalAdvance(name[:n]) <= first), 0)
    cut = 1 + max(name.rfind(mark, 0, n) for mark in "-_ ")
    shortened = metrics.elidedText(name[cut:], elide, second)
    if len(shortened) < min(_FEWEST_LETTERS, len(name[cut:])):
        shortened = metrics.elidedText(name[cut:], Qt.TextElideMode.ElideRight, second)
    return name[:cut], shortened
