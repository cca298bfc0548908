"""Controls when, and in which thread, Python's cyclic garbage collector runs."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

_MIDDLE_AFTER = 10
_FULL_AFTER = 10
"""Collections of a generation before one of the next, as in Python's own collector."""

FULL_SHARE = 0.003
"""Full collections take no more than this share of the time: one takes a frame or two after a network was
traced, which leaves 10,000 objects."""

_paused: list[None] = []
"""An entry for each `gc_paused` under way, in whichever thread."""


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause garbage collection while importing large libraries or building a window.

    It would take a quarter of the time of an import. Objects that exist at the end are frozen, so later
    collections, which also block the window, are short.
    """
    was_automatic = gc.isenabled()
    gc.disable()
    _paused.append(None)
    try:
        yield
    finally:
        gc.freeze()
        _paused.pop()
        if was_automatic:
            gc.enable()


class Collector:
    """Collects garbage on request, in the calling thread, in place of Python's automatic collector.

    The automatic collector runs in any thread that happens to allocate an object, and destroys what it finds
    there: a Qt window destroyed outside its own thread crashes the process. It stays disabled permanently,
    since closed windows may be found much later.

    What a full collection leaves is frozen, as what libraries leave is: the next one looks at newer objects
    only. Otherwise the window stood still for half a second once every kind of network had been trained. Most
    of what lives long and then becomes garbage in cycles is networks, and these are taken apart
    (`models.release.take_apart`). The rest is found while nobody watches: then frozen objects are looked at,
    too.

    Args:
        full_share: largest share of the time that full collections take.
    """

    def __init__(self, full_share: float = FULL_SHARE) -> None:
        gc.disable()
        self._full_share = full_share
        self._no_full_before = self._no_thorough_before = 0.0
        self._is_full_due = False
        self._has_frozen = False

    def make_full_due(self) -> None:
        """Collect all generations as soon as the limit on their time allows.

        By itself a full collection waits until there are many new objects, often minutes, but the few objects
        of a network hold megabytes: without this, ten trainings one after the other take 100 MB.
        """
        self._is_full_due = True

    def collect_due(self, *, is_watched: bool = True) -> int | None:
        """Collect the oldest generation that is due, in the calling thread.

        Args:
            is_watched: whether somebody would notice that the window stands still for half a second.

        Returns:
            The generation, from 0 for the youngest objects to 2 for all; None if none was due, or
            collection is paused in another thread.
        """
        if _paused:
            return None
        if not is_watched and self._has_frozen and time.monotonic() >= self._no_thorough_before:
            gc.unfreeze()
            self._no_thorough_before = self._collect_all()
            self._has_frozen = False
            return 2
        young, middle, old = gc.get_count()
        is_enough = young > gc.get_threshold()[0]
        if not is_enough and not self._is_full_due:
            return None
        if (self._is_full_due or old > _FULL_AFTER) and time.monotonic() >= self._no_full_before:
            self._is_full_due = False
            self._no_full_before = self._collect_all()
            self._has_frozen = True
            return 2
        if not is_enough:
            return None
        generation = int(middle > _MIDDLE_AFTER)
        gc.collect(generation)
        return generation

    def _collect_all(self) -> float:
        """Collect and freeze all that is not frozen; returns the earliest time of the next collection."""
        began = time.monotonic()
        gc.collect()
        gc.freeze()
        ended = time.monotonic()
        return ended + (ended - began) / self._full_share
