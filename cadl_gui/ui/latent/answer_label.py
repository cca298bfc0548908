"""A classifier's answer in one line, with the runner-up."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from cadl_gui.domain.class_names import are_short, numbered
from cadl_gui.domain.formatting import percent_text
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_LONGEST_NAME = 24


class AnswerLabel(QWidget):
    """Shows the most likely label in large type, with its probability, and the runner-up beside it.

    Args:
        theme: In present mode, the runner-up is below, as it is where classes have names.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._who = self._runner_up = ""
        self._has_names = False
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setObjectName("answerLabel")
        set_style_property(self._label, "textRole", "value")
        self._message = QLabel()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
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

    def show_probabilities(
        self, probabilities: NDArray[Any], who: str, class_names: Sequence[str] = ()
    ) -> None:
        """Show the answer of a classifier.

        Args:
            probabilities: (n_classes,), at least two.
            who: Names the classifier, such as "B · conv-classifier", with the epoch on a second line.
            class_names: Class names by label; () shows the numbers.
        """
        names = tuple(class_names) or numbered(len(probabilities))
        first, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
        self._label.setText(f"{_shortened(names[first])} · {percent_text(probabilities[first])}")
        self._label.setToolTip(names[first] if _shortened(names[first]) != names[first] else "")
        runner_up = f"2nd: {_shortened(names[second])} · {percent_text(probabilities[second])}"
        self._runner_up, self._who, self._has_names = runner_up, who, not are_short(names)
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
        is_below = present or self._has_names
        set_style_property(self._label, "textRole", "section" if self._has_names and not present else "value")
        self._row.setDirection(directions.TopToBottom if is_below else directions.LeftToRight)
        self._row.setSpacing(0 if is_below else GAP_SMALL_PX)
        # The classifier's name is for the presenter, not for a class.
        # Two lines below a name are as high as three beside a number.
        who = self._who.replace("\n", " · ") if self._has_names else self._who
        lines = (self._runner_up,) if present else (self._runner_up, who)
        self._message.setText("\n".join(line for line in lines if line))
        self._label.setVisible(bool(self._label.text()))  # empty, it would take the room of the message


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
