"""Of requests that compete, one is in flight and one waits: the newest."""

from collections.abc import Callable, Hashable

from cadl_gui.core.requests import Reply, Request


class LatestWins:
    """Numbers requests and holds back all but the newest of each kind while one is being answered.

    A drag asks far more often than answers come; without this, answers would lag behind the hand.
    """

    def __init__(self, send: Callable[[int, Request], None]) -> None:
        self._send = send
        self._number = 0
        self._in_flight: dict[Hashable, int] = {}
        self._waiting: dict[Hashable, tuple[int, Request]] = {}

    def ask(self, request: Request) -> int:
        """Send the request, or let it wait in the place of an older one. Returns its number."""
        self._number += 1
        if request.kind in self._in_flight:
            self._waiting[request.kind] = (self._number, request)
        else:
            self._in_flight[request.kind] = self._number
            self._send(self._number, request)
        return self._number

    def answered(self, reply: Reply) -> None:
        """Note a reply and send what waited for it."""
        self._send_waiting(reply.request.kind)

    def ask_again(self, reply: Reply) -> None:
        """Send what was asked once more, or what waits in its place: the reply no longer holds."""
        kind = reply.request.kind
        self._waiting.setdefault(kind, (reply.number, reply.request))
        self._send_waiting(kind)

    def _send_waiting(self, kind: Hashable) -> None:
        self._in_flight.pop(kind, None)
        if kind in self._waiting:
            number, request = self._waiting.pop(kind)
            self._in_flight[kind] = number
            self._send(number, request)
