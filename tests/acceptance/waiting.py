"""Polls conditions."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0
"""Time limit, generous for busy machines."""

_EVERY_S = 0.05


def eventually(probe: Callable[[], T], what: str, patience_s: float = PATIENCE_S) -> T:
    """Call a function until its result is true, and return that.

    Args:
        probe: function, called at once and then every 50 ms.
        what: description of the condition, for the failure.
        patience_s: time limit in seconds.

    Raises:
        AssertionError: if the time is up; contains the last result.
    """
    deadline = time.monotonic() + patience_s
    while not (answer := probe()):
        if time.monotonic() > deadline:
            raise AssertionError(f"After {patience_s:g} s still not: {what}. The last answer: {answer!r}")
        time.sleep(_EVERY_S)
    return answer
