"""Sends requests to an engine as a part of the window does, and observes those of others."""

from typing import Any, NamedTuple

from cadl_gui.domain.position import Position
from cadl_gui.engine.inference_broker import InferenceClient


class Answered(NamedTuple):
    """The result of a request: a value, or an error message."""

    value: Any = None
    position: Position | None = None
    message: str = ""


def ask(qtbot, engine, request):
    """Send a request, wait, and return an `Answered`."""
    heard = []
    InferenceClient(engine.inference, engine).ask(
        request,
        lambda value, position: heard.append(Answered(value, position)),
        lambda message: heard.append(Answered(message=message)),
    )
    qtbot.waitUntil(lambda: bool(heard))
    return heard[0]


def watch(engine, monkeypatch, sent=lambda ticket: None):
    """A growing list with the tickets of all requests to the inference thread from now on.

    Args:
        engine: the engine.
        monkeypatch: pytest's fixture.
        sent: called with each ticket once it has been sent, before it can be answered.
    """
    tickets, send = [], engine.inference.send

    def listen(ticket):
        tickets.append(ticket)
        send(ticket)
        sent(ticket)

    monkeypatch.setattr(engine.inference, "send", listen)
    return tickets
