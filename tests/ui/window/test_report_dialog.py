"""Help → Report a problem: the dialog lists the content of the file before it is saved."""

import zipfile

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from cadl_gui.system.problem_report import CONTENTS

pytestmark = pytest.mark.gui


@pytest.fixture
def save(window, file_dialogs):
    """Opens the dialog, and presses its button; the file dialog answers with a path."""

    def save(path):
        window.findChild(object, "reportAction").trigger()
        file_dialogs.answer(path)
        dialog = window.findChild(QDialog, "reportDialog")
        dialog.findChild(QPushButton, "saveReportButton").click()
        return dialog

    return save


def test_report_dialog_says_what_is_inside_and_saves_it(window, save, tmp_path):
    dialog = save(None)
    assert dialog.isVisible()
    reported = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert all(part in reported for part in CONTENTS)
    save(tmp_path / "mine")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert "tab: trainTab" in archive.read("facts.txt").decode()
    assert not dialog.isVisible()
    assert window.findChild(QWidget, "noticeStrip").message() == f"Saved “mine.zip” to {tmp_path}."


def test_a_folder_that_takes_no_file_is_reported_in_the_dialog(save, tmp_path):
    dialog = save(tmp_path / "none" / "report.zip")
    assert dialog.isVisible()
    error = dialog.findChild(QLabel, "reportError")
    assert error.isVisible()
    assert "“report.zip” cannot be written: No such file or directory." in error.text()
