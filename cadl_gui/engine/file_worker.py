"""Reads and writes runs in the training thread, between the turns of the trainings.

Run folders are read before TensorFlow is loaded. What needs it waits here and in the inference worker, so
neither window nor broker knows that there are two ways.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.domain.events import Event, TrainingFailed
from cadl_gui.domain.training_requests import OpenFile, RenameRun, SaveCheckpoint
from cadl_gui.engine.backends import RunReader, TrainingBackend
from cadl_gui.engine.failure import message_and_details
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = logging.getLogger(__name__)

_FOLLOW_MS = 500
"""Interval for checking the folders of runs that other processes train."""

AT_ONCE = 2
"""Runs to read at once. The others wait until TensorFlow's import is about to begin: reading them would slow
down the building of the tabs in which the first ones answer."""

EARLY_S = 0.5
"""Time of the processor for reading runs before TensorFlow is loaded, which waits for it."""


class FileWorker(QObject):
    """Opens, saves and renames runs, and follows those that other processes train.

    Before TensorFlow is loaded, it only opens what `read_early` can read; all else waits.

    Args:
        backend: returns the training backend once it is loaded; called in the training thread.
        read_early: see `RunReader`.

    Signals:
        events_arrived: (tuple of events) events from an opened file, or from another process's training.
        saved: (`SaveCheckpoint`) a checkpoint was saved completely.
        operation_failed: (message, details) a file could not be written, or a run not be resumed.
        open_failed: (run_id, message, details) a file could not be opened.
        interrupted: (list of `InterruptedRun`) trainings that died, newest first.
    """

    events_arrived = Signal(object)
    saved = Signal(object)
    operation_failed = Signal(str, str)
    open_failed = Signal(str, str, str)
    interrupted = Signal(object)

    def __init__(self, backend: Callable[[], TrainingBackend], read_early: RunReader) -> None:
        super().__init__()
        self._backend = backend
        self._read_early = read_early
        self._n_early, self._early_s = 0, 0.0
        self._is_prepared = False
        self._not_yet_tried: list[OpenFile] = []
        self._is_complete = False
        self._waiting: list[tuple[Callable[[], None], str]] = []
        self._refusal = ""
        self._followed: dict[str, Iterator[tuple[Event, ...]]] = {}
        self._timer = QTimer(self, interval=_FOLLOW_MS)
        self._timer.timeout.connect(self._follow)

    @Slot()
    def prepare(self) -> None:
        """Read the runs that can be read early: TensorFlow's import is about to begin."""
        self._is_prepared = True
        requests, self._not_yet_tried = self._not_yet_tried, []
        for request in requests:
            self._open_early(request)

    @Slot()
    def complete(self) -> None:
        """Do what has waited: TensorFlow is loaded."""
        self._is_complete = True
        waiting, self._waiting = self._waiting, []
        for task, _failure in waiting:
            task()

    @Slot(str)
    def give_up(self, message: str) -> None:
        """Report what waits in vain, because TensorFlow could not be loaded; files that do stay listed."""
        self._refusal = message
        for _task, failure in self._waiting:
            self._refuse(failure)

    def _when_complete(self, task: Callable[[], None], failure: str = "") -> None:
        """Do a task once TensorFlow is loaded.

        Args:
            failure: start of the message if that never happens; "" for none.
        """
        if self._is_complete:
            task()
        elif self._refusal:
            self._refuse(failure)
        else:
            self._waiting.append((task, failure))

    def _refuse(self, failure: str) -> None:
        if failure:
            self.operation_failed.emit(f"{failure}: {self._refusal}", "")

    @Slot(object)
    def open_file(self, request: OpenFile) -> None:
        """Read a checkpoint or a run folder, and follow it if another process is training it."""
        if self._is_complete:
            self._open(request)
        elif self._is_prepared or self._n_early < AT_ONCE:
            self._open_early(request)
        else:
            self._not_yet_tried.append(request)

    def _open_early(self, request: OpenFile) -> None:
        began = time.thread_time()
        try:
            opened = self._read_early(request) if self._early_s <= EARLY_S else None
        except Exception as error:  # noqa: BLE001 - the thread survives any error of a file
            self._report_unopened(request, error)
            return
        self._n_early += 1
        self._early_s += time.thread_time() - began
        if opened is None:
            self._when_complete(partial(self._open, request))
        else:
            self.events_arrived.emit((opened,))

    def _open(self, request: OpenFile) -> None:
        try:
            opened = self._backend().open(request)
            self.events_arrived.emit((opened,))
            if opened.writer:
                self._followed[request.run_id] = iter(self._backend().follow(request))
                self._timer.start()
        except Exception as error:  # noqa: BLE001 - the thread survives any error of a file
            self._report_unopened(request, error)

    def _report_unopened(self, request: OpenFile, error: Exception) -> None:
        reported = message_and_details(error, _("{name} could not be opened").format(name=request.path.name))
        self.open_failed.emit(request.run_id, *reported)

    @Slot(str)
    def forget(self, run_id: str) -> None:
        """Stop following a run."""
        self._followed.pop(run_id, None)

    @Slot(object)
    def look_for_interrupted(self, folder: Path) -> None:
        """Look for trainings in a folder that died.

        Emits `interrupted` if some can be resumed, or else `operation_failed` if there are others.
        """
        try:
            found, complaints = self._backend().interrupted(folder)
        except Exception:  # noqa: BLE001 - the thread survives any content of the folder
            _log.exception("“%s” could not be searched for interrupted runs", folder)
            return
        if found:
            self.interrupted.emit(found)
        elif len(complaints) == 1:
            self.operation_failed.emit(complaints[0], "")
        elif complaints:
            message = _("{n} interrupted runs cannot be resumed; nothing in them was changed.").format(
                n=len(complaints)
            )
            self.operation_failed.emit(message, "\n".join(complaints))

    @Slot(object)
    def save(self, request: SaveCheckpoint) -> None:
        """Write a checkpoint."""
        failure = _("{name} could not be saved").format(name=request.path.name)
        self._when_complete(partial(self._save, request, failure), failure)

    def _save(self, request: SaveCheckpoint, failure: str) -> None:
        try:
            self._backend().save(request)
        except Exception as error:  # noqa: BLE001 - the thread survives any error of the disk
            self.operation_failed.emit(*message_and_details(error, failure))
            return
        self.saved.emit(request)

    @Slot(object)
    def rename(self, request: RenameRun) -> None:
        """Write a run's new name to its folder."""
        failure = _("{name} could not be written as a name").format(name=request.name)
        self._when_complete(partial(self._rename, request, failure), failure)

    def _rename(self, request: RenameRun, failure: str) -> None:
        try:
            self._backend().rename(request)
        except Exception as error:  # noqa: BLE001 - the thread survives any error of the disk
            self.operation_failed.emit(*message_and_details(error, failure))

    @Slot()
    def finish(self) -> None:
        """Stop following runs: the thread is about to end."""
        self._timer.stop()

    @Slot()
    def _follow(self) -> None:
        """Emit what other processes have added to the runs that are followed."""
        for run_id, following in list(self._followed.items()):
            try:
                events = next(following, None)
            except Exception as error:  # noqa: BLE001 - the thread survives whatever others write
                message, details = message_and_details(error, _("The run cannot be followed"))
                events = (TrainingFailed(run_id, message, details),)
                del self._followed[run_id]
            if events is None:
                del self._followed[run_id]
            elif events:
                self.events_arrived.emit(events)
        if not self._followed:
            self._timer.stop()
