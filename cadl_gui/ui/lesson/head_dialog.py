"""A dialog in which a teacher writes what a lesson is called, and for whom it is."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from cadl_gui.domain.lesson_edit import LessonHead
from cadl_gui.system.words import _
from cadl_gui.ui.lesson.lesson_form import LessonForm, field_row
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_N_LETTERS_WIDE, _N_LINES_HIGH = 64, 16
_MOST_MINUTES = 999
_TIP = _("Write this into the file of the lesson; its steps stay as they are")


class HeadDialog(LessonForm):
    """Asks for the head of a lesson, and gives a `LessonHead`; see `LessonForm`.

    Args:
        window: parent window.
        theme: provides the size.
        path: the lesson.
        head: what its head says now.
    """

    def __init__(self, window: QWidget, theme: Theme, path: Path, head: LessonHead) -> None:
        super().__init__(
            window, theme, "head", _("About the lesson in “{name}”").format(name=path.name), path, _TIP
        )
        self._title, self._goal, self._ages = map(QLineEdit, (head.title, head.goal, head.ages))
        self._minutes = QLineEdit(f"{head.minutes or ''}")
        self._minutes.setValidator(QIntValidator(0, _MOST_MINUTES, self._minutes))
        rows = (
            field_row("lessonTitleEdit", _("Title of the lesson"), self._title),
            field_row("lessonGoalEdit", _("What the class can do afterwards, in a sentence"), self._goal),
            field_row("lessonMinutesEdit", _("Minutes that it takes"), self._minutes),
            field_row("lessonAgesEdit", _("Ages, such as 14+"), self._ages),
        )
        self.lay_out(GAP_SMALL_PX, *rows, None, self.buttons)
        self.begin()
        self.saved.connect(self._give)
        theme.changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def _give(self) -> None:
        title, goal, ages = (" ".join(edit.text().split()) for edit in (self._title, self._goal, self._ages))
        self.give(LessonHead(title, goal, int(self._minutes.text() or 0), ages))

    @Slot()
    def _restyle(self) -> None:
        self.resize_to_type(_N_LETTERS_WIDE, _N_LINES_HIGH)
