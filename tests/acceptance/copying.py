"""Stands in for another program that copies an image to the clipboard."""

import sys
from pathlib import Path

from PIL import Image
from Xlib import X

from acceptance.desktop import Desktop
from acceptance.waiting import eventually

_PROGRAM = """
import sys
from PySide6.QtGui import QGuiApplication, QImage

program = QGuiApplication()
program.clipboard().setImage(QImage(sys.argv[1]))
program.exec()
"""


def copy(desktop: Desktop, image: Image.Image, folder: Path) -> None:
    """Copy an image in another program, which offers it as `image/png` and other formats.

    Args:
        desktop: desktop whose clipboard is used; the program runs until the desktop is closed.
        image: image to copy.
        folder: folder for the file from which the other program reads the image.
    """
    file = folder / "copied.png"
    image.save(file)
    desktop.spawn(sys.executable, "-c", _PROGRAM, str(file))
    clipboard = desktop.display.intern_atom("CLIPBOARD")
    eventually(lambda: desktop.display.get_selection_owner(clipboard) != X.NONE, "an image on the clipboard")
