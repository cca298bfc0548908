"""Start-up without Python's collector of cyclic garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Import large libraries: what they make is no garbage, and looking for some takes a quarter of the time.

    What is there at the end is never looked through again, so that later collections, which halt the window
    as well, are short.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
