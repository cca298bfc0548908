"""Answers requests in its own thread: about datasets or, as an `InferenceWorker`, about networks."""

import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.requests import Reply, Request
from cadl_gui.engine.backends import Answering, AnsweringBackend

_log = logging.getLogger(__name__)


Backend = TypeVar("Backend", bound=AnsweringBackend)


class AnsweringWorker(QObject, Generic[Backend]):
    """Answers requests, one part at a time.

    Args:
        factory: creates the backend, in the worker's thread.
        subject: what it answers questions about, for the message that it could not be loaded.

    Signals:
        replied: (`Reply`) one for each request. Replies keep the order of the requests, except that a request
            answered in parts lets newer ones go before its next part.
    """

    replied = Signal(object)
    _continued = Signal(int, object, object)

    def __init__(self, factory: Callable[[], Backend], subject: str) -> None:
        super().__init__()
        self._factory = factory
        self._subject = subject
        self._backend: Backend | None = None
        self._continued.connect(self._compute_next, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def load(self) -> None:
        """Create the backend."""
        try:
            self._backend = self._factory()
        except Exception:  # noqa: BLE001 - the thread survives; each request is then answered by a message
            _log.exception("What answers about %s could not be loaded", self._subject)

    @Slot(int, object)
    def respond(self, number: int, request: Request[Any]) -> None:
        """Answer one request."""
        if self._backend is None:
            message = f"The {self._subject} could not be loaded; details are in the log."
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
