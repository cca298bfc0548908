"""A dialog in which a teacher writes the words of a step."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.lesson import Step
from cadl_gui.domain.lesson_block import NO_DRAWING, Question, Show, read_question
from cadl_gui.domain.lesson_edit import StepWords
from cadl_gui.domain.view import View
from cadl_gui.system.words import _
from cadl_gui.ui.controls.no_scroll_combo_box import named_combo
from cadl_gui.ui.controls.parts import label, named, push_button, row_of
from cadl_gui.ui.lesson.lesson_form import LessonForm, field_row
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_N_LINES_HIGH = 42
_NONE, _CHOICES, _NUMBER, _TEXT = _("No question"), _("One of several answers"), _("A number"), _("A text")
_RIGHT = {_CHOICES: "9", _NUMBER: _("784, or 98 ± 1")}
_NO_RIGHT = _("may stay empty")
_TIP = _("Write this into the file of the lesson")
_EMPTY_TIP = _("The class draws by itself; untick it to begin with what was drawn before")
_REPLACE = _("Replace what the step shows")
_REPLACE_TIP = _("Let this step show what the window shows now; this is written when you save")
_DRAW = "drawTab"

Seen = tuple[View, RunConfig | None]
"""What the window shows, and the configuration of its run; None if that ships."""


class StepDialog(LessonForm):
    """Asks for the words of a step, and gives `StepWords`; see `LessonForm`.

    Args:
        window: parent window.
        theme: provides the size.
        path: the lesson.
        step: its step, which has no fault.
        shows: what it shows, in a line.
        see: returns what the window shows now, as `Seen` and `shows` have it.

    Attributes:
        step: title that the step has in the lesson.
        seen: what the window showed when the step was to show that instead; None if it was not.
    """

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        path: Path,
        step: Step,
        shows: str,
        see: Callable[[], tuple[Seen, Show, str]],
    ) -> None:
        super().__init__(
            window,
            theme,
            "step",
            _("Edit step “{title}”").format(title=step.title),
            path,
            _TIP,
            _N_LINES_HIGH,
        )
        self.step = step.title
        self.seen: Seen | None = None
        self._see = see
        self._shows = label(name="stepShows", wraps=True, secondary=True)
        self._replace = push_button(_REPLACE, "replaceShowButton", _REPLACE_TIP, self._show_instead)
        self._empty = named(QCheckBox(_("Start with an empty canvas")), "emptyCanvasBox", _EMPTY_TIP)
        asked = step.ask or Question("")
        self._title = QLineEdit(step.title)
        self._prose, self._notes = (QPlainTextEdit(text) for text in (step.prose, step.notes))
        self._kind = named_combo("questionKindCombo", _("Question"), _("How the class answers"))
        self._kind.addItems([_NONE, _CHOICES, _NUMBER, _TEXT])
        self._kind.setCurrentText(_NONE if step.ask is None else _kind_of(asked))
        self._asked, self._choices = QLineEdit(asked.text), QLineEdit(" / ".join(asked.choices))
        self._choices.setPlaceholderText(_("4 / 9 / neither"))
        self._right, self._hint = QLineEdit(asked.right), QLineEdit(step.hint)
        self._rows = {
            edit: field_row(name, words, edit)
            for name, words, edit in (
                ("stepTitleEdit", _("Title"), self._title),
                ("stepProseEdit", _("What the class reads"), self._prose),
                ("stepNotesEdit", _("Teacher’s note, never shown in present mode"), self._notes),
                ("questionKindCombo", _("Question"), self._kind),
                ("questionEdit", _("What is asked"), self._asked),
                ("choicesEdit", _("Answers to choose from, with “/” between them"), self._choices),
                ("rightAnswerEdit", _("Right answer"), self._right),
                ("hintEdit", _("Hint, for those who press Show me"), self._hint),
            )
        }
        self.show_what(step.show, shows)
        self._lay_out()
        self._kind.currentIndexChanged.connect(self._offer)
        self._offer()
        if not step.prose:
            self._prose.setFocus()

    def _lay_out(self) -> None:
        shares = {"stepProseEdit": 3, "stepNotesEdit": 2}
        rows = [(row, shares.get(edit.objectName(), 0)) for edit, row in self._rows.items()]
        shows = row_of(GAP_SMALL_PX, (self._shows, 1), self._replace)
        self.lay_out(GAP_SMALL_PX, shows, self._empty, *rows, self.buttons)
        self.begin()
        for edit in (self._prose, self._notes):
            edit.setTabChangesFocus(True)
        self._restyle()

    def show_what(self, show: Show, shows: str) -> None:
        """Say what the step shows; also when that was replaced, which leaves what was typed.

        Args:
            show: what it shows.
            shows: that in a line.
        """
        was_untouched = self._typed == self._before
        if self.seen is None:
            self._say_what(show, _("Shows: {shows}").format(shows=shows))
        if was_untouched:
            self.begin()

    @Slot()
    def _show_instead(self) -> None:
        """Let the step show what the window shows now, once this is saved."""
        self.seen, show, shows = self._see()
        self._say_what(show, _("Shows, once you save: {shows}").format(shows=shows))

    def _say_what(self, show: Show, words: str) -> None:
        self._shows.setText(words)
        self._is_drawn = show.tab == _DRAW
        self._empty.setVisible(self._is_drawn)
        self._empty.setChecked(show.drawing == NO_DRAWING)

    @property
    def _typed(self) -> list[str | bool]:
        return [*super()._typed, self.seen is not None]

    @property
    def _ask(self) -> str:
        """The question that was typed, as a lesson has it; "" for none."""
        kind, right = self._kind.currentText(), self._right.text().strip()
        answer = {_CHOICES: self._choices.text().strip(), _NUMBER: "number", _TEXT: "text"}.get(kind)
        return (
            "" if answer is None else f"{self._asked.text().strip()} | {answer}" + (right and f" = {right}")
        )

    @property
    def _wrong(self) -> tuple[str, QWidget] | None:
        """What is said of a question that cannot be asked, and its field; None if it can."""
        kind, right = self._kind.currentText(), self._right.text().strip()
        asked, choices = (
            self._asked.text().strip(),
            [each.strip() for each in self._choices.text().split("/")],
        )
        if kind != _NONE and not asked:
            return _("Write what is asked, or choose “No question”."), self._asked
        if kind == _CHOICES:
            if len({*choices}) < max(2, len(choices)) or not all(choices):
                return _("Write two different answers or more, with “/” between them."), self._choices
            if right and right not in choices:
                return _("“{right}” is not one of the answers above.").format(right=right), self._right
        try:
            read = read_question(self._ask) if self._ask else Question(asked)
        except ValueError:
            if kind == _NUMBER:
                return _("“{right}” is no number: 784 is one, and so is 98 ± 1.").format(
                    right=right
                ), self._right
            read = Question("")
        if read.text != asked or (kind == _CHOICES and [*read.choices] != choices):
            return _(
                "No answer can have “|” or “=” in it."
            ), self._choices if kind == _CHOICES else self._right
        return None

    def words(self) -> StepWords | None:
        """Return what was typed; None if the question cannot be asked."""
        if (wrong := self._wrong) is not None:
            self.say(*wrong)
            return None
        texts = (edit.text().strip() for edit in (self._title, self._hint))
        title, hint = (" ".join(text.split()) for text in texts)
        prose, notes = (edit.toPlainText().strip() for edit in (self._prose, self._notes))
        is_empty = self._empty.isChecked() if self._is_drawn else None
        return StepWords(title, prose, notes, self._ask, hint, is_empty)

    @Slot()
    def _offer(self) -> None:
        """Show what there is to say of this kind of question."""
        kind = self._kind.currentText()
        self._rows[self._asked].setVisible(kind != _NONE)
        self._rows[self._choices].setVisible(kind == _CHOICES)
        self._rows[self._right].setVisible(kind != _NONE)
        self._right.setPlaceholderText(", ".join(filter(None, (_RIGHT.get(kind), _NO_RIGHT))))


def _kind_of(asked: Question) -> str:
    return _CHOICES if asked.choices else _NUMBER if asked.is_number else _TEXT
