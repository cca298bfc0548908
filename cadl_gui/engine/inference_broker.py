"""Questions to the inference thread: who asked what, what is newest, and which answers still hold."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Slot
from shiboken6 import isValid

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Answer, NetworkRequest, Reply, Request
from cadl_gui.engine.weights_ref import WeightsRef, matches

OnAnswer = Callable[[Answer, Position | None], object]
"""Gets the answer, and the position of the weights that gave it, if any did."""
OnFailure = Callable[[str], object]
"""Gets a sentence: why there is no answer."""


class Ticket:
    """A question on its way.

    Attributes:
        request: what is asked.
        client: who asks.
        kind: what it competes with: of one kind, a client's newest question is asked.
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
        """Whether it may still be answered."""
        return self._on_answer is not None

    def cancel(self) -> None:
        """Want no answer any more."""
        self._on_answer = self._on_failure = None

    def close(self, reply: Reply) -> None:
        """Hand the answer over, or say why there is none, unless it was cancelled."""
        on_answer, on_failure = self._on_answer, self._on_failure
        self.cancel()
        if not reply.message and on_answer is not None:
            on_answer(reply.value, reply.position)
        elif reply.message and on_failure is not None:
            on_failure(reply.message)


class InferenceClient(QObject):
    """One part of the window that asks the networks.

    Of its questions of one class, one is on its way and one waits: the newest. A drag asks far more often
    than answers come, and answers would lag behind the hand otherwise. So the answer to the question on its
    way comes although a newer one waits: while the hand moves, it sees where it was a moment ago. Who changes
    the subject cancels.

    Args:
        broker: that passes the questions on.
        parent: with it the client is gone, and nobody is told any answer.
        about: gives the weights that are shown; answers about others are dropped. Without it each question is
            answered, or its failure told, unless it was cancelled or replaced while it waited.
    """

    def __init__(
        self,
        broker: "InferenceBroker",
        parent: QObject | None,
        about: Callable[[], WeightsRef | None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._broker = broker
        self._about = about
        self._is_active = True
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
        """Ask; the answer comes later, through the event loop.

        Args:
            request: the question. A network answers with the bends in force when the answer comes.
            on_answer: see `OnAnswer`.
            on_failure: see `OnFailure`.
            competes: whether an older question of the same class that still waits is dropped for it, and it
                for a newer one.
        """
        ticket = Ticket(self, request, on_answer, on_failure, type(request) if competes else object())
        self._wait(ticket)
        self._send_waiting(ticket.kind)

    def is_asking(self, kind: type[Request[Any]] | None = None) -> bool:
        """Whether an answer is still to come, to questions of this class or, without one, to any."""
        return any(ticket.is_open for ticket in self._tickets(kind))

    def cancel(self, kind: type[Request[Any]] | None = None) -> None:
        """Want none of the answers that have not come yet, of this class or, without one, at all."""
        for ticket in self._tickets(kind):
            ticket.cancel()
        self._waiting = {key: ticket for key, ticket in self._waiting.items() if ticket.is_open}

    @Slot(bool)
    def set_active(self, active: bool) -> None:
        """Whether it is visible; while nobody does, the newest question of each class waits."""
        self._is_active = active
        for kind in tuple(self._waiting):
            self._send_waiting(kind)

    def handle(self, ticket: Ticket, reply: Reply, *, outdated: bool) -> None:
        """Take the reply to a question of this client; an outdated one is asked again, unless a newer waits.

        The next question goes before its answer is looked at: so the other thread is not kept waiting.
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
        ticket.request = self._broker.bent(ticket.request)
        if ticket.is_open and self._holds(ticket.request):
            self._asked[kind] = ticket
            self._broker.send(ticket)
        else:
            ticket.cancel()

    def _holds(self, request: Request[Any], answered: Position | None = None) -> bool:
        return self._about is None or matches(request, answered, self._about())


class InferenceBroker:
    """Passes questions to the inference thread, and each answer to whoever asked, if it still holds.

    Args:
        send: hands a numbered question to the thread.
        bends_of: gives the bends in force of a run.
    """

    def __init__(self, send: Callable[[int, Request[Any]], object], bends_of: Callable[[str], Bends]) -> None:
        self._to_thread = send
        self._bends_of = bends_of
        self._number = 0
        self._tickets: dict[int, Ticket] = {}

    def bent(self, request: Request[Any]) -> Request[Any]:
        """The same question to the network as it is bent now."""
        if isinstance(request, NetworkRequest):
            return replace(request, bends=self._bends_of(request.run_id))
        return request

    def send(self, ticket: Ticket) -> None:
        """Ask this now."""
        self._number += 1
        self._tickets[self._number] = ticket
        self._to_thread(self._number, ticket.request)

    def handle(self, reply: Reply) -> None:
        """Take what the thread replies."""
        ticket, request = self._tickets.pop(reply.number), reply.request
        outdated = isinstance(request, NetworkRequest) and (request.bends != self._bends_of(request.run_id))
        if isValid(ticket.client):
            ticket.client.handle(ticket, reply, outdated=outdated)

    def close(self) -> None:
        """Report nobody anything any more."""
        for ticket in self._tickets.values():
            ticket.cancel()
