"""Actions on lessons: plays them, writes those of one's own, and prints them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.lesson import SUFFIX, title_of
from cadl_gui.domain.lesson_block import NO_DRAWING, Names, Show
from cadl_gui.domain.lesson_bundle import BUNDLE_SUFFIX
from cadl_gui.domain.lesson_edit import (
    Edit,
    LessonHead,
    StepWords,
    delete_step,
    deleted_beside,
    edit_head,
    edit_step,
    move_step,
)
from cadl_gui.domain.lesson_record import record_again, record_step
from cadl_gui.domain.view import SHIPPED
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.sessions import OpenedSession
from cadl_gui.system.resources import shipped_lessons
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, literal
from cadl_gui.ui.confirmation import confirm
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.file_manager import open_outside
from cadl_gui.ui.lesson.head_dialog import HeadDialog
from cadl_gui.ui.lesson.step_dialog import Seen, StepDialog
from cadl_gui.ui.settings import FileKind, Settings
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.lesson_player import CLEAR, NONE_OPEN, LessonPlayer, Opened, file_of, read_opened
from cadl_gui.ui.window.lesson_printing import printed
from cadl_gui.ui.window.tab_builder import TabBuilder

_NAME_IT = _("Name the file of your new lesson")
_NOT_OWN = _("Only a lesson of your own can be written: New lesson… begins one.")
_WRITE = _("Write this lesson")
_SHEETS = _("PDF, to print (*.pdf);;Web page (*.html)")

_Form = TypeVar("_Form", StepDialog, HeadDialog)
_Known = Callable[[Path], Names]
"""Returns what a lesson may name."""


class LessonActions(LessonPlayer):
    """Writes lessons of one's own, and prints any; see `LessonPlayer`."""

    def __init__(
        self,
        window: QMainWindow,
        engine: Engine,
        theme: Theme,
        settings: Settings,
        builder: TabBuilder,
        train: QAction,
        names: Callable[[Path, Callable[[Path], OpenedSession]], Names],
    ) -> None:
        super().__init__(window, engine, theme, settings, builder, train, names, ROWS)
        self._edits: list[Edit] = []

    # Writing.

    def begin(self) -> None:
        """Ask for a file, and begin a lesson there with a step that shows what the window shows."""
        path = ask_where_to_save(
            self.window,
            FileKind.LESSON,
            _NAME_IT,
            _("My lesson{suffix}").format(suffix=SUFFIX),
            _("Lessons (*{suffix})").format(suffix=SUFFIX),
        )
        if path is not None:
            self._record(path)

    @property
    def why_not_record(self) -> str:
        """Why no step can be recorded into the open lesson; "" if one can."""
        return "" if self.own else _NOT_OWN

    def record(self) -> None:
        """Write what the window shows as a step into the open lesson, after the step that is shown."""
        if self.own is not None:
            self._record(self.own)

    def _record(self, path: Path) -> None:
        engine, (view, config), position = self._engine, self._seen(), self._engine.view.position
        after = self.step.title if self.step is not None and path == self.own else ""

        def record(known: _Known) -> tuple[int, list[str]]:
            session = "" if config is None else engine.sessions.holding(view.run, path.parent)
            return record_step(path, known, view, config, after, session, position)

        self._write(path, record, self._enter_recorded)

    def _seen(self) -> Seen:
        engine = self._engine
        run, view = engine.view.run, engine.view.value
        if not view.tab:  # no tab has been chosen since the first start
            open_pages = (page.objectName() for page in self._builder.pages if page.isVisible())
            view = replace(view, tab=next(open_pages, ""))
        if run is not None:
            view = replace(view, run=engine.runs.key(run), at=engine.view.shown.at)
        config = None if run is None or view.run.startswith(SHIPPED) else run.description.config
        return view, config

    def _see(self) -> tuple[Seen, Show, str]:
        """Return what the window shows, as a step that was recorded now would show it, and that in a line."""
        seen = view, _config = self._seen()
        run = self._engine.view.run
        drawing = NO_DRAWING if view.draw.sheet(INK).is_blank else INK.key
        show = Show(view.tab, run="" if run is None else run.description.name, at=view.at, drawing=drawing)
        return seen, show, _shows(show)

    def _enter_recorded(self, opened: Opened, recorded: tuple[int, list[str]]) -> None:
        number, unsaid = recorded
        self._settings.add_recent(opened.path)
        self._take(opened)
        self.enter(number)
        title = opened.lesson.steps[number].title
        where = _("“{title}” is step {number} in “{name}”.").format(
            title=title, number=number + 1, name=Path(opened.path).name
        )
        self._recorded = self._tell(where, unsaid, _("Edit step…"), self.edit), opened.path, title
        if len(opened.lesson.steps) == 1:
            self._edit_head(is_new=True)

    def _tell(self, done: str, unsaid: list[str], words: str, callback: Callable[[], object]) -> str:
        """Say what was recorded and what is missing in it, offer something, and return the message."""
        if not unsaid:
            self._engine.notifications.inform(done, words, callback)
            return done
        told = _("{done} It leaves out what no lesson can say: {unsaid}.").format(
            done=done, unsaid=", ".join(unsaid)
        )
        self._engine.notifications.warn(told, "", words, callback)
        return told

    def replace_show(self) -> None:
        """Let the step show what the window shows now; its words stay."""
        if self.own is not None and self.step is not None and not self.why_not_edit:
            path, title, told = self.own, self.step.title, _("“{title}” shows what the window shows now.")
            again = partial(self._record_again, path, title, self._seen())
            self._edit(path, title, again, told.format(title=title))

    def _record_again(self, path: Path, title: str, seen: Seen, known: _Known) -> list[str]:
        view, config = seen
        engine = self._engine
        session = "" if config is None else engine.sessions.holding(view.run, path.parent)
        return record_again(path, known, view, config, title, session)

    def why_not_move(self, by: int) -> str:
        """Why the step cannot change places with the one before (-1) or after it (1); "" if it can."""
        if self.why_not_edit:
            return self.why_not_edit
        if by < 0:
            return self.why_no_way_back
        return "" if self.has_next else _("This is the last step.")

    def move(self, by: int) -> None:
        """Let the step and the one before or after it change places."""
        path, step = self.own, self.step
        if path is None or step is None or self.why_not_move(by):
            return
        told = _("“{title}” is step {number} now.").format(title=step.title, number=self.number + 1 + by)
        self._edit(path, step.title, lambda known: move_step(path, known, step.title, by), told)

    @property
    def why_not_delete(self) -> str:
        """Why the step cannot be deleted; "" if it can."""
        is_only = self.lesson is not None and len(self.lesson.steps) == 1
        return self.why_not_edit or (_("This is the only step of its lesson.") if is_only else "")

    def delete(self) -> None:
        """Ask whether to delete the step, and do it after a yes."""
        path, step = self.own, self.step
        if path is None or step is None or self.why_not_delete:
            return
        texts = (
            _("Delete the step “{title}”?").format(title=step.title),
            _("It moves to “{name}” beside the lesson.").format(name=deleted_beside(path).name),
        )
        told = _("“{title}” was deleted from “{name}”.").format(title=step.title, name=path.name)
        then = partial(self._edit, path, step.title, lambda known: delete_step(path, known, step.title), told)
        confirm(self.window, "deleteStepQuestion", texts, _("Delete"), then)

    def _edit(
        self,
        path: Path,
        title: str,
        work: Callable[[_Known], list[str] | None],
        told: str,
        failed: Callable[[str, str], None] | None = None,
    ) -> BackgroundJob:
        """Edit a step of a lesson, or its head if the title is "", and offer to undo that.

        Args:
            work: edits the file, and returns what it could not write, in words; if it fails, the file stays
                as it was.
            told: says what was done; "" for nothing.
            failed: see `_write`.
        """

        def edit(known: _Known) -> tuple[list[str], Edit]:
            before = path.read_bytes()
            try:
                unsaid = work(known)
            except BaseException:
                if (after := path.read_bytes()) != before:
                    Edit(path, title, before, after).undo()
                raise
            return unsaid or [], Edit(path, title, before, path.read_bytes())

        def tell(opened: Opened, written: tuple[list[str], Edit]) -> None:
            unsaid, done = written
            self._stay(opened)
            if done.before != done.after:
                self._edits.append(done)
            if done.before != done.after and told:
                self._tell(told, unsaid, _("Undo"), self._undo)

        return self._write(path, edit, tell, failed)

    def _undo(self) -> None:
        """Take back what was edited last, and offer the same of the edit before."""
        last = self._edits.pop()

        def tell(opened: Opened, _done: None) -> None:
            self._stay(opened)
            titles = [step.title for step in opened.lesson.steps]
            if self.own == last.path and last.title in titles and self.number != titles.index(last.title):
                self.enter(titles.index(last.title))
            if self._edits and self._edits[-1].after == last.before:
                told = _("“{name}” is as it was before.").format(name=last.path.name)
                self._engine.notifications.inform(told, _("Undo"), self._undo)

        self._write(last.path, lambda _known: last.undo(), tell)

    def _write(
        self,
        path: Path,
        work: Callable[[_Known], Any],
        then: Callable[[Opened, Any], object] | None = None,
        failed: Callable[[str, str], None] | None = None,
    ) -> BackgroundJob:
        """Write into a lesson in another thread, and go on with what it says then.

        Args:
            work: is given what returns the names beside a lesson.
            then: is given the lesson, and what `work` returns; by default, the window stays at its step.
            failed: is told why nothing was written; by default, the user is.
        """
        names = self._names

        def write() -> tuple[Opened, Any]:
            known = partial(names, require_go_on=job.raise_if_cancelled)
            written = work(known)
            return read_opened(path, known(path)), written

        job = BackgroundJob(write, _("Nothing could be written into “{name}”").format(name=path.name))
        self.show_progress(job, _("Writing into “{name}”…").format(name=path.name))
        done = then or self._stay
        self._engine.jobs.start(
            job, lambda written: done(*written), failed=failed or self._engine.notifications.fail
        )
        return job

    def _stay(self, opened: Opened, _done: object = None) -> None:
        """Show the lesson as it was written, at the same step; so do the forms of its steps."""
        self._take_changed(opened)
        steps = {step.title: step for step in opened.lesson.steps}
        for dialog in self.window.findChildren(StepDialog):
            if str(dialog.path) == opened.path and dialog.step in steps:
                dialog.show_what(steps[dialog.step].show, _shows(steps[dialog.step].show))

    @property
    def why_not_edit(self) -> str:
        """Why the words of the step cannot be edited here; "" if they can."""
        if self.step is None:
            return NONE_OPEN
        if self.own is None:
            return _NOT_OWN
        return _("This step has a fault: mend it in the file first.") if self.step.faults else ""

    def edit(self) -> None:
        """Show the dialog that edits the words of the step."""
        path, step = self.own, self.step
        if path is None or step is None or self.why_not_edit:
            return

        def make() -> StepDialog:
            return self._heard(StepDialog(self.window, self._theme, path, step, _shows(step.show), self._see))

        self.show_one(StepDialog, make, lambda dialog: (dialog.path, dialog.step) == (path, step.title))

    @property
    def why_not_edit_head(self) -> str:
        """Why what the lesson says of itself cannot be edited here; "" if it can."""
        if self.lesson is None:
            return NONE_OPEN
        return "" if self.own else _NOT_OWN

    def edit_head(self) -> None:
        """Show the dialog that edits what the lesson says of itself."""
        self._edit_head()

    def _edit_head(self, *, is_new: bool = False) -> None:
        path, lesson = self.own, self.lesson
        if path is None or lesson is None:
            return

        def make() -> HeadDialog:
            head = LessonHead(lesson.title, lesson.goal, lesson.minutes, lesson.ages)
            return self._heard(HeadDialog(self.window, self._theme, path, head, is_new=is_new))

        self.show_one(HeadDialog, make, lambda dialog: dialog.path == path)

    def _heard(self, form: _Form) -> _Form:
        """Return a form, of which what it gives is written."""
        form.given.connect(self._save)
        return form

    @Slot(object)
    def _save(self, words: StepWords | LessonHead) -> None:
        """Write what a dialog gives, which closes once this is done."""
        dialog = self.sender()
        assert isinstance(dialog, (StepDialog, HeadDialog)), "no other one gives words"
        path, seen, title = dialog.path, None, ""
        if isinstance(dialog, StepDialog):
            seen, title = dialog.seen, dialog.step
            told = _("“{title}” was changed.").format(title=title)
        else:  # what to do next is said where a lesson has just begun
            told = "" if dialog.is_new else _("“{name}” was changed.").format(name=path.name)

        def save(known: _Known) -> list[str]:
            if isinstance(words, LessonHead):
                edit_head(path, known, words)
                return []
            unsaid = [] if seen is None else self._record_again(path, title, seen, known)
            edit_step(path, known, title, words)
            return unsaid

        self._edit(path, title, save, told, dialog.refuse).finished.connect(dialog.accept)

    # Printing.

    @property
    def why_not_print(self) -> str:
        """Why there is no lesson to print; "" if one is open, or was."""
        return "" if self._lesson is not None else _("No lesson has been open yet.")

    def of_which_lesson(self, text: str) -> str:
        """Return the text of an action about the lesson that was open last; it names one that was closed."""
        last = None if self.lesson is not None else self._lesson
        return text if last is None else literal(f"{text} (“{last.title}”)")

    def print_sheet(self, *, for_teacher: bool) -> None:
        """Ask where, and save the sheet of the lesson that was open last, which any program prints."""
        lesson = file_of(self._path)
        assert self._lesson is not None, "actions are disabled without a lesson"
        whose = "teacher" if for_teacher else "students"
        name = f"{self._lesson.title.rstrip('?!. ')} - {whose}.pdf"
        sheet = ask_where_to_save(self.window, FileKind.LESSON, _("Save as PDF"), name, _SHEETS)
        if sheet is None:
            return
        work = partial(printed, lesson, sheet, for_teacher=for_teacher)
        job = BackgroundJob(work, _("“{name}” could not be saved").format(name=sheet.name))
        self.show_progress(job, _("Saving “{name}”…").format(name=sheet.name))
        self._engine.jobs.start(job, self._report_sheet, failed=self._engine.notifications.fail)

    @Slot(object)
    def _report_sheet(self, sheet: Path) -> None:
        """Say where a sheet was saved until that is read: it takes long, and who waits looks elsewhere."""
        notifications = self._engine.notifications
        where = _("“{name}” in {parent}").format(name=sheet.name, parent=sheet.parent)

        def open_sheet() -> None:
            if not open_outside(sheet):
                notifications.warn(_("No program was found that opens {where}.").format(where=where))

        notifications.inform(_("Saved the sheet as {where}.").format(where=where), _("Open"), open_sheet)


def _shows(show: Show) -> str:
    """Return what a step shows, in a line."""
    tab = next((spec.title for spec in TABS if spec.name == show.tab), "")
    run = show.run.rpartition("/")[2] or show.preset
    at = str(show.at or (run and _("newest weights")))
    blank = _("an empty canvas") if show.tab == "drawTab" else ""
    drawing = {"": "", NO_DRAWING: blank}.get(show.drawing, _("a drawing"))
    return " · ".join(filter(None, (tab, show.session, run, at, drawing))) or _("what the step before shows")


def _shipped_row(path: Path) -> ActionRow[LessonActions]:
    name = path.name.removesuffix(SUFFIX)
    return ActionRow(
        key=f"lesson_{name.replace('-', '_')}", menu="Lesson", text=literal(title_of(path)),
        help="Play this lesson: the window shows what it is about, step by step.",
        callback=lambda host: host.open(path),
    )  # fmt: skip


ROWS: tuple[ActionRow[LessonActions], ...] = (
    *map(_shipped_row, shipped_lessons()),
    ActionRow(
        key="openLesson", menu="Lesson", text="Open lesson…", separated=True,
        help=_("Open a lesson of your own, a {suffix} or {bundle} file.").format(
            suffix=SUFFIX, bundle=BUNDLE_SUFFIX
        ),
        callback=LessonActions.choose,
    ),
    ActionRow(
        key="newLesson", menu="Lesson", presented=False, text="New lesson…",
        help="Begin a lesson of your own in a file; its step 1 shows what the window shows now.",
        callback=LessonActions.begin,
    ),
    ActionRow(
        key="recordStep", menu="Lesson", submenu=_WRITE, presented=False, text="Record step",
        help="Write what the window shows now as a step into your open lesson, after the one that is shown.",
        callback=LessonActions.record,
        why_not=lambda host: host.why_not_record,
    ),
    ActionRow(
        key="editStep", menu="Lesson", submenu=_WRITE, presented=False, text="Edit step…",
        help="Write the title, the text, the note and the question of this step of your own lesson.",
        callback=LessonActions.edit,
        why_not=lambda host: host.why_not_edit,
    ),
    ActionRow(
        key="replaceShow", menu="Lesson", submenu=_WRITE, presented=False, text="Replace what the step shows",
        help="Let this step of your own lesson show what the window shows now; its words stay.",
        callback=LessonActions.replace_show,
        why_not=lambda host: host.why_not_edit,
    ),
    ActionRow(
        key="moveStepUp", menu="Lesson", submenu=_WRITE, presented=False, text="Move step up",
        help="Let this step of your own lesson and the one before it change places.",
        callback=lambda host: host.move(-1),
        why_not=lambda host: host.why_not_move(-1),
    ),
    ActionRow(
        key="moveStepDown", menu="Lesson", submenu=_WRITE, presented=False, text="Move step down",
        help="Let this step of your own lesson and the one after it change places.",
        callback=lambda host: host.move(1),
        why_not=lambda host: host.why_not_move(1),
    ),
    ActionRow(
        key="deleteStep", menu="Lesson", submenu=_WRITE, presented=False, text="Delete step…",
        help="Take this step out of your own lesson; it can be brought back.",
        callback=LessonActions.delete,
        why_not=lambda host: host.why_not_delete,
    ),
    ActionRow(
        key="editLesson", menu="Lesson", submenu=_WRITE, presented=False, text="Edit lesson…",
        help="Write the title of your own lesson, its goal, how long it takes, and for whom it is.",
        callback=LessonActions.edit_head,
        why_not=lambda host: host.why_not_edit_head,
    ),
    ActionRow(
        key="printSheet", menu="Lesson", presented=False, text="Save worksheet as PDF…",
        help="Save the lesson, open or closed last, for students: text, figures, questions, room to write.",
        callback=lambda host: host.print_sheet(for_teacher=False),
        label=lambda host: host.of_which_lesson(_("Save worksheet as PDF…")),
        why_not=lambda host: host.why_not_print,
    ),
    ActionRow(
        key="printTeachersSheet", menu="Lesson", presented=False, text="Save sheet for teacher as PDF…",
        help="Save the lesson, open or closed last, for yourself: the same with answers, hints and notes.",
        callback=lambda host: host.print_sheet(for_teacher=True),
        label=lambda host: host.of_which_lesson(_("Save sheet for teacher as PDF…")),
        why_not=lambda host: host.why_not_print,
    ),
    ActionRow(
        key="previousStep", menu="Lesson", presented=False, text="Back", shortcuts=("PgUp",), separated=True,
        help="Go back to the step before, and show what it shows.",
        callback=lambda host: host.go(-1),
        why_not=lambda host: host.why_no_way_back,
    ),
    ActionRow(
        key="nextStep", menu="Lesson", presented=False, text="Next", shortcuts=("PgDown",),
        help="Read on to the end of this step, then show the next one.",
        callback=LessonActions.go_on,
        label=lambda host: host.way_on,
        why_not=lambda host: host.why_not_open,
    ),
    ActionRow(
        key="finishLesson", menu="Lesson", presented=False, text="Finish",
        help="At the end of the last step, close the lesson; it begins at its first step the next time.",
        callback=LessonActions.finish,
        why_not=lambda host: host.why_not_finish,
    ),
    ActionRow(
        key="stepAgain", menu="Lesson", presented=False, text="I am lost",
        help="Show again what this step shows.",
        callback=LessonActions.set_up_again,
        why_not=lambda host: host.why_not_open,
    ),
    ActionRow(
        key="stepHint", menu="Lesson", presented=False, text="Show me",
        help="Show a hint for this step, and where its control is.",
        callback=LessonActions.show_hint,
        why_not=lambda host: host.why_no_hint,
    ),
    ActionRow(
        key="teachersNotes", menu="Lesson", presented=False, checkable=True, text="Teacher’s notes",
        help="Show below each step what only the teacher reads; never in present mode.",
        toggle=LessonActions.show_notes,
    ),
    ActionRow(
        key="showEverything", menu="Lesson", presented=False, text="Show everything",
        help="Show the controls that this step leaves out, too.",
        callback=LessonActions.show_everything,
        why_not=lambda host: host.why_nothing_left_out,
    ),
    ActionRow(
        key="restartLesson", menu="Lesson", text=CLEAR,
        help="Clear the answers and ticks of this lesson, for another class; Undo brings them back.",
        callback=LessonActions.restart,
        why_not=lambda host: host.why_not_open,
    ),
    ActionRow(
        key="closeLesson", menu="Lesson", text="Close lesson", icon="x",
        help="Close the lesson; what it showed stays, but for its noise; where you were is remembered.",
        callback=LessonActions.close,
        why_not=lambda host: host.why_not_open,
    ),
)  # fmt: skip
