"""The runs of the window: opened, trained, renamed, saved and taken off."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.domain.events import Event, RunOpened, TrainingStarted
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.domain.run_name import name_of_run
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import OpenFile, RenameRun, SaveCheckpoint
from cadl_gui.engine.bending import Bending, bent_message
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.file_worker import FileWorker
from cadl_gui.engine.inference_broker import InferenceBroker, InferenceClient
from cadl_gui.engine.new_folder import new_run_folder
from cadl_gui.engine.notifications import Notifications
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_list import RunList
from cadl_gui.engine.view_state import ViewState


class RunRegistry(QObject):
    """Knows every run of the window. What happens to one comes as events, which change its `Run`.

    Iterating gives the open runs, in the order of their letters.

    Args:
        worker: reads and writes files; lives in the training thread.
        inference: gives the weights that are saved.
        bending: tells which runs are bent.
        view: is told which run to show.
        notifications: where failures are told.
        folder: where runs are written, each into a folder of its own; None keeps them in memory.
        is_trained: whether a run is being trained, and so cannot be taken off.

    Signals:
        added: (`Run`) a training started or a file was opened.
        expected: (`ExpectedRun`) a file is going to be opened.
        opening_failed: (run_id) it could not be.
        removed: (`Run`) it was taken off the list.
        forgotten: (run_id) it cannot be restored any more.
        changed: (`Run`) it has new losses, epochs, weights or another state.
        applied: (event, `Run` or None) this has happened to a run of the list.
        interrupted: (list of `InterruptedRun`) trainings of the last time that died, the newest first.
    """

    added = Signal(object)
    expected = Signal(object)
    opening_failed = Signal(str)
    removed = Signal(object)
    forgotten = Signal(str)
    changed = Signal(object)
    applied = Signal(object, object)
    interrupted = Signal(object)

    # Down to the training thread. Signals, so that every call crosses through its event loop.
    _open = Signal(object)
    _save = Signal(object)
    _rename = Signal(object)
    _look_for_interrupted = Signal(object)

    def __init__(
        self,
        worker: FileWorker,
        inference: InferenceBroker,
        bending: Bending,
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
        self._is_trained = is_trained
        self._weights = InferenceClient(inference, self)
        self._list = RunList()
        self._is_ready = False
        self._to_open: list[OpenFile] = []
        self._in_background: set[str] = set()
        queued = Qt.ConnectionType.QueuedConnection
        self._open.connect(worker.open_file, queued)
        self._save.connect(worker.save, queued)
        self._rename.connect(worker.rename, queued)
        self._look_for_interrupted.connect(worker.look_for_interrupted, queued)
        self.forgotten.connect(worker.forget, queued)
        worker.saved.connect(notifications.report_saved, queued)
        worker.operation_failed.connect(notifications.fail, queued)
        worker.open_failed.connect(self._on_open_failed, queued)
        worker.interrupted.connect(self.interrupted, queued)
        bending.changed.connect(self._on_bent)

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
        """The open runs, and those that wait to be read, in the order of their letters."""
        return self._list.listed

    def find(self, run_id: str) -> Run | None:
        """The open run that the program calls so."""
        return self._list.find(run_id)

    def unique_name(self, name: str) -> str:
        """This name, or one like it that no run has."""
        return self._list.unique_name(name)

    def new_folder(self, name: str) -> Path | None:
        """Where a run of this name would be written; None keeps it in memory."""
        return None if self._folder is None else new_run_folder(self._folder, name)

    def open_waiting(self) -> None:
        """TensorFlow is there: read what waits for it, and look for trainings that died."""
        self._is_ready = True
        waiting, self._to_open = self._to_open, []
        for request in waiting:
            self._open.emit(request)
        if self._folder is not None:
            self._look_for_interrupted.emit(self._folder)

    def open(self, path: Path, *, show: bool = True) -> str:
        """Open a checkpoint or a run folder as another run; a folder that is open already is shown.

        It is listed at once, and read as soon as TensorFlow is there.

        Args:
            path: of it.
            show: whether the view moves to it; it does in any case where nothing is shown yet.

        Returns:
            The `run_id` that it has or will have.
        """
        already = next((run for run in self if path.is_dir() and run.is_at(path)), None)
        if already is not None:
            self._view.show_run(already)
            return already.run_id
        waiting = self._list.find_expected(path)
        expected = waiting or self._expect(path)
        if show:
            self._in_background.discard(expected.run_id)
        elif waiting is None:
            self._in_background.add(expected.run_id)
        return expected.run_id

    def _expect(self, path: Path) -> ExpectedRun:
        expected = self._list.expect(uuid.uuid4().hex, name_of_run(path), path)
        self.expected.emit(expected)
        request = OpenFile(expected.run_id, path, is_own=path.absolute().parent == self._folder)
        if self._is_ready:
            self._open.emit(request)
        else:
            self._to_open.append(request)
        return expected

    def save(self, run: Run, path: Path) -> None:
        """Write the position of a run that is shown as a `.keras` checkpoint; a bent run is refused."""
        if self.refuses_bent(run):
            return
        position = None if self._view.is_live or run is not self._view.run else self._view.position
        self.fetch_weights(run, position, partial(self._write, path, run), f"{path.name} could not be saved")

    def _write(self, path: Path, run: Run, snapshot: Snapshot) -> None:
        history = run.history.up_to(snapshot.position)
        self._save.emit(SaveCheckpoint(run.description, history, snapshot, path))

    def fetch_weights(
        self, run: Run, position: Position | None, do: Callable[[Snapshot], None], failure: str
    ) -> None:
        """Do something with weights once they are there, or tell that it failed, and why.

        Args:
            run: whose weights.
            position: of them; None takes the newest.
            do: gets them.
            failure: begins the sentence that tells why there are none.
        """

        def on_weights(snapshot: Snapshot, _: Position | None) -> None:
            do(snapshot)

        def on_failure(message: str) -> None:
            self._notifications.fail(f"{failure}: {message}")

        request = FetchSnapshot(run.run_id, position)
        self._weights.ask(request, on_weights, on_failure, competes=False)

    def refuses_bent(self, run: Run) -> bool:
        """Whether a run is bent and so is not written anywhere; if so it is told."""
        is_bent = bool(self._bending.of(run.run_id))
        if is_bent:
            self._notifications.fail(bent_message(run))
        return is_bent

    def rename(self, run: Run, name: str) -> None:
        """Call a run otherwise, here and in its folder."""
        if not name or name == run.description.name:
            return
        run.description = replace(run.description, name=name)
        source = run.description.source
        if source is not None and source.is_dir():
            self._rename.emit(RenameRun(source, name))
        self.changed.emit(run)

    def remove(self, run: Run) -> None:
        """Take a run off the list. Its files stay; until the next one is removed it can be restored."""
        if self._is_trained(run):
            return
        gone = self._list.remove(run)
        if gone is not None:
            self.forgotten.emit(gone.run_id)
        self._view.compare(run, on=False)
        self.removed.emit(run)
        if self._view.run is run:
            self._view.show_run(self._list.last)

    def restore_removed(self) -> None:
        """Put the run that was removed last back on the list, and show it."""
        run = self._list.restore()
        if run is not None:
            self.added.emit(run)
            self._view.show_run(run)

    @Slot(object)
    def handle_events(self, events: tuple[Event, ...]) -> None:
        """Change the runs that events are about."""
        changed: dict[str, Run] = {}
        for event in events:
            run = self._apply(event)
            if run is not None:
                changed[run.run_id] = run
            self.applied.emit(event, run)
        for run in changed.values():
            self.changed.emit(run)
            if run is self._view.run:
                self._view.newest_moved()

    def _apply(self, event: Event) -> Run | None:
        match event:
            case TrainingStarted():
                return self._begun(event)
            case RunOpened():
                return self._opened(event)
        run = self.find(event.run_id)
        if run is not None:
            run.apply(event)
        return run

    def _begun(self, event: TrainingStarted) -> Run:
        run = self.find(event.description.run_id)
        if run is None:
            run = Run("", event.description, event.history)
            run.resume(event)
            self._add(run)
        else:
            run.resume(event)
            self._view.show_run(run)
        return run

    def _opened(self, event: RunOpened) -> Run:
        known = self.find(event.description.run_id)
        if known is not None:
            known.reopen(event)
            return known
        name = self._list.unique_name(event.description.name, but=event.description.run_id)
        run = Run("", replace(event.description, name=name), event.history)
        run.reopen(event)
        show = run.run_id not in self._in_background or self._view.run is None
        self._in_background.discard(run.run_id)
        self._add(run, show=show)
        if event.notes:
            message = f"“{run.description.name}” was imported; its file does not tell everything."
            self._notifications.warn(message, "\n".join(event.notes))
        return run

    def _add(self, run: Run, *, show: bool = True) -> None:
        self._list.add(run)
        self.added.emit(run)
        if show:
            self._view.show_run(run)

    @Slot(str, str, str)
    def _on_open_failed(self, run_id: str, message: str, details: str) -> None:
        self._in_background.discard(run_id)
        self._list.expect_no_more(run_id)
        self.opening_failed.emit(run_id)
        self._notifications.fail(message, details)

    @Slot(str)
    def _on_bent(self, run_id: str) -> None:
        """Whoever shows the run asks anew."""
        run = self.find(run_id)
        if run is not None:
            self.changed.emit(run)
            if run is self._view.run:
                self._view.position_changed.emit()
