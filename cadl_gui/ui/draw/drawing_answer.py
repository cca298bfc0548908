"""A classifier's answer, large enough for the back row."""

from collections.abc import Sequence
from html import escape
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from cadl_gui.domain.class_names import class_name, ranked
from cadl_gui.domain.formatting import percent_text
from cadl_gui.system.words import _
from cadl_gui.ui.controls.action_button import tool_button
from cadl_gui.ui.controls.parts import label, named
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.stylesheet import giant
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX

_SHORT = 2
"""Longest name, in characters, that is shown in the largest font."""

_LINE = 1.22
"""Height of a line, as a multiple of the size of the type."""

_SURE = ((0.95, _("Sure")), (0.7, _("Fairly sure")))
_NOT_SURE, _GUESS = _("Not sure"), _("Just a guess")
_LEAST, _TIMES_CHANCE = 0.5, 5
"""From which probability an answer is more than a guess; of many classes, from so many times their chance."""

_NO_DIGIT = _("This does not look like a digit.")
_UNTRAINED = _("Untrained: it guesses.")


class DrawingAnswer(QWidget):
    """Shows the most probable class, how sure the run is, the runner-up or, in doubt, a hint, and the run.

    Of a modified network it says, too, what it was before.

    A digit is as large as possible. Without a class, it shows a message. Where bars would have no room, it is
    compact and leaves out what they and the timeline say.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._answer = label(name="predictionLabel")
        self._confidence = label(name="confidenceLabel", wraps=True, textRole="section")
        self._runner_up = label(name="runnerUpLabel")
        rich = QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        self._source = named(rich, "answeringRunLabel", secondary=True)
        self._hint = label(_NO_DIGIT, "noDigitHint", wraps=True, noticeText="caution")
        self._symbol = QLabel()
        self._is_compact = False
        self._shown = "", ""
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_answer(
        self,
        probabilities: NDArray[Any],
        class_names: Sequence[str],
        *,
        is_doubtful: bool,
        noise: int = 0,
        is_untrained: bool = False,
        trained: NDArray[Any] | None = None,
    ) -> None:
        """Show an answer.

        Args:
            probabilities: (n_classes,), summing to 1.
            is_doubtful: whether the image may not be a digit.
            noise: how much of it the image got, in percent; it is seen nowhere else but in its section.
            is_untrained: whether the network has learned nothing yet, so that its doubts mean nothing.
            trained: what a modified network answered as it was trained; None if it is not modified.
        """
        first, *others = ranked(probabilities).tolist()
        name = class_name(class_names, first)
        is_short = len(name) <= _SHORT
        self._place_answer(is_above=not is_short)
        self._runner_up.setWordWrap(not is_short)
        self._show("giant" if is_short else "value", name)
        self._confidence.setText(
            _confidence(float(probabilities[first]), len(probabilities)) + noise_text(noise)
        )
        below = [
            _("2nd: {answer}").format(answer=_with_percent(probabilities, class_names, i)) for i in others[:1]
        ]
        if trained is not None:
            below.append(
                _("was {with_percent}").format(
                    with_percent=_with_percent(trained, class_names, int(ranked(trained)[0]))
                )
            )
        self._runner_up.setText("\n".join(below))
        self._confidence.show()
        self._source.setVisible(not self._is_compact)
        self.set_old(old=False)
        self._hint.setText(_UNTRAINED if is_untrained else _NO_DIGIT)
        set_style_property(self._answer, "secondary", value=is_doubtful or is_untrained)
        self._set_doubtful(is_doubtful or is_untrained)
        self._runner_up.setVisible(self._hint.isHidden() and not self._is_compact)

    @property
    def full_height(self) -> int:
        """Least height where it is not compact."""
        return 0 if self._is_above else round(_LINE * giant(self._theme.sizes))

    def set_compact(self, compact: bool) -> None:
        """Set whether it leaves room for the bars."""
        if compact != self._is_compact:
            self._is_compact = compact
            self._fix_height()
            self._show(*self._shown)
            is_answer = not self._confidence.isHidden()
            self._source.setVisible(is_answer and not compact)
            self._runner_up.setVisible(is_answer and self._hint.isHidden() and not compact)

    @Slot()
    def set_old(self, *, old: bool = True) -> None:
        """Show whether the answer is to another drawing, as it is until the next one comes."""
        for shown in (self._confidence, self._runner_up, *([self._answer] if old else [])):
            set_style_property(shown, "secondary", value=old)

    def add_button(self, action: QAction) -> None:
        """Add a button of present mode at the right."""
        self.button = tool_button(action)
        self._theme.stage.put(When.PRESENTING, self.button)
        self._grid.addWidget(self.button, 0, 3, 3, 1, Qt.AlignmentFlag.AlignTop)

    def set_message(self, message: str, *, has_source: bool = False) -> None:
        """Show a message in place of a class: why there is none, or what else the run answers."""
        self._place_answer(is_above=has_source, is_sentence=True)
        self._show("section", message)
        set_style_property(self._answer, "secondary", value=True)
        for emptied in (self._confidence, self._runner_up):
            emptied.clear()
            emptied.hide()
        self._set_doubtful(False)
        self._source.setVisible(has_source and not self._is_compact)

    def set_source(self, letter: str, text: str) -> None:
        """Show which run answers.

        Args:
            letter: letter of the run; "" for none.
            text: its name and position.
        """
        colour = self._theme.run_colour(letter) if letter else ""
        badge = f'<b style="color:{colour}">{letter}</b> ' if letter else ""
        self._source.setText(badge + escape(text))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        self._grid = grid
        self._place_answer(is_above=False)
        grid.addWidget(self._confidence, 1, 1, 1, 2, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self._runner_up, 2, 1, 1, 2)
        grid.addWidget(self._source, 3, 1, 1, 3, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._symbol, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._hint, 2, 2, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(3, 1)
        grid.setColumnStretch(2, 1)

    def _place_answer(self, *, is_above: bool, is_sentence: bool = False) -> None:
        """Place the answer beside the other texts or above them; a long name or a sentence has the width."""
        is_wide = is_above or is_sentence
        across = QSizePolicy.Policy.Ignored if is_wide else QSizePolicy.Policy.Fixed
        self._answer.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        self._answer.setWordWrap(is_wide)
        self._is_above = is_above
        self._fix_height()
        self._grid.setRowStretch(1, 0 if is_above else 1)
        self._grid.setHorizontalSpacing(0 if is_above else GAP_PX)
        self._grid.addWidget(self._answer, *((0, 0, 1, 3) if is_above else (1, 0, 3, 3 if is_wide else 1)))

    def _fix_height(self) -> None:
        """Leave room for the largest type beside the other texts, so that nothing moves when it comes."""
        self.setMinimumHeight(0 if self._is_compact else self.full_height)

    def _show(self, role: str, text: str) -> None:
        self._shown = role, text
        is_small = self._is_compact and role == "giant"
        set_style_property(self._answer, "textRole", "section" if is_small else role)
        if self._answer.text() != text:
            self._answer.setText(text)

    def _set_doubtful(self, doubtful: bool) -> None:
        self._hint.setVisible(doubtful)
        self._symbol.setVisible(doubtful)

    @Slot()
    def _restyle(self) -> None:
        sizes = self._theme.sizes
        self._fix_height()
        symbol = icon("alert-triangle", self._theme, "caution")
        self._symbol.setPixmap(symbol.pixmap(sizes.icon, sizes.icon))


def noise_text(noise: int) -> str:
    """Return what to add to an answer about an image with so many percent of noise."""
    text = _("at {noise} % noise").format(noise=noise).replace(" ", "\N{NO-BREAK SPACE}")
    return f" {text}" if noise else ""


def _confidence(p: float, n_classes: int) -> str:
    """Say how sure a classifier of so many classes is, on two lines if need be: “Sure · 99.8 %”."""
    otherwise = _NOT_SURE if p >= min(_LEAST, _TIMES_CHANCE / n_classes) else _GUESS
    text = next((text for least, text in _SURE if p >= least), otherwise)
    return f"{text} · {percent_text(p)}".replace(" %", "\N{NO-BREAK SPACE}%")


def _with_percent(probabilities: NDArray[Any], class_names: Sequence[str], label: int) -> str:
    return f"{class_name(class_names, label)} · {percent_text(probabilities[label])}"
