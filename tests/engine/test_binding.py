"""The installed Qt binding counts references correctly."""

import subprocess
import sys

_PROGRAM = """
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter

class Sender(QObject):
    happened = Signal(object, bool)

sender, heard = Sender(), []
sender.happened.connect(lambda value, flag: heard.append((value, flag)))
image = QImage(8, 8, QImage.Format.Format_RGB32)
for _ in range(4000):
    sender.happened.emit(None, True)
    painter = QPainter(image)
    painter.fillRect(0, 0, 8, 8, 0)
    painter.end()
    sender.happened.disconnect()
    sender.happened.connect(lambda value, flag: heard.append((value, flag)))
assert len(heard) == 4000
print("alive")
"""


def test_thousands_of_emits_and_paints_do_not_abort_the_process():
    """PySide6 6.12.0 on Python 3.11 loses references to None and True, and aborts after a few hundred."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
