"""A dialog in which a teacher writes what a lesson is called, and for whom it is."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from cadl_gui.domain.lesson_edit import LessonHead
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.parts import named, push_button, row_of
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.lesson.step_dialog import field_row
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_N_LETTERS_WIDE, _N_LINES_HIGH = 64, 16
_MOST_MINUTES = 999


class HeadDialog(Dialog):
    """Asks for the head of a lesson; it stays open until that is written, or given up.

    Args:
        window: parent window.
        theme: provides the size.
        path: the lesson.
        head: what its head says now.

    Attributes:
        path: the lesson.

    Signals:
        given: (`LessonHead`) this should be written.
    """

    given = Signal(object)

    def __init__(self, window: QWidget, theme: Theme, path: Path, head: LessonHead) -> None:
        super().__init__(window, "headDialog", f"About the lesson in “{path.name}”")
        self._theme = theme
        self.path = path
        self._title, self._goal, self._ages = map(QLineEdit, (head.title, head.goal, head.ages))
        self._minutes = QLineEdit(f"{head.minutes or ''}")
        self._minutes.setValidator(QIntValidator(0, _MOST_MINUTES, self._minutes))
        self._message = named(wrapped_label(), "headMessage")
        cancel = push_button("Cancel", "headCancelButton", slot=self.reject)
        tip = "Write this into the file of the lesson; its steps stay as they are"
        self._save = push_button("Save", "headSaveButton", tip, self._give, primary=True)
        self._save.setDefault(True)
        rows = (
            field_row("lessonTitleEdit", "Title of the lesson", self._title),
            field_row("lessonGoalEdit", "What the class can do afterwards, in a sentence", self._goal),
            field_row("lessonMinutesEdit", "Minutes that it takes", self._minutes),
            field_row("lessonAgesEdit", "Ages, such as 14+", self._ages),
        )
        self.lay_out(GAP_SMALL_PX, *rows, None, row_of(GAP_SMALL_PX, (self._message, 1), cancel, self._save))
        theme.changed.connect(self._restyle)
        self._restyle()

    @Slot(str, str)
    def refuse(self, message: str, details: str = "") -> None:  # noqa: ARG002 (the sentence says enough)
        """Say why nothing was written, and keep what was typed."""
        self._save.setEnabled(True)
        self._message.setText(message)

    @Slot()
    def _give(self) -> None:
        self._message.setText("")
        self._save.setEnabled(False)
        title, goal, ages = (" ".join(edit.text().split()) for edit in (self._title, self._goal, self._ages))
        self.given.emit(LessonHead(title, goal, int(self._minutes.text() or 0), ages))

    @Slot()
    def _restyle(self) -> None:
        self.resize_to_type(_N_LETTERS_WIDE, _N_LINES_HIGH)
