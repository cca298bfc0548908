"""A classifier's answer is named as its classes are."""

import numpy as np
import pytest
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel

from cadl_gui.ui.latent.answer_label import AnswerLabel

pytestmark = pytest.mark.gui

PROBABILITIES = np.array([0.1, 0.7, 0.2])


@pytest.fixture
def label(qtbot, theme):
    label = AnswerLabel(theme)
    qtbot.addWidget(label)
    return label


def test_classes_are_named(label):
    label.show_probabilities(PROBABILITIES, "B · conv-classifier", ("Flags", "Food & Drink", "Objects"))
    assert label.text.startswith("Food & Drink · 70.0 % 2nd: Objects · 20.0 %")


def test_digits_are_numbers(label):
    label.show_probabilities(PROBABILITIES, "B · conv-classifier")
    assert label.text.startswith("1 · 70.0 % 2nd: 2 · 20.0 %")


def test_a_long_name_is_shortened_and_whole_in_the_tooltip(label):
    long = "Grumpy saw-whet owls of the northern harbour"
    label.show_probabilities(PROBABILITIES, "", ("a", long, "b"))
    answer = label.findChild(QLabel, "answerLabel")
    assert answer.text().startswith("Grumpy saw-whet owls of…")
    assert answer.toolTip() == long


def test_a_name_from_a_file_is_no_markup(label):
    label.show_probabilities(PROBABILITIES, "", ("a", "<b>x</b> y", "b"))
    answer = label.findChild(QLabel, "answerLabel")
    assert answer.text() == "<b>x</b> y · 70.0 %"
    long = "<b>x</b> owls of the northern harbour in winter"
    label.show_probabilities(PROBABILITIES, "", ("a", long, "b"))
    assert QTextDocumentFragment.fromHtml(answer.toolTip()).toPlainText() == long


def test_a_message_is_seen_whole_at_a_desk_and_present_mode_says_whose_answer_it_is(label, theme):
    """An empty answer above it took its room, and its last line was cut off."""
    label.show_message("A prediction needs a classifier of the same images: train one on photos, 64×64.")
    label.setFixedWidth(150)
    label.show()
    names = ("answerRun", "answerLabel", "runnerUp", "answerSentence")
    run, answer, second, message = (label.findChild(QLabel, name) for name in names)
    assert message.height() == label.height() >= 3 * message.fontMetrics().lineSpacing()
    for present in (True, False, True):
        theme.set_present(present)
        label.show_message("Why.")
        assert not any(each.isVisible() for each in (run, answer, second))
        assert message.isVisible() is not present
        label.show_probabilities(PROBABILITIES, "B · conv-classifier · epoch 44")
        assert [each.isVisible() for each in (answer, second, message)] == [True, True, not present]
        assert (run.isVisible(), run.text()) == (present, "B:")
