"""A classifier's answer in one line, with the runner-up."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX


class AnswerLabel(QWidget):
    """The likeliest label large, with its probability and the runner-up beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setObjectName("answerLabel")
        set_style_property(self._label, "textRole", "value")
        self._sentence = QLabel()
        self._sentence.setObjectName("answerSentence")
        set_style_property(self._sentence, "textRole", "caption")
        set_style_property(self._sentence, "secondary", value=True)
        self._sentence.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        row.addWidget(self._label)
        row.addWidget(self._sentence, stretch=1)

    @property
    def text(self) -> str:
        """The answer for a screen reader, or what keeps it from coming."""
        return f"{self._label.text()} {self._sentence.text()}".strip()

    def show_probabilities(self, probabilities: NDArray[Any], who: str) -> None:
        """Show the answer of a classifier.

        Args:
            probabilities: (n_labels,), at least two.
            who: says so, such as "B · conv-classifier".
        """
        second, first = np.argsort(probabilities)[-2:].tolist()
        self._label.setText(f"{first} · {_percent(probabilities[first])}")
        self._sentence.setText(f"then {second} · {_percent(probabilities[second])}\n{who}")

    def show_sentence(self, sentence: str) -> None:
        """Say why there is no answer."""
        self._label.clear()
        self._sentence.setText(sentence)


def _percent(probability: float) -> str:
    return f"{100 * probability:.1f} %"
