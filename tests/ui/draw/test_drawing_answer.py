"""The answer in words."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from cadl_gui.ui.draw.drawing_answer import DrawingAnswer

pytestmark = pytest.mark.gui


@pytest.mark.parametrize(
    ("p", "n", "words"),
    [
        (0.345, 30, "Not sure · 34.5\N{NO-BREAK SPACE}%"),
        (0.1, 30, "Just a guess · 10.0\N{NO-BREAK SPACE}%"),
        (0.345, 10, "Just a guess · 34.5\N{NO-BREAK SPACE}%"),
        (0.345, 4, "Just a guess · 34.5\N{NO-BREAK SPACE}%"),
        (0.6, 2, "Not sure · 60.0\N{NO-BREAK SPACE}%"),
    ],
)
def test_what_a_guess_is_depends_on_how_many_classes_there_are(qtbot, theme, p, n, words):
    """A third, ten times what a guess among thirty classes has, was “Just a guess”."""
    answer = DrawingAnswer(theme)
    qtbot.addWidget(answer)
    probabilities = np.full(n, (1 - p) / (n - 1), np.float32)
    probabilities[0] = p
    answer.set_answer(probabilities, [f"class {label}" for label in range(n)], is_doubtful=False)
    assert answer.findChild(QLabel, "confidenceLabel").text() == words
