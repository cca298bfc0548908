"""Plays lessons: opens them, shows what a step shows, and notes what is answered and done.

`LessonActions` writes and prints them, too.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QFileSystemWatcher, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QMenuBar, QPlainTextEdit

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.drawing import BLANK
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.lesson import SUFFIX, Lesson, LessonError, Step, read_lesson, title_of
from cadl_gui.domain.lesson_block import Facts, Names, PlacedRun, Show
from cadl_gui.domain.lesson_bundle import is_bundle, lesson_in
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.page_lesson import PageLesson
from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.view import SHIPPED, DrawView, LessonView, View
from cadl_gui.domain.view_step import ViewStep
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.sessions import OpenedSession
from cadl_gui.system.resources import shipped_lessons
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.draw.labelling_panel import LABELLED
from cadl_gui.ui.file_dialogs import LESSON_FILTER, ask_for_file
from cadl_gui.ui.lesson.formulas import as_images
from cadl_gui.ui.lesson.lesson_panel import LessonPanel, ShownStep
from cadl_gui.ui.lesson.links import first_link, with_links
from cadl_gui.ui.lesson.pointing import Ring, find_control
from cadl_gui.ui.progress_text import time_text
from cadl_gui.ui.settings import FileKind, Settings
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.tab_builder import TabBuilder
from cadl_gui.ui.window.window_part import WindowPart

_CHECK_MS = 200
_WRITTEN_MS = 100
"""Until a file that an editor writes is whole."""

_OF_IMAGES = ("noise", "is_normalised")
"""What changes the image that networks get of a drawing, and is seen in one section of Draw alone."""

CLEAR = _("Clear answers, start again")
_NO_NOTE = _("*This step has no note for the teacher.*")
NONE_OPEN = _("No lesson is open.")


class Opened(NamedTuple):
    """A lesson, with the name that a view gives it, and when its file was written and how large it was."""

    path: str
    lesson: Lesson
    stamp: tuple[int, int]


class LessonPlayer(WindowPart):
    """Plays one lesson at a time, which the view names.

    Entering a step changes the view to all that the step shows. Afterwards the class is free; now and then
    it is checked whether the step is done.

    Args:
        window: parent of the actions and of the ring that points at controls.
        engine: has the runs and the view.
        theme: for icons and sizes.
        settings: stores the recent files.
        builder: has the pages, which know what the networks answered.
        train: the action that trains the next run.
        names: returns what a lesson may name, and unpacks the sessions that it names.
        rows: the actions; their host is this, or what is derived from it.

    Attributes:
        action_set: the actions of the rows, in order.
        panel: shows the step.

    Signals:
        panel_turned: the panel was shown or hidden.
    """

    panel_turned = Signal()

    def __init__(
        self,
        window: QMainWindow,
        engine: Engine,
        theme: Theme,
        settings: Settings,
        builder: TabBuilder,
        train: QAction,
        names: Callable[[Path, Callable[[Path], OpenedSession]], Names],
        rows: Iterable[ActionRow[Any]],
    ) -> None:
        super().__init__(window)
        self._engine = engine
        self._builder = builder
        self._theme = theme
        self._settings = settings
        sessions, to = engine.sessions, engine.runs.sessions_folder

        def names_beside(lesson: Path, require_go_on: Callable[[], None] = lambda: None) -> Names:
            return names(lesson, lambda path: sessions.open(path, to, require_go_on))

        self._names = names_beside
        self._lesson: Lesson | None = None
        self._path = self._name = self._fault = ""
        self._shows_all = self._is_as_left = False
        self._recorded = "", "", ""
        self._stamp: tuple[int, int] | None = None
        self._predicted: set[str] = set()
        self._tried: dict[str, str] = {}
        self.action_set = ActionSet(rows, self, theme, window)
        self.panel = LessonPanel(theme, self.action_set, train, self._answer, self._point_at, self.enter)
        self.panel.read.connect(self.action_set.refresh)
        self._ring = Ring(window, theme)
        self._check_timer = Timer(self, self._check, _CHECK_MS, repeats=True)
        self._watcher = QFileSystemWatcher(self)
        for changed in (self._watcher.fileChanged, self._watcher.directoryChanged):
            changed.connect(self._note_change)
        builder.added.connect(self._leave_out)  # a page is built later
        view = engine.view
        view.bind(self, lambda: view.value.lesson.path, self._follow)
        view.bind(self, self._what_to_show, self._show)

    # Opening.

    def choose(self) -> None:
        """Ask for a lesson, and open it."""
        path = ask_for_file(self.window, FileKind.LESSON, _("Open lesson"), LESSON_FILTER)
        if path is not None:
            self._settings.add_recent(str(path))
            self.open(path)

    def open(self, path: Path) -> None:
        """Open a lesson where it was left; if it cannot be read, what is shown stays as it is."""
        self._read(path, self._enter_opened)

    @Slot()
    def _follow(self) -> None:
        """Read the lesson that the view names, as that of the last session, whose step is shown already."""
        path = self._wish.path
        if path and path != self._path:
            self._is_as_left = True
            self._read(file_of(path), self._take)

    def _read(self, path: Path, then: Callable[[Opened], None]) -> None:
        names, folder = self._names, self._bundles

        def read() -> Opened:
            if is_bundle(path) and folder is None:
                raise UserError(_("Files are not written to a disk here, as those of a bundle have to be."))
            lesson = path if folder is None else lesson_in(path, folder, job.raise_if_cancelled)
            return read_opened(lesson, names(lesson, job.raise_if_cancelled))

        job = BackgroundJob(read, _("“{name}” could not be opened").format(name=path.name))
        self.show_progress(job, _("Opening “{name}”…").format(name=path.name))
        self._engine.jobs.start(job, then, failed=self._tell_fault)

    @Slot(str, str)
    def _tell_fault(self, message: str, details: str) -> None:
        self._fault = message
        self._engine.notifications.fail(message, details)

    @Slot(object)
    def _take(self, opened: Opened) -> None:
        if self._wish.path != opened.path:  # it is about to be entered, in place of another one or of none
            draw = self._draw_before()
            before = {each: getattr(draw, each) for each in _OF_IMAGES}
            self._engine.view.change(draw=draw, lesson=replace(self._wish, **before))
        self._path, self._lesson, self._stamp = opened
        self._name = Path(self._path.removeprefix(SHIPPED)).name.removesuffix(SUFFIX)
        self._engine.notifications.resolve(self._fault)
        if faults := opened.lesson.faults:
            self._fault = _("{fault} All other steps can be played.").format(
                fault=LessonError(file_of(self._path).name, faults)
            )
            self._engine.notifications.warn(self._fault)
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        if not self._path.startswith(SHIPPED):
            # Editors write a file again in its place, or put another one there.
            self._watcher.addPaths([self._path, str(Path(self._path).parent)])
            self._note_change()  # it may have changed before it was watched
        self._show()

    @Slot(object)
    def _enter_opened(self, opened: Opened) -> None:
        """Enter the step at which a lesson was left, unless what the class left there is still shown."""
        goes_on = self._is_as_left and self._wish.path == opened.path
        self._is_as_left = False
        self._take(opened)
        if not goes_on:
            self.enter(self._number_in(opened.lesson))
            where = (
                _("Opened where it was left, at step {number}.").format(number=self.number + 1)
                if self.number
                else ""
            )
            if self._wish.without(self._name) != self._wish:
                told = _("{where} It has the answers that were given the last time.")
                told = told.format(where=where or _("Opened."))
                self._engine.notifications.inform(told, CLEAR, self.restart)
            elif where:
                self._engine.notifications.show_status(where)

    @property
    def own(self) -> Path | None:
        """The file of the open lesson; None if it ships or is of a bundle, or none is open."""
        is_own = self.lesson is not None and not self._path.startswith(SHIPPED)
        path = Path(self._path)
        return path if is_own and path.parent.parent != self._bundles else None

    @property
    def _bundles(self) -> Path | None:
        """Where bundles are unpacked; None where nothing is written."""
        folder = self._engine.runs.sessions_folder
        return None if folder is None else folder.with_name("lessons")

    def for_page(self, words: Callable[[str], str]) -> PageLesson | None:
        """Return the open lesson as web pages have it; None if none is open.

        Args:
            words: returns the words for a name, in any thread.
        """
        from cadl_gui.ui.lesson.page_texts import page_lesson  # its Markdown takes a start 15 ms

        lesson = self.lesson
        return None if lesson is None else page_lesson(lesson, file_of(self._path).parent, words)

    @Slot()
    def _note_change(self) -> None:
        QTimer.singleShot(_WRITTEN_MS, self, self._read_changed)

    @Slot()
    def _read_changed(self) -> None:
        """Read one's own lesson again if its file is another one; a fault in it leaves this one open."""
        with suppress(OSError):  # it is gone, and may come back
            if self.own is not None and (stamp := stamp_of(self.own)) != self._stamp:
                self._stamp = stamp
                self._read(self.own, self._take_changed)

    @Slot(object)
    def _take_changed(self, opened: Opened) -> None:
        """Stay at the step, by its title; enter it again if it shows something else now."""
        before, lesson = self.step, opened.lesson
        if before is None or opened.path != self._path:
            return
        titles, number = [step.title for step in lesson.steps], self._number_in(lesson)
        if titles[number] != before.title and before.title in titles:
            number = titles.index(before.title)
        self._take(opened)
        if lesson.steps[number].show != before.show:
            self.enter(number)
        else:
            self._change(self._wish.at(self._name, number))

    def close(self) -> None:
        """Close the lesson; what is shown stays, but not what would go on changing drawings unseen."""
        self._close(self._wish)

    def _close(self, lesson: LessonView) -> None:
        self._engine.view.change(lesson=replace(lesson, path=""), draw=self._draw_before())

    def _draw_before(self) -> DrawView:
        """What is chosen in Draw, but that images are changed as before the open lesson, if it says how."""
        shown = [] if self.lesson is None else [step.show for step in self.lesson.steps]
        named = {path for show in shown for path, _ in show.members}
        names_all = any(show.session or show.is_usual for show in shown)
        said = [each for each in _OF_IMAGES if names_all or f"draw.{each}" in named]
        return replace(self._engine.view.value.draw, **{each: getattr(self._wish, each) for each in said})

    def restart(self) -> None:
        """Begin the lesson anew, for another class."""
        self._clear(self._name)
        self.enter(0)

    def _forget(self) -> None:
        """Forget what no view keeps of a class: what it tried, and what it typed and did not give."""
        self._tried.clear()
        self.panel.forget()

    # Steps.

    @property
    def _wish(self) -> LessonView:
        return self._engine.view.value.lesson

    @property
    def lesson(self) -> Lesson | None:
        """The open lesson, once it has been read; None if none is open."""
        return self._lesson if self._path and self._wish.path == self._path else None

    @property
    def number(self) -> int:
        """Number of the step, from 0."""
        return 0 if self.lesson is None else self._number_in(self.lesson)

    def _number_in(self, lesson: Lesson) -> int:
        return min(self._wish.steps.get(self._name, 0), len(lesson.steps) - 1)

    @property
    def step(self) -> Step | None:
        """The step; None if no lesson is open."""
        return None if self.lesson is None else self.lesson.steps[self.number]

    @property
    def is_done(self) -> bool:
        """Whether all that is asked of the class in this step is done, or nothing is."""
        return self.step is None or not self.step.check or self._key(self.step) in self._wish.done

    @property
    def has_next(self) -> bool:
        """Whether a step follows."""
        return self.lesson is not None and self.number + 1 < len(self.lesson.steps)

    @property
    def has_more(self) -> bool:
        """Whether the step goes on below what is in sight of it."""
        return self.lesson is not None and self.panel.goes_on

    @property
    def way_on(self) -> str:
        """Text of the button that reads on, or goes to the next step."""
        if self.has_more:
            return _("More")
        return _("Next") if self.is_done else _("Skip")

    def go_on(self) -> None:
        """Read on in this step or, from its end, enter the next one; at that of the last, say that it is.

        A presenter's remote is pressed once too often.
        """
        if self.has_more:
            self.panel.read_on()
        elif self.has_next:
            self.go(1)
        else:
            self.panel.show_end()

    @property
    def why_not_finish(self) -> str:
        """Why the lesson is not at its end; "" if all of the last step has been read."""
        is_at_end = not self.has_next and not self.has_more
        return self.why_not_open or ("" if is_at_end else _("This is not the end of the last step."))

    def finish(self) -> None:
        """Close the lesson, which begins anew the next time; say what follows, and offer to clear it."""
        lesson = self.lesson
        if lesson is None:
            return
        shipped = iter(shipped_lessons())
        following = next((next(shipped, None) for path in shipped if key_of(path) == self._path), None)
        self._close(self._wish.at(self._name, 0))
        self.window.setFocus()  # else a button has it that was beside the panel, and Space would press it
        then = (
            ()
            if following is None
            else (_("Open “{title}”").format(title=title_of(following)), partial(self.open, following))
        )
        self._engine.notifications.inform(_("The lesson is finished."), *then)

    def _clear(self, name: str) -> None:
        """Clear the answers and ticks of a lesson, for another class; they can be brought back."""
        self._forget()
        self._engine.view.change(undo=CLEAR, lesson=self._wish.without(name))

    def _key(self, step: Step) -> str:
        return f"{self._name}/{step.title}"

    def _change(self, lesson: LessonView) -> None:
        self._engine.view.change(lesson=lesson)

    def go(self, by: int) -> None:
        """Enter a step after this one, or before it."""
        self.enter(self.number + by)

    def set_up_again(self) -> None:
        """Enter this step once more, and say so: what was done in it may be gone."""
        self.go(0)
        self.panel.say(_("Set up again, as this step begins."))

    @Slot(int)
    def enter(self, number: int) -> None:
        """Enter a step: show all that it shows, in one change of the view; of a faulty one, nothing."""
        lesson, view = self._lesson, self._engine.view
        if lesson is None or not 0 <= number < len(lesson.steps):
            return
        step = lesson.steps[number]
        show = step.show
        self._predicted.clear()
        self._ring.hide()
        self._shows_all = self._is_as_left = False
        focused = QApplication.focusWidget()
        unlisted = self._unlisted(lesson, show)
        if not all(run.path.exists() for run in unlisted):  # it was moved to the trash, with its session
            self._read(file_of(self._path), partial(self._enter_unpacked, number))
            return
        for run in unlisted:
            self._engine.runs.open(run.path, show=False, key=run.key)
        view.position_chosen.emit()
        before, key = view.value, self._run_key(lesson, show)
        chosen = replace(self._wish, path=self._path).at(self._name, number)
        shown = before if step.faults else lesson.shown(show, before, key)
        if self._key(step) in chosen.answers:
            shown = _uncovered(shown, step)
        view.change(**vars(replace(shown, lesson=chosen)))
        self._show()  # though the view may be as it was
        self._keep(lesson, before)
        now = QApplication.focusWidget()
        is_typed = isinstance(now, QPlainTextEdit) and self.panel.isAncestorOf(now)
        if is_typed or (now is not focused and isinstance(now, QAbstractButton)):
            # A key would be typed as the next answer; or Space press what came after what had the focus.
            self.panel.focus_way_on()

    def _enter_unpacked(self, number: int, opened: Opened) -> None:
        self._take(opened)
        self.enter(number)

    def _keep(self, lesson: Lesson, before: View) -> None:
        """Let the work that the lesson has replaced be brought back, and say so where it covers nothing."""
        now = self._engine.view.value
        of_sessions = (each.view.draw.sheets.values() for each in lesson.sessions.values())
        of_lesson = [BLANK, *lesson.drawings.values(), *chain(*of_sessions)]
        drawn = {
            form: drawing
            for form, drawing in before.draw.sheets.items()
            if drawing is not now.draw.sheets.get(form)
            and all(drawing.to_json() != each.to_json() for each in of_lesson)
        }
        set_by_hand = {
            key: replace(now.chosen(key), pins=own.pins, bends=own.bends)
            for key, own in before.of_run.items()
            if (own.pins, own.bends) not in {((), ()), (now.chosen(key).pins, now.chosen(key).bends)}
        }
        if not drawn and not set_by_hand:
            return
        after = replace(now, tab="drawTab" if drawn else now.tab)
        sheets, of_run = {**now.draw.sheets, **drawn}, {**now.of_run, **set_by_hand}
        mine = replace(after, draw=replace(after.draw, sheets=sheets), of_run=of_run)
        what = _("Drawing") if drawn else _("Pins and bends")
        self._engine.view.add(ViewStep.of(mine, after, _("{what} of the lesson").format(what=what)))
        is_empty = bool(drawn) and all(now.draw.sheets.get(form, BLANK).is_blank for form in drawn)
        has = (
            _("an empty canvas")
            if is_empty
            else (_("its own drawing") if drawn else _("its own pins and bends"))
        )
        told = _("This step has {has}. Undo brings back yours, until you quit.").format(has=has)
        self._engine.notifications.show_status(told)

    def _unlisted(self, lesson: Lesson, show: Show) -> list[PlacedRun]:
        """Return the runs that a step needs, and are not in the list."""
        session, named = lesson.sessions.get(show.session), lesson.run_of(show)
        needed = {} if session is None else {run.key: run for run in session.runs.values()}
        needed |= {} if named is None else {named.key: named}
        listed = {*map(self._engine.runs.key, self._engine.runs.listed)}
        return [run for key, run in needed.items() if key not in listed]

    def _run_key(self, lesson: Lesson, show: Show) -> str:
        """Return the key of the run that a step shows."""
        runs = self._engine.runs
        if (named := lesson.run_of(show)) is not None:
            return named.key
        trained = None if show.config is None else self._trained(show.config)
        return self._engine.view.value.run if trained is None else runs.key(trained)

    def _trained(self, config: RunConfig) -> Run | None:
        """Return the last run with these settings, whatever its number of epochs."""
        return next(
            (
                run
                for run in reversed(tuple(self._engine.runs))
                if run.description.config == config.replace(epochs=run.description.config.training.epochs)
            ),
            None,
        )

    @property
    def leaves_out(self) -> bool:
        """Whether the step hides controls that it does not name."""
        return self.step is not None and bool(self.step.only) and not self._shows_all

    def show_everything(self) -> None:
        """Show the controls that the step leaves out, too, until a step is entered."""
        self._shows_all = True
        self._show()

    @Slot()
    def _leave_out(self) -> None:
        names: dict[str, str] = {}
        if self.leaves_out:
            others = (each for each in self.window.findChildren(ActionSet) if each is not self.action_set)
            names = {f"{row.key}Button": row.key for each in others for row in each.rows}
            names |= {f"{name}Field": name for name in FIELDS}
        only = () if self.step is None else self.step.only
        left_out = [widget for widget, name in names.items() if name not in only]
        self._theme.stage.leave_out([*left_out, *([LABELLED] if self._awaits_choice else [])])

    @property
    def _awaits_choice(self) -> bool:
        """Whether the class is to choose an answer, and could take a number key for one."""
        step = self.step
        is_open = step is not None and step.ask is not None and bool(step.ask.choices)
        return is_open and step is not None and self._key(step) not in self._wish.answers

    def show_hint(self) -> None:
        """Show what helps those who are stuck, and point at the control that it, or else the step, names."""
        self.panel.show_hint()
        if link := self._to_point_at():
            self._point_at(link)

    def _to_point_at(self) -> str:
        return "" if self.step is None else first_link(self.step.hint, self.step.prose)

    @property
    def why_not_open(self) -> str:
        """Why nothing can be done with the lesson: none is open; "" if one is."""
        return "" if self.lesson is not None else NONE_OPEN

    @property
    def why_no_way_back(self) -> str:
        """Why there is no step to go back to; "" if there is."""
        return self.why_not_open or ("" if self.number else _("This is the first step."))

    @property
    def why_nothing_left_out(self) -> str:
        """Why there is nothing more to show; "" if the step leaves something out."""
        return self.why_not_open or ("" if self.leaves_out else _("This step leaves nothing out."))

    @property
    def why_no_hint(self) -> str:
        """Why there is nothing to show to those who are stuck; "" if there is."""
        if self.step is None:
            return NONE_OPEN
        return "" if self.step.hint or self._to_point_at() else _("This step has no hint.")

    def show_notes(self, shows: bool) -> None:
        """Show what only the teacher reads, or no longer."""
        self.panel.show_notes(shows)

    @Slot(str)
    def _answer(self, answer: str) -> None:
        """Keep an answer; a wrong one of many may be given once more first, and a word is no number."""
        if self.step is None or self.step.ask is None:
            return
        key, asked = self._key(self.step), self.step.ask
        tried = self._tried.pop(key, "")
        has_tried = key in self._wish.answers or (tried and asked.takes(tried))
        is_one_of_many = asked.is_number or len(asked.choices) > 2  # of two, the other one is right
        may_retry = is_one_of_many and not has_tried
        if answer and (not asked.takes(answer) or (may_retry and asked.is_right(answer) is False)):
            self._tried[key] = answer
        else:
            shown = _uncovered(self._engine.view.value, self.step) if answer else self._engine.view.value
            self._engine.view.change(lesson=self._wish.answered(key, answer), figure=shown.figure)
        self._show()  # though the view may be as it was

    # What is shown.

    def _what_to_show(self) -> object:
        view = self._engine.view
        return (self._wish, view.value.runs, view.run) if self._wish.path else None

    @Slot()
    def _show(self) -> None:
        lesson, step = self.lesson, self.step
        self.action_set.refresh()
        if self.panel.isHidden() is (lesson is not None):
            self.panel.setVisible(lesson is not None)
            self.panel_turned.emit()
        self._leave_out()
        told, *recorded = self._recorded
        if told and recorded != [self._path if lesson else "", step.title if step else ""]:
            self._recorded = "", "", ""
            self._engine.notifications.resolve(told)  # its button would edit another step
        if lesson is None or step is None:
            self._forget()
            self._ring.hide()
            self._check_timer.stop()
            return
        question = "" if step.ask is None else f"**{step.ask.text}**"
        notes = _("**Teacher:** {notes}").format(notes=step.notes) if step.notes else _NO_NOTE
        key = self._key(step)
        self.panel.show_step(
            ShownStep(
                lesson=lesson.title,
                number=self.number,
                step=step,
                folder=file_of(self._path).parent,
                texts=tuple(
                    as_images(with_links(text, self._words))
                    for text in (step.prose, question, notes, step.hint)
                ),
                answer=self._tried.get(key) or self._wish.answers.get(key, ""),
                may_retry=key in self._tried,
                is_done=key in self._wish.done,
                fault=self._fault_of(step),
                to_train=self._to_train(step.show),
                is_own=self.own is not None,
                steps=tuple((each.title, self._key(each) in self._wish.done) for each in lesson.steps),
            )
        )
        if self.is_done:
            self._check_timer.stop()
        else:
            self._check_timer.plan()

    def _fault_of(self, step: Step) -> str:
        """Return what is said of a step that cannot be played, with all that is wrong."""
        if not step.faults:
            return ""
        told = [_("Line {line}: {text}").format(line=line, text=text) for line, text in step.faults]
        mend = [_("Mend that in “{name}” and save the file.").format(name=self.own.name)] if self.own else []
        return "\n".join([_("This step has a fault and cannot be played."), *told, *mend])

    def _to_train(self, show: Show) -> str:
        """Return what is said of a run that has to be trained first, and how long that takes."""
        config = show.config
        if config is None or self._trained(config) is not None:
            return ""
        text = _("This step shows a run of {preset} with seed {seed}, which is not trained yet.").format(
            preset=show.preset, seed=show.seed
        )
        time = time_text(config, self._engine)
        roughly = _("Its {epochs} epochs can take some minutes.").format(epochs=config.training.epochs)
        return f"{text} {time or roughly}"

    # Links.

    def _words(self, name: str) -> str:
        """Return what a control is called now, with its key."""
        action = self.window.findChild(QAction, f"{name}Action")
        row = self._row(name)
        if row is None:
            return FIELDS[name].label if name in FIELDS else name
        text = row.text if action is None else action.text().replace("&", "")
        keys = f" ({row.shortcuts_text})" if row.shortcuts else ""
        return f"{text.removesuffix('…')}{keys}"

    def _row(self, name: str) -> ActionRow[Any] | None:
        in_window = (row for each in self.window.findChildren(ActionSet) for row in each.rows)
        in_tabs = (row for spec in TABS for row in spec.load().ACTIONS)
        return next((row for row in chain(in_window, in_tabs) if row.key == name), None)

    @Slot(str)
    def _point_at(self, link: str) -> None:
        """Point at the control that a link names, or say where it is."""
        name = link.partition(":")[2]
        row = self._row(name)
        found = find_control(self.window, name, "" if row is None else row.menu)
        if found is None:
            self._ring.hide()
        else:
            self._ring.point_at(*found, self.window.findChild(QAction, f"{name}Action"))
        is_in_menu = row is not None and (found is None or isinstance(found[0], QMenuBar))
        if is_in_menu or (found is None and name in FIELDS):
            where = (
                _("in the menu {menu}").format(menu=_(row.menu))
                if row
                else _("in Train, in the settings of the next run")
            )
            self.panel.say(_("“{words}” is {where}.").format(words=self._words(name), where=where))

    # Whether the step is done.

    @Slot()
    def _check(self) -> None:
        step = self.step
        if step is not None and not self.is_done:
            facts = self.facts()
            if all(condition.holds(facts) for condition in step.check):
                self._change(self._wish.with_done(self._key(step)))

    def facts(self) -> Facts:
        """Return what the conditions of steps are about, as it is now."""
        view, run = self._engine.view, self._engine.view.run
        value = view.value
        numbers: dict[str, float] = {"labelled": len(value.draw.labelled)}
        told: dict[str, float | str] = {}
        for page in self._builder.pages:
            told.update(page.facts())
        prediction = told.pop("prediction", "")
        self._predicted |= {str(prediction)} - {""}
        numbers |= {word: number for word, number in told.items() if not isinstance(number, str)}
        drawn: Collection[str] = () if value.draw.sheet(INK).is_blank else {"", *self._predicted}
        if not drawn:
            self._predicted.clear()
        names: dict[str, Collection[str]] = {
            "drawn": drawn,
            "prediction": {str(prediction)} - {""},
            "changed": _changed(value.next),
            "layer": {value.inspect.layer},
            "tab": {value.tab},
            "run": {value.run.removeprefix(SHIPPED), *_names_in_sessions(self.lesson, value.run)},
            "trained": {preset for each in self._engine.runs if (preset := _trained_here(each))},
            "answered": {"yes"} if self.step and self._key(self.step) in value.lesson.answers else (),
        }
        if run is not None:
            numbers |= {"epoch": view.position.epoch, "pins": len(value.chosen(value.run).pins)}
            for epoch in run.history.epochs:
                if epoch.epoch == view.position.epoch:
                    numbers |= epoch.metrics
        return Facts(numbers, names)


def _uncovered(view: View, step: Step) -> View:
    """Return a view in which nothing is covered that a step covers until it is answered."""
    guessed = dict(step.show.members).get("figure.covered", ())
    covered = tuple(each for each in view.figure.covered if each not in guessed)
    return replace(view, figure=replace(view.figure, covered=covered))


def _names_in_sessions(lesson: Lesson | None, key: str) -> set[str]:
    """Return the names by which a lesson calls a run of its sessions."""
    sessions = {} if lesson is None else lesson.sessions
    return {
        f"{file}/{name}"
        for file, session in sessions.items()
        for name, run in session.runs.items()
        if run.key == key
    }


def _changed(next_run: NextRun) -> set[str]:
    """Return the fields of the next run that are not as in its preset."""
    preset = NextRun.of(PRESETS[next_run["preset"]].config) if next_run["preset"] in PRESETS else next_run
    return {field for field in FIELDS if next_run[field] != preset[field]}


def _trained_here(run: Run) -> str:
    """Return the preset of a run that was trained, for an epoch at least, since the window is open."""
    is_ours = run.state in {RunState.TRAINING, RunState.STOPPED, RunState.COMPLETE}
    return str(run.description.config.values["preset"]) if is_ours and run.newest.epoch else ""


def read_opened(path: Path, names: Names) -> Opened:
    """Read a lesson, also with faulty steps."""
    stamp = stamp_of(path)  # before it is read: what is written meanwhile is another file
    return Opened(key_of(path), read_lesson(path, names, with_faulty=True), stamp)


def stamp_of(path: Path) -> tuple[int, int]:
    """Return when a file was written, and how large it is."""
    about = path.stat()
    return about.st_mtime_ns, about.st_size


def key_of(path: Path) -> str:
    """Return what names a lesson in a view: its path, or its name alone where it ships."""
    ships = any(path.samefile(each) for each in shipped_lessons())
    return f"{SHIPPED}{path.name.removesuffix(SUFFIX)}" if ships else str(path.absolute())


def file_of(key: str) -> Path:
    """Return the file of a lesson that is named so in a view."""
    shipped = (path for path in shipped_lessons() if key == f"{SHIPPED}{path.name.removesuffix(SUFFIX)}")
    return next(shipped, Path(key))
