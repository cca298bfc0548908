"""When Python's collector of cyclic garbage runs, and in which thread."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

_MIDDLE_AFTER = 10
_FULL_AFTER = 10
"""So many collections of one generation come before one of the next, as in Python's own collector."""

_FULL_SHARE = 0.01
"""Full collections take no more than this share of the time."""


@contextmanager
def gc_paused() -> Iterator[None]:
    """Import large libraries: what they make is no garbage, and looking for some takes a quarter of the time.

    What is there at the end is never looked through again, so that later collections, which halt the window
    as well, are short.
    """
    was_automatic = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_automatic:
            gc.enable()


class Collector:
    """Collects garbage where and when it is asked to, in place of Python's own collector.

    That one runs in whatever thread makes an object at the wrong moment, and destroys there what it finds: a
    window of Qt's that dies in another thread than its own crashes the process. It stays off for good, since
    windows that were closed may be found much later.
    """

    def __init__(self) -> None:
        gc.disable()
        self._no_full_before = 0.0

    def collect_due(self) -> int | None:
        """Collect, in the calling thread, the oldest generation that is due.

        Returns:
            Which one, from 0 for the youngest objects to 2 for all; None if none was due.
        """
        young, middle, old = gc.get_count()
        if young <= gc.get_threshold()[0]:
            return None
        began = time.monotonic()
        if old > _FULL_AFTER and began >= self._no_full_before:
            gc.collect()
            ended = time.monotonic()
            self._no_full_before = ended + (ended - began) / _FULL_SHARE
            return 2
        generation = int(middle > _MIDDLE_AFTER)
        gc.collect(generation)
        return generation
