"""What is said of labelled drawings, and what can be done with them, follows them one after the other."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from cadl_gui.ui.draw.labelling_panel import LabellingPanel

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot):
    panel = LabellingPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def text(panel):
    return panel.findChild(QLabel, "labelledLabel").text()


def offered(panel):
    names = {"takeBack": "remove", "saveExamples": "save", "trainWithExamples": "train"}
    return {word for name, word in names.items() if panel.findChild(QPushButton, f"{name}Button").isVisible()}


EMPTY = "Drawings are saved automatically."


def test_the_panel_counts_names_the_last_one_and_offers_training_once_all_are_saved(panel):
    wanted = []
    panel.training_requested.connect(wanted.append)
    for path in (Path("/a/first.npz"), Path("/b/second.h5")):
        panel.show_labelled(1, "cat")
        assert (text(panel), offered(panel)) == (
            "1 corrected image (cat). Save it to train on it.", {"remove", "save"}
        )  # fmt: skip
        panel.show_labelled(2, "7")
        assert text(panel) == "2 corrected images (last: 7). Save them to train on them."
        panel.set_drawn(True)
        panel.set_drawn(False)
        assert text(panel).startswith("2 corrected"), "what is there is more important"
        panel.show_saved(2, path)
        assert (text(panel), offered(panel)) == (f"2 saved as {path.name}.", {"remove", "train"})
        panel.findChild(QPushButton, "trainWithExamplesButton").click()
        assert wanted[-1] == path
        panel.show_labelled(3, "dog")
        assert offered(panel) == {"remove", "save"}, "the file does not have all any more"
        panel.show_labelled(0, None)
        assert (text(panel), offered(panel)) == (EMPTY, set())
    assert wanted == [Path("/a/first.npz"), Path("/b/second.h5")]


def test_the_panel_asks_for_the_keys_that_there_are_while_there_is_a_drawing(panel):
    wrong, plain = "Is the answer wrong? Press the right class:", "Press the image's class:"
    for n, are_corrections, expected in (
        (10, True, f"{wrong} 0–9."),
        (1, False, f"{plain} 0."),
        (2, True, f"{wrong} 0 or 1."),
        (3, False, f"{plain} 0–2."),
        (26, True, f"{wrong} 0–9, or L for another."),
    ):
        panel.set_keys(n, 10, are_corrections=are_corrections)
        panel.set_drawn(False)
        assert text(panel) == EMPTY
        panel.set_drawn(True)
        assert text(panel) == expected
        panel.show_labelled(1, "cat")
        panel.set_drawn(False)
        panel.show_labelled(0, None)
        assert text(panel) == EMPTY
        assert panel.isVisible()
    panel.set_keys(0, 10, are_corrections=True)
    assert not panel.isVisible()
    panel.set_keys(2, 10, are_corrections=True)
    assert panel.isVisible()
