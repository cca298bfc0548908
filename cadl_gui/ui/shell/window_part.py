"""Base class of the parts of a window that open dialogs."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow


class WindowPart(QObject):
    """A child object of a window that carries out part of its work.

    Args:
        window: parent, also of the dialogs.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)

    @property
    def window(self) -> QMainWindow:
        """The parent window; a reference stored here would keep the closed window alive."""
        window = self.parent()
        assert isinstance(window, QMainWindow), "it was made with a window"
        return window
