"""What every tab is."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """A page of the window's tabs, and a host of the spotlight.

    Signals:
        pointer_text: (str) what is under the pointer, for the status bar.
        failed: (str) something could not be computed, opened or saved.
        wanted: what somebody asked for can be seen here.
        looked_at: (bool) whether somebody can see the page now.
    """

    pointer_text = Signal(str)
    failed = Signal(str)
    wanted = Signal()
    looked_at = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("spotlightHost", True)

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self.looked_at.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self.looked_at.emit(False)
