"""A classifier's answer, with the runner-up."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.class_names import are_short, numbered
from cadl_gui.domain.formatting import percent_text
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import grid_in, label
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_LONGEST_NAME = 24


class AnswerLabel(QWidget):
    """Shows the most likely label in large type, with its probability; below it the runner-up.

    Args:
        theme: In present mode, of the classifier only the letter is said, and not why there is no answer.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._stage = theme.stage
        self._run, self._label = label("", "answerRun"), label("", "answerLabel")
        self._runner_up, self._message = (
            label("", name, wraps=True, textRole="caption", secondary=True)
            for name in ("runnerUp", "answerSentence")
        )
        theme.stage.put(When.AT_A_DESK, self._message)
        theme.stage.put(When.PRESENTING, self._run)
        self._run.setContentsMargins(0, 0, GAP_SMALL_PX, 0)
        grid = grid_in(self, 0, 0)
        grid.addWidget(self._run, 0, 0)
        grid.addWidget(self._label, 0, 1)
        grid.addWidget(self._runner_up, 1, 0, 1, 2)
        grid.addWidget(self._message, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)
        self.show_message("")

    @property
    def text(self) -> str:
        """The answer, or the message shown instead, for a screen reader."""
        return " ".join(filter(None, (each.text() for each in (self._label, self._runner_up, self._message))))

    def show_probabilities(
        self, probabilities: NDArray[Any], who: str, class_names: Sequence[str] = ()
    ) -> None:
        """Show the answer of a classifier.

        Args:
            probabilities: (n_classes,), at least two.
            who: The classifier's letter, name and epoch, such as "B · conv-classifier · epoch 44".
            class_names: Class names by label; () shows the numbers.
        """
        names = tuple(class_names) or numbered(len(probabilities))
        first, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
        for large in (self._run, self._label):
            set_style_property(large, "textRole", "value" if are_short(names) else "section")
        self._label.setToolTip(plain_tip(names[first]) if _shortened(names[first]) != names[first] else "")
        self._show(
            f"{_shortened(names[first])} · {percent_text(probabilities[first])}",
            _("2nd: {name} · {share}").format(
                name=_shortened(names[second]), share=percent_text(probabilities[second])
            ),
            who,
        )

    def show_message(self, message: str) -> None:
        """Show why there is no answer."""
        self._show("", "", message)

    def _show(self, *texts: str) -> None:
        """Show the three lines; an empty one would take the room of the others."""
        self._run.setText(f"{texts[-1].partition(' · ')[0]}:")
        self._stage.show(self._run, bool(texts[0]))
        for line, text in zip((self._label, self._runner_up, self._message), texts, strict=True):
            line.setText(text)
            self._stage.show(line, bool(text))


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
