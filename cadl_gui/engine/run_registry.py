"""Opens, saves, renames and removes the runs of the window."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.domain.events import Event, RunOpened, TrainingStarted
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.domain.run import RunDescription, new_run_id
from cadl_gui.domain.run_name import name_of_run
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import OpenFile, RenameRun, SaveCheckpoint
from cadl_gui.domain.view_step import ViewStep
from cadl_gui.engine.bending import Bending, bent_message
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.file_worker import FileWorker
from cadl_gui.engine.inference_broker import InferenceBroker, InferenceClient
from cadl_gui.engine.live_view import LiveView
from cadl_gui.engine.new_folder import new_run_folder
from cadl_gui.engine.notifications import Notifications
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.run_list import RunList
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.move import move_to_free_place
from cadl_gui.system.words import _


class RunRegistry(QObject):
    """Holds the runs of the window and applies their events; iterates over the open ones by letter.

    Args:
        worker: reads and writes files; lives in the training thread.
        inference: provides the weights to save.
        bending: knows which runs are bent.
        listed: the list of the runs, which the view reads, too.
        view: wishes the runs that are opened to be shown.
        notifications: where failures are reported.
        folder: where runs are written, each into its own folder; None keeps them in memory. Those of sessions
            lie in another one next to it.
        is_trained: whether a run is being trained and therefore cannot be removed.

    Signals:
        added: (`Run`) a training started or a file was opened.
        expected: (`ExpectedRun`) a file is about to be opened.
        opening_failed: (run_id) an expected run could not be opened.
        removed: (`Run`) a run was removed from the list.
        forgotten: (run_id) a removed run can no longer be restored.
        renamed: (`Run`) a run has another name; `changed` follows.
        changed: (`Run`) a run has new losses, epochs, weights or another state.
        applied: (event, `Run` or None) an event was applied to this run, if it is listed.
        interrupted: (list of `InterruptedRun`) trainings of an earlier session that died, newest first.
    """

    added = Signal(object)
    expected = Signal(object)
    opening_failed = Signal(str)
    removed = Signal(object)
    forgotten = Signal(str)
    renamed = Signal(object)
    changed = Signal(object)
    applied = Signal(object, object)
    interrupted = Signal(object)

    # To the training thread: signals, so that every call goes through its event loop.
    _open = Signal(object)
    _save = Signal(object)
    _rename = Signal(object)
    _look_for_interrupted = Signal(object)

    def __init__(
        self,
        worker: FileWorker,
        inference: InferenceBroker,
        bending: Bending,
        listed: RunList,
        view: ViewState,
        notifications: Notifications,
        folder: Path | None,
        is_trained: Callable[[Run], bool],
    ) -> None:
        super().__init__()
        self._bending = bending
        self._view = view
        self._notifications = notifications
        self._folder = folder
        self.sessions_folder = None if folder is None else folder.parent / "sessions"
        self._is_trained = is_trained
        self._live = LiveView(view, inference, self)
        self._weights = InferenceClient(inference, self)
        self._list = listed
        self._promised_folders: set[Path] = set()
        self._refusals: dict[str, str] = {}
        self._removal: ViewStep | None = None
        queued = Qt.ConnectionType.QueuedConnection
        self._open.connect(worker.open_file, queued)
        self._save.connect(worker.save, queued)
        self._rename.connect(worker.rename, queued)
        self._look_for_interrupted.connect(worker.look_for_interrupted, queued)
        self.forgotten.connect(worker.forget, queued)
        worker.saved.connect(self._on_saved, queued)
        worker.operation_failed.connect(notifications.fail, queued)
        worker.open_failed.connect(self._on_open_failed, queued)
        worker.interrupted.connect(self.interrupted, queued)
        bending.changed.connect(self._on_bent)
        view.runs_wished.connect(self._follow_wish)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._list)

    def __len__(self) -> int:
        return len(tuple(self._list))

    def __contains__(self, run: object) -> bool:
        return any(each is run for each in self._list)

    def __getitem__(self, place: int) -> Run:
        return tuple(self._list)[place]

    @property
    def listed(self) -> Sequence[Run | ExpectedRun]:
        """The open runs and those that are still to be read, in letter order."""
        return self._list.listed

    @property
    def descriptions(self) -> list[RunDescription]:
        """Those of the open runs; others once a run has been added, removed, read again or renamed."""
        return [run.description for run in self]

    def find(self, run_id: str) -> Run | None:
        """Return the open run with this id, or None."""
        return self._list.find(run_id)

    def key(self, run: Run | ExpectedRun) -> str:
        """Return what names a run in a view."""
        return self._list.key(run)

    @property
    def letters(self) -> dict[str, str]:
        """The letters of the listed runs, by key, which are stored beside a view."""
        return {self.key(run): run.letter for run in self.listed}

    def owns(self, run: Run) -> bool:
        """Return whether a run was trained here: its folder is where runs are written."""
        source = run.description.source
        return source is not None and source.parent == self._folder

    def is_of_session(self, run: Run | ExpectedRun) -> bool:
        """Return whether a run lies where those of sessions do until they are kept."""
        source = run.path if isinstance(run, ExpectedRun) else run.description.source
        return source is not None and source.parent == self.sessions_folder

    def keep(self, run: Run) -> bool:
        """Move a run of a session to the user's own runs; report it and return False if that fails."""
        source, folder = run.description.source, self.new_folder(run.description.name)
        if source is None or folder is None or not self.is_of_session(run):
            return True
        place = folder.with_name(folder.name + source.suffix)  # a run's folder has none, a checkpoint has
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            move_to_free_place(source, place)
        except OSError as error:
            self._notifications.warn(
                _("{name} could not be moved to your runs, and stays in “{source}”: {reason}.").format(
                    name=run.description.name, source=source, reason=error.strerror or error
                )
            )
            return False
        run.description = replace(run.description, source=place)
        self._read(run.run_id, place)
        self._view.refresh()
        self.changed.emit(run)
        return True

    def unique_name(self, name: str, promised: Iterable[str] = ()) -> str:
        """Return this name, or the name with a number if a run already has it, or one not yet listed."""
        return self._list.unique_name(name, promised=promised)

    def new_folder(self, name: str) -> Path | None:
        """Return a folder to write a run of this name to, each time another; None if runs stay in memory."""
        if self._folder is None:
            return None
        folder = new_run_folder(self._folder, name, self._promised_folders)
        self._promised_folders.add(folder)
        return folder

    def look_for_interrupted(self) -> None:
        """Look for trainings of an earlier session that died; `interrupted` follows if there are any."""
        if self._folder is not None:
            self._look_for_interrupted.emit(self._folder)

    def open(self, path: Path, *, show: bool = True, key: str = "", letters: str = "") -> str:
        """Open a checkpoint or run folder as a new run; show it if that folder is already open, or was last.

        One that is open and has not been trained since is read again: its files or images may be others now.
        The run is listed at once. A run folder is read soon, anything else once TensorFlow is loaded.

        Args:
            show: whether the view wishes the run.
            key: what names it in views, such as those of the last session; "" for its UUID once it is read.
            letters: its letters then; see `RunList.expect`.

        Returns:
            The run's `run_id`, which is already final.
        """
        if (removed := self._list.removed) is not None and removed.is_at(path) and path.is_dir():
            self.restore_removed()
        already = next((run for run in self if run.is_at(path) and path.is_dir()), None)
        if already is not None:
            self._view.show_run(already)
            if already.state is RunState.OPENED and not self._is_trained(already):
                self._read(already.run_id, path)
            return already.run_id
        expected = self._list.find_expected(path)
        if expected is None or (path.is_file() and key not in {"", self._list.key(expected)}):
            expected = self._expect(path, key, letters)  # a checkpoint that was opened twice was listed twice
        if show:
            self._view.show_run(expected)
        return expected.run_id

    def _expect(self, path: Path, key: str, letters: str) -> ExpectedRun:
        expected = self._list.expect(new_run_id(), name_of_run(path), path, letters)
        if key:
            self._list.free_key(key)
            self._list.give_key(expected.run_id, key)
        self.expected.emit(expected)
        self._view.refresh()
        self._read(expected.run_id, path)
        return expected

    def _read(self, run_id: str, path: Path) -> None:
        self._open.emit(OpenFile(run_id, path, is_own=path.absolute().parent == self._folder))

    def save(self, run: Run, path: Path) -> None:
        """Save the run at the position shown as a `.keras` checkpoint; a bent run is refused.

        Args:
            run: the run to save; unless it is the run shown, its newest weights are saved.
        """
        if self.report_if_bent(run):
            return
        position = None if self._view.is_live or run is not self._view.run else self._view.position
        self.fetch_weights(
            run,
            position,
            partial(self._write, path, run),
            _("{name} could not be saved").format(name=path.name),
        )

    def _write(self, path: Path, run: Run, snapshot: Snapshot) -> None:
        history = run.history.up_to(snapshot.position)
        self._save.emit(SaveCheckpoint(run.description, history, snapshot, path))

    @Slot(object)
    def _on_saved(self, request: SaveCheckpoint) -> None:
        run = self.find(request.description.run_id)
        name = request.description.name if run is None else run.letter
        self._notifications.report_saved(request.path, request.snapshot.position.of_run(name))

    def fetch_weights(
        self, run: Run, position: Position | None, do: Callable[[Snapshot], None], failure: str
    ) -> None:
        """Fetch weights and call `do` with them, or report why they could not be fetched.

        Args:
            position: position of the weights; None for the newest.
            failure: start of the error message, before a colon and the reason.
        """

        def on_failure(message: str) -> None:
            self._notifications.fail(f"{failure}: {message}")

        request = FetchSnapshot(run.run_id, position)
        self._weights.ask(request, lambda snapshot, _: do(snapshot), on_failure, competes=False)

    def report_if_bent(self, run: Run, before: str = "saving") -> bool:
        """Report an error if a run is bent, and return whether it is.

        Args:
            before: what can be done only once the bends are reset.
        """
        is_bent = bool(self._bending.of(run.run_id))
        if is_bent:
            self._refusals[run.run_id] = bent_message(run, before)
            self._notifications.fail(self._refusals[run.run_id])
        return is_bent

    def rename(self, run: Run, name: str) -> None:
        """Rename a run, in the list and in its folder; an empty or unchanged name is ignored."""
        if not name or name == run.description.name:
            return
        run.description = replace(run.description, name=name)
        source = run.description.source
        if source is not None and source.is_dir():
            self._rename.emit(RenameRun(source, name))
        self.renamed.emit(run)
        self.changed.emit(run)
        self._view.refresh()

    def remove(self, run: Run, *, can_undo: bool = False) -> None:
        """Remove a run unless it is being trained; it can be restored until the next removal. Files stay.

        Args:
            can_undo: whether the window's *Undo* restores it.
        """
        if run not in self or self._is_trained(run):
            return
        before, key = self._view.value, self._list.key(run)
        self._take_off(run)
        last, parts = self._list.last, dict[str, Any]()
        if before.run == key:
            parts = {"run": "" if last is None else self._list.key(last), "at": None}
        self._view.change(compared=tuple(other for other in before.compared if other != key), **parts)
        self._removal = ViewStep.of(
            before, self._view.value, _("removal of {name}").format(name=run.description.name)
        )
        if can_undo:
            self._view.add(self._removal)

    def restore_removed(self) -> None:
        """Restore the run that was removed last, also to the comparison; show it if it was shown."""
        if self._list.removed is not None:
            self._view.undo(self._removal)

    def _take_off(self, run: Run) -> None:
        gone = self._list.remove(run)
        if gone is not None:
            self._view.forget(self._list.key(gone))
            self.forgotten.emit(gone.run_id)
        self.removed.emit(run)

    @Slot()
    def _follow_wish(self) -> None:
        wished, removed = self._view.value.runs, self._list.removed
        if removed is not None and self._list.key(removed) in wished:
            self._list.restore()
            self.added.emit(removed)
        for run in [run for run in self if self._list.key(run) not in wished and not self._is_trained(run)]:
            self._take_off(run)

    @Slot(object)
    def handle_events(self, events: tuple[Event, ...]) -> None:
        """Apply events to their runs, then emit `changed` once for each run."""
        changed: dict[str, Run] = {}
        for event in events:
            run = self._apply(event)
            if run is not None:
                changed[run.run_id] = run
            self.applied.emit(event, run)
        for run in changed.values():
            self.changed.emit(run)
            if run is self._view.run:
                self._view.update_images()
                self._live.newest_moved()
        self._view.ask()

    def _apply(self, event: Event) -> Run | None:
        """Apply an event to its run, also to one that can be restored; return the run if it is listed."""
        run: Run | None
        match event:
            case TrainingStarted():
                run = self._begun(event)
            case RunOpened():
                run = self._opened(event)
            case _:
                run = self._list.find_restorable(event.run_id)
                if run is not None:
                    run.apply(event)
        return run if run in self else None

    def _begun(self, event: TrainingStarted) -> Run:
        known = self._list.find_restorable(event.description.run_id)
        run = known or Run("", event.description, event.history)
        run.resume(event)
        if known is None:
            self._add(run)
        if run in self:
            self._view.show_run(run)
        return run

    def _opened(self, event: RunOpened) -> Run | None:
        known = self._list.find_restorable(event.description.run_id)
        if known is not None:
            known.reopen(event)
            return known
        if all(run.run_id != event.description.run_id for run in self.listed):
            return None  # it was followed, and has been forgotten
        if self._is_copy_of_open_run(event):
            return None
        name = self._list.unique_name(event.description.name, but=event.description.run_id)
        run = Run("", replace(event.description, name=name), event.history)
        run.reopen(event)
        self._add(run)
        if event.notes:
            message = _("“{name}” was imported; its file does not contain everything.").format(
                name=run.description.name
            )
            self._notifications.warn(message, "\n".join(event.notes))
        return run

    def _is_copy_of_open_run(self, event: RunOpened) -> bool:
        """Show the open run instead of a copy of its folder, unless the copy was trained further on its own.

        A copy has the run's UUID; what tells whether it is still the same run is its history.
        """
        opened = event.description
        read = [run for run in self if run.description.source and opened.source]
        same = [run for run in read if run.description.uuid == opened.uuid]
        longer = [run for run in same if event.history.is_prefix_of(run.history)]
        # A checkpoint has a position of its own.
        run = next((run for run in longer if _is_folder(opened) and _is_folder(run.description)), None)
        copy = _("“{source}” is a copy of").format(source=opened.source)
        if run is not None:
            key = next(self._list.key(each) for each in self.listed if each.run_id == opened.run_id)
            self._list.expect_no_more(opened.run_id)
            self.opening_failed.emit(opened.run_id)
            self.forgotten.emit(opened.run_id)
            self._view.refresh()
            if self._view.value.run == key:
                self._view.show_run(run)
                name = run.description.name
                self._notifications.warn(
                    _("{copy} “{name}”, which is open; it is shown instead.").format(copy=copy, name=name)
                )
        elif not longer and (others := [run for run in same if not run.history.is_prefix_of(event.history)]):
            name = others[0].description.name
            self._notifications.warn(
                _("{copy} “{name}” that was trained differently since; both are shown.").format(
                    copy=copy, name=name
                )
            )
        return run is not None

    def _add(self, run: Run) -> None:
        before = self._list.key(run)
        self._list.give_key(run.run_id, f"id:{run.description.uuid}")
        self._list.add(run)
        self._view.rename(before, self._list.key(run))
        self.added.emit(run)
        self._view.refresh()

    @Slot(str, str, str)
    def _on_open_failed(self, run_id: str, message: str, details: str) -> None:
        if self._list.expect_no_more(run_id):  # one that was read again stays as it was
            self.opening_failed.emit(run_id)
            self._view.refresh()
        self._notifications.fail(message, details)

    @Slot(str)
    def _on_bent(self, run_id: str) -> None:
        """Emit `changed`, so that views of the run request new results."""
        if not self._bending.of(run_id) and run_id in self._refusals:
            self._notifications.resolve(self._refusals.pop(run_id))
        run = self.find(run_id)
        if run is not None:
            self.changed.emit(run)
            if run is self._view.run:
                self._view.weights_changed()


def _is_folder(description: RunDescription) -> bool:
    return description.source is not None and description.source.is_dir()
