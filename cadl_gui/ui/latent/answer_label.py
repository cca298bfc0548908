"""A classifier's answer, with the runner-up."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cadl_gui.domain.class_names import are_short, numbered
from cadl_gui.domain.formatting import percent_text
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme

_LONGEST_NAME = 24


class AnswerLabel(QWidget):
    """Shows the most likely label in large type, with its probability; below it the runner-up.

    Args:
        theme: In present mode, the classifier is not named.

    Signals:
        rearranged: It may need another height.
    """

    rearranged = Signal()

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._label)
        column.addWidget(self._message, stretch=1)
        theme.changed.connect(self._arrange)
        self._arrange()

    @property
    def text(self) -> str:
        """The answer, or the message shown instead, for a screen reader."""
        return f"{self._label.text()} {self._message.text()}".strip()

    @property
    def has_answer(self) -> bool:
        """Whether there is an answer, not a message in place of one."""
        return bool(self._label.text())

    def show_probabilities(
        self, probabilities: NDArray[Any], who: str, class_names: Sequence[str] = ()
    ) -> None:
        """Show the answer of a classifier.

        Args:
            probabilities: (n_classes,), at least two.
            who: Names the classifier and its epoch, such as "B · conv-classifier · epoch 44".
            class_names: Class names by label; () shows the numbers.
        """
        names = tuple(class_names) or numbered(len(probabilities))
        first, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
        self._label.setText(f"{_shortened(names[first])} · {percent_text(probabilities[first])}")
        self._label.setToolTip(plain_tip(names[first]) if _shortened(names[first]) != names[first] else "")
        runner_up = f"2nd: {_shortened(names[second])} · {percent_text(probabilities[second])}"
        # Digits change nothing but the text, sixty times a second.
        is_alike = who == self._who and are_short(names)
        self._runner_up, self._who, self._has_names = runner_up, who, not are_short(names)
        self._arrange()
        if not is_alike:
            self.rearranged.emit()

    def show_message(self, message: str) -> None:
        """Show why there is no answer."""
        self._label.clear()
        self._runner_up, self._who = message, ""
        self._arrange()
        self.rearranged.emit()

    @Slot()
    def _arrange(self) -> None:
        present = self._theme.present
        set_style_property(self._label, "textRole", "section" if self._has_names and not present else "value")
        # The classifier's name is for the presenter, not for a class.
        lines = (self._runner_up,) if present else (self._runner_up, self._who)
        self._message.setText("\n".join(line for line in lines if line))
        self._label.setVisible(bool(self._label.text()))  # empty, it would take the room of the message


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
