"""Sends requests to the inference thread, and delivers the answers that still apply."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject
from shiboken6 import isValid

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Answer, NetworkRequest, Reply, Request
from cadl_gui.engine.weights_ref import WeightsRef, matches

OnAnswer = Callable[[Answer, Position | None], object]
"""Called with the answer, and the position of the weights that computed it; None if none were used."""
OnFailure = Callable[[str], object]
"""Called with a sentence that says why there is no answer."""


class Ticket:
    """A pending request.

    Attributes:
        request: the request.
        client: the client that made it.
        kind: coalescing key: of a client's queued requests with one key, only the newest is sent.
    """

    def __init__(
        self,
        client: "InferenceClient",
        request: Request[Any],
        on_answer: OnAnswer[Any],
        on_failure: OnFailure | None,
        kind: object,
    ) -> None:
        self.request = request
        self.client = client
        self.kind = kind
        self._on_answer: OnAnswer[Any] | None = on_answer
        self._on_failure = on_failure

    @property
    def is_open(self) -> bool:
        """Whether it has been neither answered nor cancelled."""
        return self._on_answer is not None

    def cancel(self) -> None:
        """Cancel the request; its callbacks are not called."""
        self._on_answer = self._on_failure = None

    def close(self, reply: Reply) -> None:
        """Call the callback for an answer or a failure, unless the request was cancelled."""
        on_answer, on_failure = self._on_answer, self._on_failure
        self.cancel()
        if not reply.message and on_answer is not None:
            on_answer(reply.value, reply.position)
        elif reply.message and on_failure is not None:
            on_failure(reply.message)


class InferenceClient(QObject):
    """A part of the window that sends requests to the networks.

    For each class of request, one request is in flight and one, the newest, is waiting: a drag asks far more
    often than answers arrive, and a queue would make answers lag behind the pointer. The answer in flight is
    delivered even if a newer request is waiting, so that a drag shows results of a moment ago. Call `cancel`
    when the subject changes.

    Args:
        broker: sends the requests.
        parent: parent object; once the client is deleted with it, no callback is called.
        about: returns the weights shown; answers for other weights are dropped. Without it, every request is
            answered or fails, unless it was cancelled or replaced while it was waiting.
        is_bent: whether the networks answer with their bends, not as they were trained.
        page: a widget; the client is active only while that is visible.
    """

    def __init__(
        self,
        broker: "InferenceBroker",
        parent: QObject | None,
        about: Callable[[], WeightsRef | None] | None = None,
        *,
        is_bent: bool = True,
        page: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._broker = broker
        self.is_bent = is_bent
        self._about = about
        self._is_active = page is None or bool(page.property("visible"))
        if page is not None:
            page.installEventFilter(self)
        self._asked: dict[object, Ticket] = {}
        self._waiting: dict[object, Ticket] = {}

    def ask(
        self,
        request: Request[Answer],
        on_answer: OnAnswer[Answer],
        on_failure: OnFailure | None = None,
        *,
        competes: bool = True,
    ) -> None:
        """Send a request; the answer arrives later, through the event loop.

        Args:
            request: the request. The answer uses the bends in force when it arrives.
            competes: whether this replaces a waiting request of the same class, and may itself be replaced by
                a newer one.
        """
        ticket = Ticket(self, request, on_answer, on_failure, type(request) if competes else object())
        self._wait(ticket)
        self._send_waiting(ticket.kind)

    def is_asking(self, kind: type[Request[Any]] | None = None) -> bool:
        """Return whether answers are pending, to requests of this class or, without one, to any."""
        return any(ticket.is_open for ticket in self._tickets(kind))

    def cancel(self, kind: type[Request[Any]] | None = None) -> None:
        """Cancel pending requests of this class or, without one, all of them."""
        for ticket in self._tickets(kind):
            ticket.cancel()
        self._waiting = {key: ticket for key, ticket in self._waiting.items() if ticket.is_open}

    def set_active(self, active: bool) -> None:
        """Set whether requests are sent; while inactive, the newest request of each class waits."""
        self._is_active = active
        for kind in tuple(self._waiting):
            self._send_waiting(kind)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt)
        """Be active while the page is visible."""
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self.set_active(event.type() == QEvent.Type.Show)
        return False

    def handle(self, ticket: Ticket, reply: Reply, *, outdated: bool) -> None:
        """Handle the reply to a request of this client; repeat an outdated one, unless a newer request waits.

        The next request is sent before the callback runs, to keep the inference thread busy.

        Args:
            outdated: whether the bends have changed since the request was sent.
        """
        del self._asked[ticket.kind]
        again = outdated and ticket.kind not in self._waiting
        if again:
            self._wait(ticket)
        self._send_waiting(ticket.kind)
        if again:
            return
        if outdated or not self._holds(reply.request, reply.position):
            ticket.cancel()
        else:
            ticket.close(reply)

    def _tickets(self, kind: type[Request[Any]] | None) -> list[Ticket]:
        tickets = (*self._asked.values(), *self._waiting.values())
        return [ticket for ticket in tickets if kind is None or isinstance(ticket.request, kind)]

    def _wait(self, ticket: Ticket) -> None:
        older = self._waiting.get(ticket.kind)
        if older is not None:
            older.cancel()
        self._waiting[ticket.kind] = ticket

    def _send_waiting(self, kind: object) -> None:
        ticket = self._waiting.get(kind)
        if ticket is None or kind in self._asked or not self._is_active:
            return
        del self._waiting[kind]
        if self.is_bent:
            ticket.request = self._broker.bent(ticket.request)
        if ticket.is_open and self._holds(ticket.request):
            self._asked[kind] = ticket
            self._send(ticket)
        else:
            ticket.cancel()

    def _send(self, ticket: Ticket) -> None:
        self._broker.send(ticket)

    def _holds(self, request: Request[Any], answered: Position | None = None) -> bool:
        return self._about is None or matches(request, answered, self._about())


class InferenceBroker:
    """Sends requests to the inference thread, and passes each reply to the client that asked.

    Args:
        send: sends a numbered request to the thread.
        bends_of: returns the bends in force of a run.
        clock: returns the time in seconds.
    """

    def __init__(
        self,
        send: Callable[[int, Request[Any]], object],
        bends_of: Callable[[str], Bends],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._to_thread = send
        self._bends_of = bends_of
        self._clock = clock
        self._number = 0
        self._tickets: dict[int, Ticket] = {}
        self._answered_s = self._busy_from = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether each request that was sent has been answered, to the last callback."""
        return not self._tickets

    @property
    def busy_s(self) -> float:
        """Seconds in which at least one request was with the thread."""
        return self._answered_s + (self._clock() - self._busy_from if self._tickets else 0.0)

    def bent(self, request: Request[Any]) -> Request[Any]:
        """Return the request with the bends now in force; a request that uses no network is unchanged."""
        if isinstance(request, NetworkRequest):
            return replace(request, bends=self._bends_of(request.run_id))
        return request

    def send(self, ticket: Ticket) -> None:
        """Send a request now."""
        if not self._tickets:
            self._busy_from = self._clock()
        self._number += 1
        self._tickets[self._number] = ticket
        self._to_thread(self._number, ticket.request)

    def handle(self, reply: Reply) -> None:
        """Pass a reply from the thread to its client, if that still exists."""
        busy_s = self.busy_s
        ticket, request = self._tickets.pop(reply.number), reply.request
        if not self._tickets:
            self._answered_s = busy_s
        if isValid(ticket.client):
            outdated = (
                ticket.client.is_bent
                and isinstance(request, NetworkRequest)
                and request.bends != self._bends_of(request.run_id)
            )
            ticket.client.handle(ticket, reply, outdated=outdated)

    def close(self) -> None:
        """Cancel all requests in flight, and those that wait for them."""
        for ticket in self._tickets.values():
            ticket.cancel()
            if isValid(ticket.client):
                ticket.client.cancel()
