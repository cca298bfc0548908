"""The application opens files that macOS passes to it, reads numbers, and paints in one thread."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.gui

_PROGRAM = """
import sys
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFileOpenEvent
from cadl_gui.ui.window.application import Application

application = Application([])
application.file_opened.connect(lambda path: print(path.name))
assert application.sendEvent(application, QFileOpenEvent(sys.argv[1]))
application.sendEvent(application, QEvent(QEvent.Type.ApplicationPaletteChange))
"""


def test_a_double_clicked_file_arrives_as_a_path(tmp_path):
    """In a separate process, since a process has only one application."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path / "größer 1.keras")],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout == "größer 1.keras\n"


_TYPES = """
from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox

from cadl_gui.ui.window.application import the_application

QLocale.setDefault(QLocale("de_DE"))
application = the_application("cadl_gui")
factor = QDoubleSpinBox(value=1, prefix="× ")
factor.valueChanged.connect(print)
print(factor.text())
factor.selectAll()
QTest.keyClicks(factor, "0.5")
"""


def test_numbers_have_a_decimal_point_in_every_language():
    """In German, a point separates thousands, and 0.5 would be 5."""
    done = subprocess.run(
        [sys.executable, "-c", _TYPES], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    shown, *_, typed = done.stdout.splitlines()
    assert (shown, typed) == ("× 1.00", "0.5")


_PAINTS = """
from pathlib import Path
from PySide6.QtGui import QColor, QImage, QPainter

from cadl_gui.ui.window.application import the_application

application = the_application("cadl_gui")
image = QImage(900, 700, QImage.Format.Format_ARGB32_Premultiplied)
with QPainter(image) as painter:
    painter.fillRect(image.rect(), QColor(0, 0, 0, 100))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(0, 0, 0, 100))
    painter.drawEllipse(image.rect())
print(*(thread.read_text() for thread in Path("/proc/self/task").glob("*/comm")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the threads")
def test_painting_waits_for_no_other_thread():
    """A training would occupy the processors that it needs."""
    done = subprocess.run([sys.executable, "-c", _PAINTS], capture_output=True, text=True, check=True)
    assert "(pooled)" not in done.stdout
