"""Deleting a run from disk: confirmed, moved to the trash, restored by Undo."""

import sys

import pytest
from idle import wait_until_idle
from menus import entry
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_speed import TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState

pytestmark = pytest.mark.gui
RUNS_FOLDER = "runs"

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=1)


@pytest.fixture
def folder(qtbot, engine, window, tmp_path):
    """The folder of the only run; the fake backend writes nothing, so its files are created here."""
    (tmp_path / "home" / "data").mkdir(parents=True)  # where the system keeps the trash
    engine.training.set_speed(TRAINING_SPEEDS[-1])
    train(qtbot, engine, CONFIGURATION)
    folder = engine.runs[-1].description.source
    (folder / "snapshots").mkdir(parents=True)
    (folder / "run.json").write_bytes(b"{}" * 1000)
    (folder / "snapshots" / "epoch-0000-batch-0000.h5").write_bytes(bytes(3_000_000))
    return folder


def asked(qtbot, window):
    """The question, once the size of the files is known."""
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "trashQuestion") is not None)
    return window.findChild(QMessageBox, "trashQuestion")


def press(qtbot, question, text):
    (button,) = (button for button in question.findChildren(QPushButton) if button.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_question_reports_what_goes_and_how_much(qtbot, window, engine, folder):
    entry(window, "trash").trigger()
    question = asked(qtbot, window)
    assert question.text() == "Move the files of A lecture-autoencoder to the trash?"
    assert question.informativeText() == f"3 MB in “{folder}”."
    assert question.defaultButton().text() == "Cancel"
    press(qtbot, question, "Cancel")
    assert folder.is_dir()
    assert len(engine.runs) == 1


def test_asking_twice_shows_one_question(qtbot, window, engine, folder):
    """The question appears only when the size is known, so an impatient user can ask again before."""
    entry(window, "trash").trigger()
    entry(window, "trash").trigger()
    question = asked(qtbot, window)
    wait_until_idle(engine, window)
    assert window.findChildren(QMessageBox, "trashQuestion") == [question]
    press(qtbot, question, "Cancel")


def test_the_files_go_to_the_trash_and_come_back(qtbot, window, find, engine, folder):
    entry(window, "trash").trigger()
    press(qtbot, asked(qtbot, window), "Move to trash")
    qtbot.waitUntil(lambda: not engine.runs)
    assert not folder.exists()
    assert find("noticeSentence").text() == "The files of A lecture-autoencoder are in the trash."
    assert find("noticeStrip").property("notice") == "information"
    qtbot.mouseClick(find("noticeAction"), Qt.MouseButton.LeftButton)
    assert (folder / "snapshots" / "epoch-0000-batch-0000.h5").stat().st_size == 3_000_000
    assert [run.description.source for run in engine.runs] == [folder]
    trash = folder.parents[1] / "home" / "data" / "Trash"
    assert not [*trash.glob("*/*")], "nothing is left that says that it was there"


@pytest.mark.parametrize("occupant", ["folder", "empty folder", "file"])
def test_undo_replaces_nothing_that_has_come_to_the_place(qtbot, window, find, engine, folder, occupant):
    entry(window, "trash").trigger()
    press(qtbot, asked(qtbot, window), "Move to trash")
    qtbot.waitUntil(lambda: not engine.runs)
    if occupant == "file":
        folder.write_text("newer")
    else:
        folder.mkdir()
    if occupant == "folder":
        (folder / "run.json").write_text("newer")
    qtbot.mouseClick(find("noticeAction"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "was not restored" in find("noticeSentence").text())
    newer = {"folder": [folder / "run.json"], "empty folder": [], "file": []}[occupant]
    assert list(folder.rglob("*")) == newer
    assert folder.is_dir() or folder.read_text() == "newer"
    trash = folder.parents[1] / "home" / "data" / "Trash"
    assert (trash / "files" / folder.name / "snapshots" / "epoch-0000-batch-0000.h5").is_file()
    assert (trash / "info" / f"{folder.name}.trashinfo").is_file()
    assert not engine.runs


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the trash is not a folder of the user's")
def test_what_cannot_be_moved_stays_and_says_so(qtbot, window, find, engine, folder, tmp_path):
    """Some disks have no trash, such as those in a network."""
    (tmp_path / "home" / "data").rmdir()
    entry(window, "trash").trigger()
    press(qtbot, asked(qtbot, window), "Move to trash")
    qtbot.waitUntil(lambda: "could not be moved to the trash" in find("noticeSentence").text())
    assert folder.is_dir()
    assert len(engine.runs) == 1


def test_a_run_that_trains_stays(qtbot, window, engine):
    engine.training.set_speed(TRAINING_SPEEDS[0])
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    assert not entry(window, "trash").isEnabled()
    engine.training.stop()
    qtbot.waitUntil(entry(window, "trash").isEnabled)


def test_what_ships_with_the_program_stays(window, find, engine, folder, monkeypatch):
    monkeypatch.setattr("cadl_gui.ui.window.run_trash.ships", folder.__eq__)
    entry(window, "trash").trigger()
    reported = "A lecture-autoencoder is part of the program and stays on disk."
    assert find("noticeSentence").text() == reported
    assert folder.is_dir()
