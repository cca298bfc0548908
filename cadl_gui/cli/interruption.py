"""Ctrl+C at any moment: one line on standard error, and status 130.

While libraries are imported there is nothing to keep, and an exception could be lost in them: the process
ends at once. A command that works is ended by a `KeyboardInterrupt`, so that it tidies up. A training is
asked to stop, and keeps what it has.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

STATUS = 130
"""Exit status after Ctrl+C: 128 and the signal's number, as shells have it."""

_MESSAGE = "Interrupted."
_STANDARD_ERROR = 2


class Interrupted(KeyboardInterrupt):
    """Ctrl+C, told as a message."""

    def __init__(self, message: str = _MESSAGE) -> None:
        super().__init__(message)


def message_of(interruption: KeyboardInterrupt) -> str:
    """What to print."""
    return str(interruption) if isinstance(interruption, Interrupted) else _MESSAGE


@contextmanager
def leaving_at_once(standard_error: int = _STANDARD_ERROR) -> Iterator[None]:
    """Let Ctrl+C end the process where it is.

    Args:
        standard_error: file descriptor for the line.
    """

    def leave(*_: object) -> None:
        os.write(standard_error, f"{_MESSAGE}\n".encode())
        os._exit(STATUS)

    with _on_interrupt(leave):
        yield


def ignore_from_now_on() -> None:
    """All is done: while the process ends, Ctrl+C has nothing to interrupt any more."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class Stopping:
    """Notes Ctrl+C instead of raising it; who is in a hurry presses it twice.

    Attributes:
        asked: whether it was pressed.
    """

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Only note it in this block."""
        with _on_interrupt(self._note):
            yield

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Raise `KeyboardInterrupt` in this block, at once if it was pressed before."""
        with _on_interrupt(signal.default_int_handler):
            if self.asked:
                raise KeyboardInterrupt
            yield

    def _note(self, *_: object) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextmanager
def _on_interrupt(handler: Callable[..., Any]) -> Iterator[None]:
    """Handle Ctrl+C so in a block, unless it is ignored, as that of a process in the background is."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
