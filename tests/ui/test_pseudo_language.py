"""What is not marked for translation, or has no room in a longer language, is found; no page has any."""

import subprocess
import sys
from pathlib import Path

import pytest
from geometry import cut_off, texts
from pseudo import accented, environment, told, unmarked
from PySide6.QtWidgets import QLabel, QWidget

pytestmark = pytest.mark.gui
PAGES = Path(__file__).with_name("test_geometry_of_pages.py")


def test_a_text_that_is_not_marked_or_has_no_room_is_found(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    marked, plain = QLabel(accented("Runs"), window), QLabel("Train", window, toolTip=accented("Train"))
    plain.move(0, 100)
    window.show()
    shown = texts(window)
    assert not cut_off(shown, window)
    assert unmarked([*(text.words for text in shown), *told(window)]) == ["not marked: ['Train'] in “Train”"]
    marked.setFixedWidth(marked.fontMetrics().horizontalAdvance("Runs"))
    assert [accented("Runs") in text for text in cut_off(texts(window), window)] == [True]


@pytest.mark.slow
def test_all_that_pages_without_runs_show_speaks_the_language_of_the_start_and_fits(tmp_path):
    """In another process, as the language is that of its start."""
    test = f"{PAGES}::test_pages_without_runs[light]"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:randomly", "-m", "slow", test]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
