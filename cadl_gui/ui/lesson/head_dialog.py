"""A dialog in which a teacher writes what a lesson is called, and for whom it is."""

from pathlib import Path

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from cadl_gui.domain.lesson_edit import LessonHead
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import label
from cadl_gui.ui.lesson.lesson_form import LessonForm, field_row
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_N_LINES_HIGH, _N_LINES_OF_NEW = 19, 22
_MOST_MINUTES = 999
_TIP = _("Write this into the file of the lesson; its steps stay as they are")
_BEGUN = _(
    "Step 1 shows what the window shows now. For the next step, let the window show what you want, and press "
    "Record step."
)


class HeadDialog(LessonForm):
    """Asks for the head of a lesson, and gives a `LessonHead`; see `LessonForm`.

    Args:
        window: parent window.
        theme: provides the size.
        path: the lesson.
        head: what its head says now.
        is_new: whether the lesson has just begun, with a step that nobody asked for by *Record step*.

    Attributes:
        is_new: that.
    """

    def __init__(
        self, window: QWidget, theme: Theme, path: Path, head: LessonHead, *, is_new: bool = False
    ) -> None:
        title = _("About the lesson in “{name}”").format(name=path.name)
        lines = _N_LINES_OF_NEW if is_new else _N_LINES_HIGH
        super().__init__(window, theme, "head", title, path, _TIP, lines)
        self.is_new = is_new
        self._title, self._goal, self._ages = map(QLineEdit, (head.title, head.goal, head.ages))
        self._minutes = QLineEdit(f"{head.minutes or ''}")
        self._minutes.setValidator(QIntValidator(0, _MOST_MINUTES, self._minutes))
        rows = (
            field_row("lessonTitleEdit", _("Title of the lesson"), self._title),
            field_row("lessonGoalEdit", _("What the class can do afterwards, in a sentence"), self._goal),
            field_row("lessonMinutesEdit", _("Minutes that it takes"), self._minutes),
            field_row("lessonAgesEdit", _("Ages, such as 14+"), self._ages),
        )
        begun = [label(_BEGUN, "lessonBegun", wraps=True)] if is_new else []
        self.lay_out(GAP_SMALL_PX, *begun, *rows, None, self.buttons)
        self.begin()
        self._restyle()

    def words(self) -> LessonHead:
        """Return what was typed."""
        title, goal, ages = (" ".join(edit.text().split()) for edit in (self._title, self._goal, self._ages))
        return LessonHead(title, goal, int(self._minutes.text() or 0), ages)
