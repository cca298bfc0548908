"""An error in a method that Qt calls is reported, and never a crash, whatever Python is waiting for."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.gui

PROGRAM = """
import contextlib
import cadl_gui.ui
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

class Faulty(QWidget):
    is_faulty = False

    def paintEvent(self, event):
        if self.is_faulty:
            1 / 0

def close_dialog():
    for window in application.topLevelWidgets():
        if window is not faulty:
            window.close()

application = QApplication([])
faulty = Faulty()
faulty.show()
faulty.is_faulty = True
QTimer.singleShot(100, faulty.update)
timer = QTimer()
timer.timeout.connect(close_dialog)
timer.start(500)
with contextlib.suppress(ZeroDivisionError):  # it may be reported here, or have been printed
    {waiting}
print("no crash")
"""

WAITING = {
    "a file dialog": "QFileDialog.getOpenFileName(faulty, options=QFileDialog.Option.DontUseNativeDialog)",
    "an image of a widget": "faulty.grab()",
}


@pytest.mark.parametrize("waits_for", WAITING)
def test_error_is_reported_while_python_waits(waits_for):
    program = PROGRAM.replace("{waiting}", WAITING[waits_for])
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, "no crash\n")
