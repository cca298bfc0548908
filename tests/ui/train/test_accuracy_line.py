"""The accuracy is that of the matrix shown last, with its note; nothing stays of the one before."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from cadl_gui.ui.train.accuracy_line import AccuracyLine

pytestmark = pytest.mark.gui

NONE = ("", "")
MANY = np.array([[500, 3, 1], [0, 400, 0], [0, 0, 596]])
FEW = np.array([[2, 1], [0, 1]])


@pytest.fixture
def line(qtbot, applied_theme):
    line = AccuracyLine(applied_theme)
    qtbot.addWidget(line)
    line.show()
    return line


def said(line):
    return tuple(line.findChild(QLabel, name).text() for name in ("accuracyLabel", "wrongLabel"))


def test_each_matrix_has_its_own_accuracy_images_and_note(line, applied_theme):
    applied_theme.set_details(True)
    many = ("99.7 %", "4 of its 1,500 validation images wrong")
    for _ in range(2):
        for matrix, images, note, expected in (
            (MANY, "validation images", "", many),
            (FEW, "", "Measured early.", ("3 of 4", "1 of 4 wrong. Measured early.")),
            (None, "validation images", "Measured early.", NONE),
            (MANY, "validation images", "", many),
            (np.zeros((2, 2), np.int64), "test images", "", NONE),
            (np.diag([60, 40]), "test images", "", ("100.0 %", "0 of its 100 test images wrong")),
            (np.diag([60, 39]), "test images", "", ("99 of 99", "0 of its 99 test images wrong")),
            (np.array([[99_999, 1], [0, 100_000]]), "", "", ("99.9 %", "1 of 200,000 wrong")),
        ):
            line.set_confusion(matrix, images, note)
            assert said(line) == expected
    line.set_confusion(FEW, "validation images", "Measured early.")
    for details, words in (
        (False, "1 of its 4 validation images wrong"),
        (True, "1 of its 4 validation images wrong. Measured early."),
    ):
        applied_theme.set_details(details)
        assert said(line) == ("3 of 4", words)


def test_in_present_mode_what_is_wrong_is_whole_below_the_number(line, applied_theme):
    line.set_confusion(MANY, "validation images")
    for presents in (False, True, False):
        applied_theme.set_present(presents)
        line.resize(363, 200)
        line.layout().activate()
        number, words = (line.findChild(QLabel, name) for name in ("accuracyLabel", "wrongLabel"))
        assert (words.y() >= number.geometry().bottom()) is presents
        assert words.heightForWidth(words.width()) <= words.height() + 1 or not presents
