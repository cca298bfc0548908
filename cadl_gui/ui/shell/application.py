"""The application, which can be handed a file while it runs."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """macOS tells a program by an event, not by an argument, which file was double-clicked.

    Signals:
        file_opened: (path) a file is to be opened.
    """

    file_opened = Signal(object)

    def event(self, event: QEvent) -> bool:
        """Pass the file on."""
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)
