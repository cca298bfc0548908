"""A classifier's answer, large enough for the back row."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from cadl_gui.domain.formatting import percent_text
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_NO_DIGIT = "This does not look like a digit."


class DigitAnswer(QWidget):
    """Shows the most probable digit as large as possible, the runner-up, and the run or, in doubt, a hint.

    Without an answer, it shows a message that says why.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._answer = QLabel()
        self._answer.setObjectName("predictionLabel")
        self._runner_up = QLabel()
        self._runner_up.setObjectName("runnerUpLabel")
        self._source = QLabel()
        self._source.setObjectName("answeringRunLabel")
        self._source.setTextFormat(Qt.TextFormat.RichText)
        set_style_property(self._source, "secondary", value=True)
        self._hint = QLabel(_NO_DIGIT)
        self._hint.setObjectName("noDigitHint")
        set_style_property(self._hint, "noticeText", "caution")
        self._symbol = QLabel()
        for label in (self._source, self._hint):
            label.setWordWrap(True)
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_answer(self, probabilities: NDArray[Any], *, is_doubtful: bool) -> None:
        """Show an answer.

        Args:
            probabilities: (10,), summing to 1.
            is_doubtful: whether the image may not be a digit.
        """
        first, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
        self._show("hero", str(first))
        self._runner_up.setText(f"2nd: {second} · {percent_text(probabilities[second])}")
        set_style_property(self._answer, "secondary", value=is_doubtful)
        self._set_doubtful(is_doubtful)

    def set_message(self, message: str) -> None:
        """Show why there is no answer."""
        self._show("section", message)
        set_style_property(self._answer, "secondary", value=True)
        self._runner_up.clear()
        self._set_doubtful(False)
        self._source.hide()

    def set_source(self, letter: str, text: str) -> None:
        """Show which run answers.

        Args:
            letter: letter of the run; "" for none.
            text: its name and position.
        """
        colour = self._theme.run_colour(letter) if letter else ""
        badge = f'<b style="color:{colour}">{letter}</b> ' if letter else ""
        self._source.setText(badge + text)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(0)
        self._answer.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        grid.addWidget(self._answer, 0, 0, 2, 1)
        grid.addWidget(self._runner_up, 0, 1, 1, 2, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self._source, 1, 1, 1, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._symbol, 1, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._hint, 1, 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(2, 1)
        grid.setHorizontalSpacing(GAP_SMALL_PX)

    def _show(self, role: str, text: str) -> None:
        set_style_property(self._answer, "textRole", role)
        if self._answer.text() != text:
            self._answer.setText(text)

    def _set_doubtful(self, doubtful: bool) -> None:
        self._hint.setVisible(doubtful)
        self._symbol.setVisible(doubtful)
        self._source.setVisible(not doubtful)

    @Slot()
    def _restyle(self) -> None:
        sizes = self._theme.sizes
        self.setMinimumHeight(round(1.3 * sizes.hero))
        symbol = icon("alert-triangle", self._theme, "caution")
        self._symbol.setPixmap(symbol.pixmap(sizes.icon, sizes.icon))
