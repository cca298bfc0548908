"""Handles Ctrl+C at any time: one line on standard error, and exit status 130.

SIGTERM, by which `kill`, Slurm and a system that shuts down end a process, is the same.

While libraries are being imported, there is nothing to save, and they could swallow an exception: the process
exits at once. A running command gets a `KeyboardInterrupt`, so that it cleans up. A training is asked to
stop, and retains what it has.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cadl_gui.system.words import _

STATUS = 130
"""Exit status after Ctrl+C: 128 plus the signal number, as in shells."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_MESSAGE = _("Interrupted.")
_STANDARD_ERROR = 2


class Interrupted(KeyboardInterrupt):
    """Ctrl+C, with a message for the user."""

    def __init__(self, message: str = _MESSAGE) -> None:
        super().__init__(message)


def message_of(interruption: KeyboardInterrupt) -> str:
    """Return the message to print for an interruption."""
    return str(interruption) if isinstance(interruption, Interrupted) else _MESSAGE


@contextmanager
def leaving_at_once(standard_error: int = _STANDARD_ERROR) -> Iterator[None]:
    """Let Ctrl+C exit the process immediately during this block.

    Args:
        standard_error: file descriptor for the message.
    """

    def leave(*_: object) -> None:
        os.write(standard_error, f"{_MESSAGE}\n".encode())
        os._exit(STATUS)

    with _on_interrupt(leave):
        yield


def ignore_from_now_on() -> None:
    """Ignore Ctrl+C while the process exits: there is nothing left to interrupt."""
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def raising() -> Iterator[None]:
    """Raise `KeyboardInterrupt` on Ctrl+C in this block, and on what is the same."""
    with _on_interrupt(signal.default_int_handler):
        yield


class Stopping:
    """Records Ctrl+C instead of raising `KeyboardInterrupt`, which only a second Ctrl+C does.

    Attributes:
        asked: whether Ctrl+C was pressed.
    """

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def noting(self, *, raises: bool = True) -> Iterator[None]:
        """Record the first Ctrl+C in this block; a second one raises `KeyboardInterrupt`.

        Args:
            raises: whether it does: not where a library would take that for an error of its own.
        """
        with _on_interrupt(self._note if raises else self._only_note):
            yield

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Raise `KeyboardInterrupt` on Ctrl+C in this block, immediately if it was pressed before."""
        with raising():
            if self.asked:
                raise KeyboardInterrupt
            yield

    def _note(self, *_: object) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def _only_note(self, *_: object) -> None:
        self.asked = True


@contextmanager
def _on_interrupt(handler: Callable[..., Any]) -> Iterator[None]:
    """Install a handler for a block, but not for what is ignored, as Ctrl+C is by background processes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    obeyed = [number for number in _SIGNALS if before[number] is not signal.SIG_IGN]
    for number in obeyed:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in obeyed:
            signal.signal(number, before[number])
