"""Lives in the training thread, between the turns of its trainings, and reads and writes runs."""

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
"""How often the folders of runs that other processes train are looked at."""


class FileWorker(QObject):
    """Opens, follows, saves and renames.

    Args:
        backend: gives the training backend once it is loaded; called in the training thread.

    Signals:
        events_arrived: (tuple of events) what a file, or another process's training, brought.
        saved: (path) a checkpoint is whole on disk.
        operation_failed: (sentence, details) a file could not be saved.
        open_failed: (run_id, sentence, details) a file could not be opened.
        interrupted: (list of `InterruptedRun`) trainings that died, the newest first.
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
        """Read a checkpoint or a run folder."""
        try:
            opened = self._backend().open(request)
            self.events_arrived.emit((opened,))
            if opened.writer:
                self._followed[request.run_id] = iter(self._backend().follow(request))
                self._timer.start()
        except Exception as error:  # noqa: BLE001 - the thread survives whatever a file does
            reported = message_and_details(error, f"{request.path.name} could not be opened")
            self.open_failed.emit(request.run_id, *reported)

    @Slot(str)
    def forget(self, run_id: str) -> None:
        """Follow a run no longer."""
        self._followed.pop(run_id, None)

    @Slot(object)
    def look_for_interrupted(self, folder: Path) -> None:
        """Find trainings that died."""
        try:
            found = self._backend().interrupted(folder)
        except Exception:  # noqa: BLE001 - the thread survives whatever lies there
            _log.exception("“%s” could not be searched for interrupted runs", folder)
            return
        if found:
            self.interrupted.emit(found)

    @Slot(object)
    def save(self, request: SaveCheckpoint) -> None:
        """Write a checkpoint."""
        try:
            self._backend().save(request)
        except Exception as error:  # noqa: BLE001 - the thread survives whatever a disk does
            self.operation_failed.emit(*message_and_details(error, f"{request.path.name} could not be saved"))
            return
        self.saved.emit(request.path)

    @Slot(object)
    def rename(self, request: RenameRun) -> None:
        """Write a run's new name."""
        try:
            self._backend().rename(request)
        except Exception as error:  # noqa: BLE001 - the thread survives whatever a disk does
            self.operation_failed.emit(
                *message_and_details(error, f"{request.name} could not be written as a name")
            )

    @Slot()
    def finish(self) -> None:
        """Follow nothing: the thread is about to end."""
        self._timer.stop()

    @Slot()
    def _follow(self) -> None:
        """Tell what other processes have added to the runs that are followed."""
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
