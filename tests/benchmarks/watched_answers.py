"""Hears what a part of the window asks the inference thread, and when it is answered."""

from collections.abc import Callable
from typing import Any

from cadl_gui.domain.requests import Request
from cadl_gui.engine.inference_broker import InferenceClient


def watch_answers(
    owner: type,
    *,
    on_ask: Callable[[Request], Any] = lambda request: request,
    on_answer: Callable[[Any], None],
) -> Callable[[], None]:
    """Hear of the questions and answers of all objects of a class, until what is returned is called.

    Args:
        owner: whose.
        on_ask: gets each question as it is asked.
        on_answer: gets what `on_ask` returned for it, just before the answer is told.
    """
    ask = InferenceClient.ask

    def watched(client, request, answered, *arguments, **keywords):
        if not isinstance(client.parent(), owner):
            return ask(client, request, answered, *arguments, **keywords)
        noted = on_ask(request)

        def tell(value, position):
            on_answer(noted)
            answered(value, position)

        return ask(client, request, tell, *arguments, **keywords)

    InferenceClient.ask = watched

    def stop() -> None:
        InferenceClient.ask = ask

    return stop
