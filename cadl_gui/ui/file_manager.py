"""The system's file manager, and its other programs."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_outside(path: Path) -> bool:
    """Open a folder or file in the system's program for it; return whether there is one that was asked."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
