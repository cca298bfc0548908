"""Another program, as far as the clipboard goes: it has an image there."""

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
    """Copy an image in another program, which then offers it, as `image/png` among others.

    Args:
        desktop: on whose clipboard it lies, until the desktop ends.
        image: that is copied.
        folder: for the file that the other program has it from.
    """
    file = folder / "copied.png"
    image.save(file)
    desktop.spawn(sys.executable, "-c", _PROGRAM, str(file))
    clipboard = desktop.display.intern_atom("CLIPBOARD")
    eventually(lambda: desktop.display.get_selection_owner(clipboard) != X.NONE, "an image on the clipboard")
