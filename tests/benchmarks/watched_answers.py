"""Observes the requests of a part of the window to the inference thread, and their answers."""

from collections.abc import Callable
from typing import Any

from cadl_gui.domain.requests import Request
from cadl_gui.engine.inference_broker import Ticket


def watch_answers(
    owner: type,
    *,
    on_ask: Callable[[Request], Any] = lambda request: request,
    on_answer: Callable[[Any], None],
) -> Callable[[], None]:
    """Observe requests and answers of all objects of a class until the returned function is called.

    Args:
        owner: the class.
        on_ask: called with each request as it is sent.
        on_answer: called with what `on_ask` returned for it, just before the answer is delivered.
    """
    make = Ticket.__init__

    def watched(ticket, client, request, answered, *arguments, **keywords):
        noted = on_ask(request) if isinstance(client.parent(), owner) else None

        def tell(value, position):
            if isinstance(client.parent(), owner):
                on_answer(noted)
            answered(value, position)

        make(ticket, client, request, tell, *arguments, **keywords)

    Ticket.__init__ = watched

    def stop() -> None:
        Ticket.__init__ = make

    return stop
