"""Saves what the window shows, with its runs, as a file that others can open; and opens such files."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMainWindow, QRadioButton

from cadl_gui.domain.data_config import PATH_FIELDS
from cadl_gui.domain.session import SUFFIX, Kept
from cadl_gui.domain.view import SHIPPED, SessionView, View, read_texts
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.engine.sessions import OpenedSession
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.resources import ships
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.confirmation import confirm
from cadl_gui.ui.controls.parts import label, push_button, row_of
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.file_dialogs import ask_for_file, ask_where_to_save
from cadl_gui.ui.settings import FileKind, Settings
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.window.file_actions import source_of
from cadl_gui.ui.window.run_trash import RunTrash
from cadl_gui.ui.window.view_parts import VIEW, parts_of, view_of
from cadl_gui.ui.window.window_part import WindowPart
from cadl_gui.ui.work_store import WorkStore

_FILTER = _("Sessions (*{suffix})").format(suffix=SUFFIX)
_KEPT = {
    Kept.ALL: _("All recorded epochs"),
    Kept.TEN: _("Ten epochs of each run"),
    Kept.LAST: _("Only the last epoch of each run"),
}
_TITLE = _("Watch networks learn")
"""Title while no session is open; Qt appends the name of the program."""
_STORED = "session"
_NO_SESSION = _("No session is open.")
_CLOSED = _("Session closed. Edit → Clear for next class… removes drawings and pins, too.")
_NO_RUNS = _("No run in the list came in a session.")


class SessionActions(WindowPart):
    """Opens and saves sessions, and names the one that is open in the title.

    A session that is opened adds its runs to the list, and changes the view in one step: *Undo* brings
    back the drawings and pins before. Its runs lie in a folder of their own until they are
    kept or it is closed.

    Args:
        window: parent of the dialogs; its title names the session.
        engine: has the runs and the view.
        theme: for icons.
        settings: stores the recent files.
        work: stores for the next start whether the session is saved.
        trash: moves runs to the trash.
    """

    def __init__(
        self,
        window: QMainWindow,
        engine: Engine,
        theme: Theme,
        settings: Settings,
        work: WorkStore,
        trash: RunTrash,
    ) -> None:
        super().__init__(window)
        self._engine = engine
        self._settings = settings
        self._work_store, self._trash = work, trash
        self._was_saved = (work.load(_STORED) or {}).get("path", "")
        self._saved: dict[str, _Work] = {}
        self._being_saved = View()
        self.action_set = ActionSet(ROWS, self, theme, window)
        engine.view.bind(self, self._in_title, self._show_title)

    # Opening.

    def choose(self) -> None:
        """Ask for a session, and open it."""
        path = ask_for_file(self.window, FileKind.SESSION, _("Open session"), _FILTER)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Open a session; while something trains, ask first."""
        trained = self._engine.training.run
        if trained is None:
            self._unpack(path)
            return
        asked = _("Open “{name}” while {letter} {description_name} trains?").format(
            name=path.name, letter=trained.letter, description_name=trained.description.name
        )
        texts = asked, _("It goes on training, and stays in the list.")
        confirm(self.window, "openSessionQuestion", texts, _("Open"), lambda: self._unpack(path))

    def _unpack(self, path: Path) -> None:
        job = self._engine.sessions.opening(path, self._engine.runs.sessions_folder)
        job.finished.connect(self._on_unpacked)
        self._start(job, _("Opening “{name}”…").format(name=path.name))

    @Slot(object)
    def _on_unpacked(self, opened: OpenedSession) -> None:
        session, missing, runs = opened.session, list[str](), self._engine.runs
        view = view_of(session.parts, lambda name, _why: missing.append(name))
        letters = read_texts(session.parts.get(VIEW, {}), "letters", lambda _why: missing.append(VIEW))
        listed = {runs.key(run): source_of(run) for run in runs.listed}
        for run in session.runs:
            path = opened.path_of(run)
            if path is None:
                missing.append(run.name)
            elif run.key not in listed or (listed[run.key] != path and run.folder):
                # One that is listed from elsewhere is listed once more only if it went on otherwise there.
                key = "" if run.key in listed else run.key
                runs.open(path, show=False, key=key, letters=letters.get(run.key, ""))
        self._show(replace(view, session=SessionView(str(session.path), session.kept)))
        if missing:
            what = _("“{name}” was opened, but without {fromkeys}.").format(
                name=session.path.name, fromkeys=", ".join(dict.fromkeys(missing))
            )
            self._engine.notifications.warn(what)
        else:  # much of it may have been there before
            what = _("“{name}” was opened.").format(name=session.path.name)
            self._engine.notifications.show_status(what)
        self._remember(session.path, self._engine.view.value)

    def _show(self, view: View) -> None:
        """Show what a session showed."""
        now, undo = self._engine.view, _("opening of {name}").format(name=Path(view.session.path).name)
        view = replace(without_paths(view), session=view.session)
        lesson = replace(view.lesson, path=view.lesson.path or now.value.lesson.path)
        of_run = {**now.value.of_run, **view.of_run}
        now.change(**vars(replace(view, of_run=of_run, lesson=lesson)), undo=undo)

    # Saving.

    def save(self) -> None:
        """Save to the session that is open, or ask where."""
        session = self._session
        if session.path:
            self._write(Path(session.path), session.kept)
        else:
            self.save_as()

    def save_as(self) -> None:
        """Ask which epochs to save, if there are runs to choose from, and where."""
        if any(self._own_sources()):
            dialog = _SaveDialog(self.window, self._engine, self._own_sources(), self._session.kept)
            dialog.accepted.connect(lambda: self._ask_where(dialog.kept))
            dialog.open()
        else:
            self._ask_where(self._session.kept)

    def _ask_where(self, kept: Kept) -> None:
        name = Path(self._session.path).name or f"lesson{SUFFIX}"
        path = ask_where_to_save(self.window, FileKind.SESSION, _("Save session"), name, _FILTER)
        if path is not None:
            self._write(path, kept)

    def _own_sources(self) -> list[Path]:
        sources = map(source_of, self._engine.runs.listed)
        return [source for source in sources if source is not None and not ships(source)]

    def _write(self, path: Path, kept: Kept) -> None:
        view, runs = self._engine.view.value, {}
        for run in self._engine.runs:
            source, key = run.description.source, self._engine.runs.key(run)
            if key.startswith(SHIPPED) or source is not None:
                own = None if key.startswith(SHIPPED) else source
                runs[key] = run.description.name, own
        self._being_saved = replace(view, session=SessionView(str(path), kept))
        if any(key not in runs for key in view.runs):
            self._engine.notifications.warn(_("Runs that are not on disk are not in the session."))
        parts = {name: values() for name, values in parts_of(without_paths(view)).items()}
        parts[VIEW] |= {"letters": self._engine.runs.letters}
        job = self._engine.sessions.saving(path, parts, runs, kept)
        job.finished.connect(self._on_saved)
        self._start(job, _("Saving “{name}”…").format(name=path.name))

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        self._engine.view.change(session=self._being_saved.session)
        self._remember(path, self._being_saved)
        self._engine.notifications.report_saved(path)

    def _start(self, job: BackgroundJob, what: str) -> None:
        self.show_progress(job, what)
        self._engine.jobs.start(job, failed=self._engine.notifications.fail)

    # Closing.

    @property
    def runs(self) -> list[Run]:
        """The listed runs that came in sessions and have not been kept."""
        return [run for run in self._engine.runs if self._engine.runs.is_of_session(run)]

    @property
    def is_open(self) -> bool:
        """Whether a session is open, or runs of one are listed."""
        return bool(self._session.path or self.runs)

    def keep(self) -> None:
        """Move all runs that came in sessions to the user's own runs."""
        for run in self.runs:
            self._engine.runs.keep(run)

    def close(self) -> None:
        """Close the session, whose runs leave the list; ask first if there is work that it does not have."""
        path, has_changed = self._in_title()
        if not has_changed:
            self._close()
            return
        asked = _("Close “{name}” without saving what has changed?").format(name=Path(path).name)
        texts = asked, _("Its runs go to the trash; those that you kept or trained on stay.")
        button = _("Close without saving")
        confirm(self.window, "closeSessionQuestion", texts, button, self._close)

    @Slot()
    def _close(self) -> None:
        self._engine.view.change(session=SessionView())
        folder, listed = self._engine.runs.sessions_folder, {*map(source_of, self._engine.runs.listed)}
        unlisted = [] if folder is None else [path for path in folder.glob("*") if path not in listed]
        self._engine.view.turned.emit(_CLOSED)
        self._trash.move(self.runs, unlisted)

    # The title.

    @property
    def _session(self) -> SessionView:
        return self._engine.view.value.session

    def _remember(self, path: Path, view: View) -> None:
        """Note as which view a session is saved."""
        self._settings.add_recent(str(path))
        self._saved[str(path)] = _work(view)
        self._engine.view.refresh()

    def _in_title(self) -> tuple[str, bool]:
        """Return the path of the session, and whether there is work that it does not have."""
        path = self._session.path
        if not path:  # as in each event of most drags
            return "", False
        runs, done = work = _work(self._engine.view.value)
        if path == self._was_saved:  # at the last start
            self._saved[path], self._was_saved = work, ""
        saved = self._saved.get(path)
        return path, saved is None or not runs <= saved.runs or done != saved.done

    def _show_title(self) -> None:
        path, has_changed = self._in_title()
        self.window.setWindowTitle(f"{Path(path).stem}[*]" if path else _TITLE)
        self.window.setWindowModified(has_changed)
        self._work_store.keep(_STORED, lambda: {"path": "" if has_changed else path})


class _SaveDialog(Dialog):
    """Asks which epochs of the runs to save, and says how large the file becomes."""

    def __init__(self, window: QMainWindow, engine: Engine, sources: list[Path], kept: Kept) -> None:
        super().__init__(window, "saveSessionDialog", _("Save session"))
        about = _("What this window shows is saved, with all drawings and runs. Of each run:")
        self._choices = {choice: QRadioButton(text) for choice, text in _KEPT.items()}
        for choice, button in self._choices.items():
            button.setObjectName(f"{choice}Epochs")
        self._choices[kept].setChecked(True)
        missing = _(
            "Only a run with all its epochs can be trained on. Images are not included: MNIST comes\n"
            "with the program, and networks trained on your own photographs work without them."
        )
        save = push_button(_("Save…"), "saveSessionButton", slot=self.accept, primary=True)
        save.setDefault(True)
        cancel = push_button(_("Cancel"), "saveSessionCancelButton", slot=self.reject)
        buttons = row_of(GAP_SMALL_PX, None, cancel, save)
        self.lay_out(GAP_SMALL_PX, label(about), *self._choices.values(), label(missing), buttons)
        measured = engine.sessions.measuring(sources)
        engine.jobs.start(measured, self._show_sizes)

    @property
    def kept(self) -> Kept:
        """The chosen epochs."""
        return next(choice for choice, button in self._choices.items() if button.isChecked())

    @Slot(object)
    def _show_sizes(self, sizes: dict[Kept, int]) -> None:
        for choice, n_bytes in sizes.items():
            self._choices[choice].setText(f"{_KEPT[choice]} ({megabytes(n_bytes)})")


def without_paths(view: View) -> View:
    """Return a view for another computer, or from one: paths there mean nothing here, and are not touched."""
    texts = {field: View().next[field] for field in PATH_FIELDS}
    draw = replace(view.draw, labelled=tuple(replace(each, saved="") for each in view.draw.labelled))
    lesson = view.lesson if view.lesson.path.startswith(SHIPPED) else replace(view.lesson, path="")
    return replace(view, next=view.next.replace(**texts), draw=draw, session=SessionView(), lesson=lesson)


class _Work(NamedTuple):
    """What in a view took work; fewer runs are none."""

    runs: frozenset[str]
    done: object


def _work(view: View) -> _Work:
    chosen = {key: (each.pins, each.bends) for key, each in view.of_run.items() if each.pins or each.bends}
    lesson = view.lesson
    done = view.draw.sheets, view.draw.labelled, chosen, lesson.answers, lesson.done
    return _Work(frozenset(view.runs), done)


ROWS: tuple[ActionRow[SessionActions], ...] = (
    ActionRow(
        key="openSession", menu="File", text="Open session…",
        help="Open a session: runs, drawings, pins and what was shown.",
        callback=SessionActions.choose,
    ),
    ActionRow(
        key="saveSession", menu="File", text="Save session…", shortcuts=("Ctrl+S",),
        help="Save what the window shows, with its runs and drawings, as one file that others can open.",
        callback=SessionActions.save,
    ),
    ActionRow(
        key="saveSessionAs", menu="File", text="Save session as…",
        help="Save a copy of the session under another name.",
        callback=SessionActions.save_as,
    ),
    ActionRow(
        key="keepSession", menu="File", text="Keep runs of session",
        help="Move the session’s runs to your own, so that they stay when it is closed.",
        callback=SessionActions.keep,
        enabled=lambda host: bool(host.runs),
        why_not=lambda _: _NO_RUNS,
    ),
    ActionRow(
        key="closeSession", menu="File", text="Close session",
        help="Move the session’s runs to the trash, but those that you keep. Drawings and pins stay: "
        "Edit → Clear for next class… removes them.",
        callback=SessionActions.close,
        enabled=lambda host: host.is_open,
        why_not=lambda _: _NO_SESSION,
    ),
)  # fmt: skip
