"""Answers requests about networks in the inference thread, also while a training runs."""

import logging

from PySide6.QtCore import Qt, Signal, Slot

from cadl_gui.domain.events import (
    Event,
    RunOpened,
    SnapshotsDropped,
    SnapshotTaken,
    TrainingFailed,
    TrainingStarted,
)
from cadl_gui.engine.answering_worker import AnsweringWorker
from cadl_gui.engine.backends import InferenceBackend, InferenceFactory
from cadl_gui.system.niceness import Niceness, set_niceness

_log = logging.getLogger(__name__)


class InferenceWorker(AnsweringWorker[InferenceBackend]):
    """Answers requests from published snapshots, so that it shares no mutable state with training.

    It answers as soon as it is loaded; what only TensorFlow can answer waits until that is imported and has
    traced the function, in another thread.

    Args:
        factory: creates the backend, in the worker's thread.
    """

    _answerable = Signal()

    def __init__(self, factory: InferenceFactory) -> None:
        super().__init__(factory, "network")
        self._answerable.connect(self._end_waiting, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def complete(self) -> None:
        """Answer everything by TensorFlow, which is loaded now, and give way to the interface."""
        set_niceness(Niceness().inference)
        if self._backend is not None:
            self._backend.complete(self._answerable.emit)
        self._end_waiting()

    @Slot(str)
    def give_up(self, message: str) -> None:
        """Refuse what waits for TensorFlow: it could not be loaded."""
        self._end_waiting(message)

    @Slot(object)
    def handle_events(self, events: tuple[Event, ...]) -> None:
        """Register the runs and weights that the training thread publishes."""
        if self._backend is None:
            return
        try:
            for event in events:
                _deliver(event, self._backend)
        except Exception:  # noqa: BLE001 - the thread survives; requests about this run will be refused
            _log.exception("A run could not be taken over")

    @Slot()
    def close(self) -> None:
        """Trace nothing any more: `finish` follows."""
        if self._backend is not None:
            self._backend.close()

    @Slot(str)
    def unregister(self, run_id: str) -> None:
        """Drop a run that was removed."""
        if self._backend is not None:
            self._backend.unregister(run_id)


def _deliver(event: Event, backend: InferenceBackend) -> None:
    match event:
        case TrainingStarted():
            backend.register(event.description)
        case SnapshotTaken():
            backend.update(event.run_id, event.snapshot, event.recorded)
        case SnapshotsDropped():
            backend.drop(event.run_id, event.positions)
        case TrainingFailed() if event.retained is not None:
            backend.return_to(event.run_id, event.retained)
        case RunOpened():
            backend.register(event.description)
            backend.update(event.description.run_id, event.snapshot, True)
