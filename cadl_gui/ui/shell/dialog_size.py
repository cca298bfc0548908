"""Sizes of dialogs, which follow the size of the type and always fit the screen."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog

_SHARE_OF_SCREEN = 0.9
"""The rest is for the frame and the title bar that a window manager adds, and a taskbar."""


def resize_to_type(dialog: QDialog, letters: int, lines: int) -> None:
    """Resize a dialog to a number of letters across and lines down, or as large as the screen allows."""
    metrics = dialog.fontMetrics()
    resize_within_screen(dialog, letters * metrics.horizontalAdvance("x"), lines * metrics.height())


def resize_to_text(dialog: QDialog, letters: int) -> None:
    """Resize a dialog to a number of letters across, and to the height of its text, which wraps.

    Qt by itself gives such a dialog two thirds of the screen's height at most, and cuts the text off.
    """
    width = min(letters * dialog.fontMetrics().horizontalAdvance("x"), room_for(dialog).width())
    layout = dialog.layout()
    assert layout is not None, "the text is in a layout"
    resize_within_screen(dialog, width, layout.totalHeightForWidth(width))


def resize_within_screen(dialog: QDialog, width: int, height: int) -> None:
    """Resize a dialog to this size, or as large as the screen allows."""
    room = room_for(dialog)
    dialog.resize(min(width, room.width()), min(height, room.height()))


def room_for(dialog: QDialog) -> QSize:
    """Return the largest size of a dialog."""
    return dialog.screen().availableSize() * _SHARE_OF_SCREEN
