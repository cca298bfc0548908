"""Answers requests in the inference thread, also while a training runs."""

import logging
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.events import Event, RunOpened, SnapshotsDropped, SnapshotTaken, TrainingStarted
from cadl_gui.domain.requests import Reply, Request
from cadl_gui.engine.backends import Answering, InferenceBackend, InferenceFactory

_log = logging.getLogger(__name__)


class InferenceWorker(QObject):
    """Answers requests from published snapshots, so that it shares no mutable state with training.

    Signals:
        replied: (`Reply`) one for each request. Replies keep the order of the requests, except that a request
            answered in parts lets newer ones go before its next part.
    """

    replied = Signal(object)
    _continued = Signal(int, object, object)

    def __init__(self, factory: InferenceFactory) -> None:
        super().__init__()
        self._factory = factory
        self._backend: InferenceBackend | None = None
        self._continued.connect(self._compute_next, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def load(self) -> None:
        """Import the backend; called once the training side has imported TensorFlow."""
        try:
            self._backend = self._factory()
        except Exception:  # noqa: BLE001 - the thread survives; each request is then answered by a message
            _log.exception("The inference side could not be loaded")

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

    @Slot(str)
    def unregister(self, run_id: str) -> None:
        """Drop a run that was removed."""
        if self._backend is not None:
            self._backend.unregister(run_id)

    @Slot(int, object)
    def respond(self, number: int, request: Request[Any]) -> None:
        """Answer one request."""
        if self._backend is None:
            message = "The network could not be loaded; details are in the log."
            self.replied.emit(Reply(number, request, None, None, message))
            return
        self._compute_next(number, request, self._backend.respond_in_parts(request))

    @Slot(int, object, object)
    def _compute_next(self, number: int, request: Request[Any], parts: Answering) -> None:
        """Compute the next part of an answer, then reply or schedule the part after it."""
        try:
            next(parts)
        except StopIteration as end:
            position, value = end.value
            self.replied.emit(Reply(number, request, position, value))
        except CadlError as error:
            self.replied.emit(Reply(number, request, None, None, str(error)))
        except Exception as error:  # noqa: BLE001 - the thread survives; the user reads a message
            _log.exception("A request failed: %s", request)
            self.replied.emit(Reply(number, request, None, None, f"This could not be computed: {error}"))
        else:
            self._continued.emit(number, request, parts)

    @Slot()
    def finish(self) -> None:
        """Leave the thread's event loop."""
        self.thread().quit()


def _deliver(event: Event, backend: InferenceBackend) -> None:
    match event:
        case TrainingStarted():
            backend.register(event.description)
        case SnapshotTaken():
            backend.update(event.run_id, event.snapshot, event.recorded)
        case SnapshotsDropped():
            backend.drop(event.run_id, event.positions)
        case RunOpened():
            backend.register(event.description)
            backend.update(event.description.run_id, event.snapshot, True)
