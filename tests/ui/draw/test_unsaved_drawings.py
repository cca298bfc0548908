"""Only corrected drawings could be lost by closing, so closing asks about them."""

from types import SimpleNamespace

import hand
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QInputDialog, QMessageBox, QPushButton

from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.presets import preset
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.main_window import MainWindow

pytestmark = pytest.mark.gui


@pytest.fixture
def teach(window):
    """Corrects a drawing."""
    return lambda: hand.teach(window, 7)


@pytest.fixture
def question(qtbot, window):
    """Closes the window, and presses a button of the question."""

    def question(word):
        window.close()
        assert window.isVisible()
        box = window.findChild(QMessageBox, "unsavedQuestion")
        button = next(button for button in box.buttons() if button.text() == word)
        with qtbot.waitSignal(box.destroyed):
            button.click()
        return box

    return question


def test_a_window_with_nothing_to_lose_does_not_ask(window):
    window.close()
    assert not window.isVisible()


def test_cancelled_it_stays_open_and_asks_again(window, teach, question):
    teach()
    question("Cancel")
    assert window.isVisible()
    question("Cancel")


def test_discarded_it_closes(window, teach, question):
    teach()
    question("Discard")
    assert not window.isVisible()


def test_saved_it_closes_once_the_file_is_there(qtbot, window, teach, question, tmp_path, file_dialogs):
    teach()
    path = tmp_path / "x.npz"
    file_dialogs.answer(path)
    question("Save…")
    qtbot.waitUntil(lambda: not window.isVisible())
    assert path.exists()


def test_what_could_not_be_saved_keeps_the_window_open(
    qtbot, window, find, teach, question, tmp_path, file_dialogs
):
    teach()
    file_dialogs.answer(tmp_path / "no" / "x.npz")
    question("Save…")
    qtbot.waitUntil(lambda: "No such file" in find("noticeStrip").message())
    assert window.isVisible()
    file_dialogs.answer(None)
    question("Save…")
    assert window.isVisible(), "nobody said where"


def test_saved_before_nothing_is_lost(qtbot, window, find, teach, tmp_path, file_dialogs):
    teach()
    labelling = find("drawTab").labelling
    file_dialogs.answer(tmp_path / "x.npz")
    with qtbot.waitSignal(labelling.save_ended):
        labelling.ask_where_to_save()
    assert labelling.n_unsaved == 0
    teach()
    assert labelling.n_unsaved == 2, "what is in the file is not all any more"


def test_examples_are_saved_before_tensorflow_is_loaded(qtbot, engine, theme, tmp_path, file_dialogs):
    window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    window.complete()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    hand.teach(window, 7)
    file_dialogs.answer(tmp_path / "x.npz")
    window.findChild(QPushButton, "saveExamplesButton").click()
    qtbot.waitUntil((tmp_path / "x.npz").exists)
    assert not engine.is_ready


class Refusing(QObject):
    """Keeps a window open, as another part with something to lose does."""

    def eventFilter(self, watched, event):
        closes = event.type() == QEvent.Type.Close
        if closes:
            event.ignore()
        return closes


def test_question_is_asked_again_where_the_window_stayed_open_after_discard(window, teach, question):
    """What was corrected afterwards was lost without a word."""
    teach()
    refusing = Refusing(window)
    window.close()
    box = window.findChild(QMessageBox, "unsavedQuestion")
    window.installEventFilter(refusing)
    next(button for button in box.buttons() if button.text() == "Discard").click()
    window.removeEventFilter(refusing)
    assert window.isVisible()
    teach()
    question("Cancel")


def of_classes(*names):
    """A classifier of these classes."""
    return SimpleNamespace(description=SimpleNamespace(class_names=names, config=preset("softmax").config))


def test_drawings_are_saved_that_were_shown_when_the_dialog_opened(
    qtbot, window, find, teach, tmp_path, file_dialogs
):
    """A run that came while the dialog was open had its own, empty, sheet saved."""
    labelling, path = find("drawTab").labelling, tmp_path / "x.npz"

    def another_run_comes(_):
        labelling.set_run(INK, of_classes("cat", "dog", "fox"))
        return str(path), ""

    teach()
    file_dialogs.answer_by(another_run_comes)
    with qtbot.waitSignal(labelling.save_ended):
        find("saveExamplesButton").click()
    assert labelling.n_unsaved == 0
    with np.load(path) as saved:
        assert saved["labels"].tolist() == [7]


def test_class_is_one_of_those_that_were_offered(window, find, teach):
    """Chosen from a list, its number was counted among the classes of a run that had come meanwhile."""
    labelling = find("drawTab").labelling
    find("tabs").setCurrentWidget(find("drawTab"))
    hand.draw_stroke(find("digitCanvas"))
    names = tuple(f"class {number}" for number in range(12))
    labelling.set_run(INK, of_classes(*names))
    labelling.ask_for_class()
    dialog = window.findChild(QInputDialog, "classDialog")
    labelling.set_run(INK, of_classes("cat", "dog", "fox"))
    dialog.setTextValue("class 11")
    dialog.accept()
    assert len(labelling.examples) == 0
    labelling.set_run(INK, of_classes(*names))
    assert labelling.examples.labels.tolist() == [11]
