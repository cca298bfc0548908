"""Reads and writes runs in the training thread, between the turns of the trainings."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.domain.events import Event, TrainingFailed
from cadl_gui.domain.training_requests import OpenFile, RenameRun, SaveCheckpoint
from cadl_gui.engine.backends import TrainingBackend
from cadl_gui.engine.failure import message_and_details

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = logging.getLogger(__name__)

_FOLLOW_MS = 500
"""Interval for checking the folders of runs that other processes train."""


class FileWorker(QObject):
    """Opens, saves and renames runs, and follows those that other processes train.

    Args:
        backend: returns the training backend once it is loaded; called in the training thread.

    Signals:
        events_arrived: (tuple of events) events from an opened file, or from another process's training.
        saved: (`SaveCheckpoint`) a checkpoint was saved completely.
        operation_failed: (message, details) a file could not be written.
        open_failed: (run_id, message, details) a file could not be opened.
        interrupted: (list of `InterruptedRun`) trainings that died, newest first.
    """

    events_arrived = Signal(object)
    saved = Signal(object)
    operation_failed = Signal(str, str)
    open_failed = Signal(str, str, str)
    interrupted = Signal(object)

    def __init__(self, backend: Callable[[], TrainingBackend]) -> None:
        super().__init__()
        self._backend = backend
        self._followed: dict[str, Iterator[tuple[Event, ...]]] = {}
        self._timer = QTimer(self, interval=_FOLLOW_MS)
        self._timer.timeout.connect(self._follow)

    @Slot(object)
    def open_file(self, request: OpenFile) -> None:
        """Read a checkpoint or a run folder, and follow it if another process is training it."""
        try:
            opened = self._backend().open(request)
            self.events_arrived.emit((opened,))
            if opened.writer:
                self._followed[request.run_id] = iter(self._backend().follow(request))
                self._timer.start()
        except Exception as error:  # noqa: BLE001 - the thread survives any error of a file
            reported = message_and_details(error, f"{request.path.name} could not be opened")
            self.open_failed.emit(request.run_id, *reported)

    @Slot(str)
    def forget(self, run_id: str) -> None:
        """Stop following a run."""
        self._followed.pop(run_id, None)

    @Slot(object)
    def look_for_interrupted(self, folder: Path) -> None:
        """Look for trainings in a folder that died; emits `interrupted` if there are any."""
        try:
            found = self._backend().interrupted(folder)
        except Exception:  # noqa: BLE001 - the thread survives any content of the folder
            _log.exception("“%s” could not be searched for interrupted runs", folder)
            return
        if found:
            self.interrupted.emit(found)

    @Slot(object)
    def save(self, request: SaveCheckpoint) -> None:
        """Write a checkpoint."""
        try:
            self._backend().save(request)
        except Exception as error:  # noqa: BLE001 - the thread survives any error of the disk
            self.operation_failed.emit(*message_and_details(error, f"{request.path.name} could not be saved"))
            return
        self.saved.emit(request)

    @Slot(object)
    def rename(self, request: RenameRun) -> None:
        """Write a run's new name to its folder."""
        try:
            self._backend().rename(request)
        except Exception as error:  # noqa: BLE001 - the thread survives any error of the disk
            self.operation_failed.emit(
                *message_and_details(error, f"{request.name} could not be written as a name")
            )

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
                message, details = message_and_details(error, "The run cannot be followed")
                events = (TrainingFailed(run_id, message, details),)
                del self._followed[run_id]
            if events is None:
                del self._followed[run_id]
            elif events:
                self.events_arrived.emit(events)
        if not self._followed:
            self._timer.stop()
