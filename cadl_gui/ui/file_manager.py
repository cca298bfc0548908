"""The system's file manager, and its other programs."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_folder(folder: Path) -> bool:
    """Open a folder in the system's file manager; return whether there is one that was asked."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def open_file(path: Path) -> bool:
    """Open a file in the system's program for it; return whether there is one that was asked."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
