"""What belongs to a window, and opens dialogs over it."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow


class WindowPart(QObject):
    """A child of a window that does things for it.

    Args:
        window: its parent, and that of its dialogs.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)

    @property
    def window(self) -> QMainWindow:
        """The parent; a reference of its own would keep the closed window alive."""
        window = self.parent()
        assert isinstance(window, QMainWindow), "it was made with a window"
        return window
