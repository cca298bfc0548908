"""Waiting for what a person would wait for."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0
"""How long a person, and a busy machine, are given."""

_EVERY_S = 0.05


def eventually(probe: Callable[[], T], what: str, patience_s: float = PATIENCE_S) -> T:
    """Ask again and again until the answer is true, and return it.

    Args:
        probe: asked at once, and then every 50 ms.
        what: is waited for; the failure says it.
        patience_s: after so many seconds there is no more asking.

    Raises:
        AssertionError: if it did not come about; says what the last answer was.
    """
    deadline = time.monotonic() + patience_s
    while not (answer := probe()):
        if time.monotonic() > deadline:
            raise AssertionError(f"After {patience_s:g} s still not: {what}. The last answer: {answer!r}")
        time.sleep(_EVERY_S)
    return answer
