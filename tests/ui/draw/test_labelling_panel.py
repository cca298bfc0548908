"""What is said of labelled drawings, and what can be done with them, follows them one after the other."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from cadl_gui.ui.draw.labelling_panel import LabellingPanel

pytestmark = pytest.mark.gui


@pytest.fixture
def page(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.fixture
def panel(page, theme):
    panel = LabellingPanel(theme)
    panel.setParent(page)
    panel.show()
    return panel


def text(panel):
    return panel.findChild(QLabel, "labelledLabel").text()


def offered(panel):
    names = {"takeBack": "remove", "saveExamples": "save", "trainWithExamples": "train"}
    return {word for name, word in names.items() if panel.findChild(QPushButton, f"{name}Button").isVisible()}


EMPTY = "Drawings are saved automatically."


def test_the_panel_counts_names_the_last_one_and_offers_training_as_long_as_there_are_any(panel):
    wanted, button = [], panel.findChild(QPushButton, "trainWithExamplesButton")
    panel.training_requested.connect(lambda: wanted.append(text(panel)))
    for class_name in ("cat", "dog"):
        panel.show_labelled(1, class_name)
        assert (text(panel), button.text()) == (f"1 corrected image ({class_name}).", "Train with it…")
        panel.show_labelled(2, "7")
        assert (text(panel), button.text()) == ("2 corrected images (last: 7).", "Train with them…")
        panel.set_drawn(True)
        panel.set_drawn(False)
        assert text(panel).startswith("2 corrected"), "what is there is more important"
        assert offered(panel) == {"remove", "save", "train"}
        button.click()
        panel.show_labelled(0, None)
        assert (text(panel), offered(panel)) == (EMPTY, set())
    assert wanted == ["2 corrected images (last: 7)."] * 2


def test_the_panel_asks_for_the_keys_that_there_are_while_there_is_a_drawing(panel):
    wrong, plain = "Is the answer wrong? Type the right class:", "Type the image's class:"
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


def test_present_mode_says_what_to_press_or_what_was_kept(panel, theme):
    theme.set_present(True)
    panel.set_keys(10, 10, are_corrections=True)
    panel.set_drawn(True)
    for _ in range(2):
        panel.show_labelled(1, "4")
        panel.set_drawn(True, is_kept=True)
        assert (text(panel), offered(panel)) == ("Kept as 4", {"train", "remove"})
        panel.set_drawn(True)
        assert (text(panel), offered(panel)) == ("Network wrong? Press 0–9.", set())
