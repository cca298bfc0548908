"""Asks an engine as a part of the window does, and hears what others ask."""

from typing import Any, NamedTuple

from cadl_gui.domain.position import Position
from cadl_gui.engine.inference_broker import InferenceClient


class Answered(NamedTuple):
    """What came back: an answer, or a sentence."""

    value: Any = None
    position: Position | None = None
    message: str = ""


def ask(qtbot, engine, request):
    """Ask, wait, and return an `Answered`."""
    heard = []
    InferenceClient(engine.inference, engine).ask(
        request,
        lambda value, position: heard.append(Answered(value, position)),
        lambda message: heard.append(Answered(message=message)),
    )
    qtbot.waitUntil(lambda: bool(heard))
    return heard[0]


def watch(engine, monkeypatch):
    """The tickets of all questions that go to the inference thread from now on, a list that grows."""
    tickets, send = [], engine.inference.send

    def listen(ticket):
        tickets.append(ticket)
        send(ticket)

    monkeypatch.setattr(engine.inference, "send", listen)
    return tickets
