"""A classifier's answer in one line, with the runner-up."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from cadl_gui.domain.formatting import percent_text
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX


class AnswerLabel(QWidget):
    """Shows the most likely label in large type, with its probability, and the runner-up beside it.

    Args:
        theme: In present mode, the runner-up is below.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._who = self._runner_up = ""
        self._label = QLabel()
        self._label.setObjectName("answerLabel")
        set_style_property(self._label, "textRole", "value")
        self._message = QLabel()
        self._message.setObjectName("answerSentence")
        set_style_property(self._message, "textRole", "caption")
        set_style_property(self._message, "secondary", value=True)
        self._message.setWordWrap(True)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._label)
        self._row.addWidget(self._message, stretch=1)
        theme.changed.connect(self._arrange)
        self._arrange()

    @property
    def text(self) -> str:
        """The answer, or the message shown instead, for a screen reader."""
        return f"{self._label.text()} {self._message.text()}".strip()

    def show_probabilities(self, probabilities: NDArray[Any], who: str) -> None:
        """Show the answer of a classifier.

        Args:
            probabilities: (n_classes,), at least two.
            who: Names the classifier, such as "B · conv-classifier", with the epoch on a second line.
        """
        first, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
        self._label.setText(f"{first} · {percent_text(probabilities[first])}")
        self._runner_up, self._who = f"2nd: {second} · {percent_text(probabilities[second])}", who
        self._arrange()

    def show_message(self, message: str) -> None:
        """Show why there is no answer."""
        self._label.clear()
        self._runner_up, self._who = message, ""
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        present = self._theme.present
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.TopToBottom if present else directions.LeftToRight)
        self._row.setSpacing(0 if present else GAP_SMALL_PX)
        # The classifier's name is for the presenter, not for a class.
        lines = (self._runner_up,) if present else (self._runner_up, self._who)
        self._message.setText("\n".join(line for line in lines if line))
