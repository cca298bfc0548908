"""Corrected drawings are saved as they were offered, and come back at the next start until they are."""

import json
from types import SimpleNamespace

import hand
import numpy as np
import pytest
from PySide6.QtWidgets import QInputDialog, QPushButton, QWidget

from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.presets import preset
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.window.main_window import MainWindow

pytestmark = pytest.mark.gui


@pytest.fixture
def teach(window):
    """Corrects a drawing."""
    return lambda: hand.teach(window, 7)


def correct(window, label):
    """Draw, and choose the class in the menu: the window of a second start need not be active."""
    hand.draw_stroke(window.findChild(QWidget, "digitCanvas"))
    window.findChild(QWidget, "drawTab").labelling.menu.actions()[label].trigger()


def test_labels_are_there_again_also_saved_ones_and_those_whose_file_is_gone(
    qtbot, window, find, engine, next_start, tmp_path, file_dialogs
):
    """Closing asked whether to discard them."""
    for label in (7, 4):
        correct(window, label)
    path, images = tmp_path / "x.npz", [each.image for each in engine.view.value.draw.labelled]
    file_dialogs.answer(path)
    find("saveExamplesButton").click()
    qtbot.waitUntil(lambda: all(each.saved for each in engine.view.value.draw.labelled))
    for said, labels, saved in (
        ("2 corrected images (last: 4).", [7, 4], {str(path)}),
        ("2 corrected images (last: 4).", [7, 4], {""}),
        ("3 corrected images (last: 5).", [7, 4, 5], {""}),
    ):
        window.close()
        assert not window.isVisible()
        window, engine = next_start()
        assert window.findChild(QWidget, "labelledLabel").text().startswith(said)
        labelled = engine.view.value.draw.labelled
        assert [each.label for each in labelled] == labels
        assert {each.saved for each in labelled} == saved
        np.testing.assert_array_equal([each.image for each in labelled[:2]], images)
        if path.exists():
            path.unlink()
        elif len(labels) == 2:
            correct(window, 5)


@pytest.mark.parametrize(
    "damage",
    [
        {"sheets": [{"form": "28x28x1-dark", "class_names": ["a"], "drawings": [[1, "", ""]]}]},
        {"sheets": [{"form": "28x28x1-dark", "class_names": ["a"], "drawings": [[0, "AAAA", ""]]}]},
        {"sheets": [{"form": "ink", "class_names": ["a"], "drawings": []}]},
        {"sheets": 3},
        {},
    ],
)
def test_labels_that_cannot_be_read_are_moved_aside(window, teach, next_start, tmp_path, damage):
    window.close()
    path = tmp_path / "work" / "labelled.json"
    path.write_text(json.dumps({"format": 1, **damage}), "utf-8")
    another, engine = next_start()
    assert engine.view.value.draw.labelled == ()
    assert path.with_name("labelled-unread-1.json").exists()
    correct(another, 3)
    assert len(engine.view.value.draw.labelled) == 1


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


def of_classes(*names):
    """A classifier of these classes."""
    return SimpleNamespace(description=SimpleNamespace(class_names=names, config=preset("softmax").config))


def test_drawings_are_saved_that_were_shown_when_the_dialog_opened(
    qtbot, engine, find, teach, tmp_path, file_dialogs
):
    """A run that came while the dialog was open had its own, empty, sheet saved."""
    labelling, path = find("drawTab").labelling, tmp_path / "x.npz"

    def another_run_comes(_):
        labelling.set_run(INK, of_classes("cat", "dog", "fox"))
        return str(path), ""

    teach()
    file_dialogs.answer_by(another_run_comes)
    find("saveExamplesButton").click()
    qtbot.waitUntil(lambda: [each.saved for each in engine.view.value.draw.labelled] == [str(path)])
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
    assert not labelling.examples
    labelling.set_run(INK, of_classes(*names))
    assert [each.label for each in labelling.examples] == [11]
