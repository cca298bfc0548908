"""The system's file manager."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_folder(folder: Path) -> bool:
    """Open a folder in the system's file manager; return whether there is one that was asked."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
