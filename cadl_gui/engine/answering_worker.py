"""Answers requests in its own thread: about datasets or, as an `InferenceWorker`, about networks."""

import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.domain.errors import CadlError, NotYetError
from cadl_gui.domain.requests import Reply, Request
from cadl_gui.engine.backends import Answering, AnsweringBackend
from cadl_gui.system.words import _

_log = logging.getLogger(__name__)


Backend = TypeVar("Backend", bound=AnsweringBackend)


class AnsweringWorker(QObject, Generic[Backend]):
    """Answers requests, one part at a time; what has to wait (`NotYetError`) is answered later.

    Args:
        factory: creates the backend, in the worker's thread.
        subject: what it answers questions about, for the message that it could not be loaded.

    Signals:
        replied: (`Reply`) one for each request. Replies keep the order of the requests, except that a request
            answered in parts lets newer ones go before its next part, and one that waits lets all others.
    """

    replied = Signal(object)
    _continued = Signal(int, object, object)

    def __init__(self, factory: Callable[[], Backend], subject: str) -> None:
        super().__init__()
        self._factory = factory
        self._subject = subject
        self._backend: Backend | None = None
        self._waiting: list[tuple[int, Request[Any]]] = []
        self._refusal = ""
        self._continued.connect(self._compute_next, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def load(self) -> None:
        """Create the backend."""
        try:
            self._backend = self._factory()
        except Exception:  # noqa: BLE001 - the thread survives; each request is then answered by a message
            _log.exception("The backend for %s failed to load", self._subject)

    @Slot(int, object)
    def respond(self, number: int, request: Request[Any]) -> None:
        """Answer one request."""
        if self._backend is None:
            message = _("The {subject} could not be loaded; details are in the log.").format(
                subject=self._subject
            )
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
        except NotYetError:
            self._wait(number, request)
        except CadlError as error:
            self.replied.emit(Reply(number, request, None, None, str(error)))
        except Exception as error:  # noqa: BLE001 - the thread survives; the user reads a message
            _log.exception("A request failed: %s", request)
            self.replied.emit(
                Reply(
                    number, request, None, None, _("This could not be computed: {error}").format(error=error)
                )
            )
        else:
            self._continued.emit(number, request, parts)

    def _wait(self, number: int, request: Request[Any]) -> None:
        if self._refusal:
            self.replied.emit(Reply(number, request, None, None, self._refusal))
        else:
            self._waiting.append((number, request))

    @Slot()
    def _end_waiting(self, refusal: str = "") -> None:
        """Answer the requests that wait, or refuse them and those that would have to wait later."""
        self._refusal = refusal
        waiting, self._waiting = self._waiting, []
        for number, request in waiting:
            self.respond(number, request)

    @Slot()
    def finish(self) -> None:
        """Leave the thread's event loop."""
        self.thread().quit()
