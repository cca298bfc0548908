"""Hover texts, on their way from a figure to the status bar."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QWidget


class HoverText(QStatusTipEvent):
    """Describes what is under the pointer; "" if nothing is. Qt passes it on to parents until one takes it.

    The window shows the status tips of menus, which are none of these, over the whole status bar.
    """


def send_hover_text(widget: QWidget, text: str) -> None:
    """Send a hover text from a widget on its way to the window."""
    QCoreApplication.sendEvent(widget, HoverText(text))
