"""Decodes files of others in a process of its own: what crashes, hangs or fills memory is only this.

It waits for the next call. Ctrl+C is left to the first process, with which the others end, even if it is
killed.
"""

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cadl_gui.system.file_limits import MOST_DECODING_BYTES
from cadl_gui.system.niceness import set_niceness
from cadl_gui.system.words import _

_NICENESS = 10
"""As that of a training: drawing and answers come first."""

_READING_SECONDS = 20.0
"""Deadline for reading what is in a file, also from a slow disk."""

NOT_OPENED = _("{} is not opened: it takes too long, or too much memory, or is damaged.")
"""What is said of a file with which a process has ended."""

_Value = TypeVar("_Value")

CONTEXT = multiprocessing.get_context("spawn")
"""A forked process would inherit the locks of threads that it lacks, such as TensorFlow's."""


class _Failure(NamedTuple):
    """What a function has raised, and where, which an exception that is sent does not say."""

    error: Exception
    traceback: str


class _Child(NamedTuple):
    """A process that waits for calls, and the connection to it."""

    process: SpawnProcess
    connection: Connection

    def received(self) -> Any:
        """Return what the process has sent; `EOFError` if it ends before that, or before it begins."""
        if self.connection not in wait([self.connection, self.process.sentinel]):
            raise EOFError
        return self.connection.recv()

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


_idle: list[_Child] = []
"""The one that waits, if any: to start another takes half a second."""


def in_child(
    name: str,
    error: type[Exception],
    function: Callable[..., Iterator[_Value]],
    *arguments: Any,
    seconds: float = _READING_SECONDS,
) -> Generator[_Value, None, None]:
    """Yield what a function yields in another process.

    Args:
        name: what it reads, as the beginning of a sentence.
        error: raised with a sentence if the process ends: in a crash, at its deadline, for lack of memory.
        function: a function of a module.
        arguments: its arguments.
        seconds: how long it may take until the next value.

    Raises:
        Exception: `error`, or what the function raises.
    """
    child = _taken() or _started()
    is_whole = False
    try:
        child.connection.send((function, arguments, seconds))
        while not isinstance(value := child.received(), _Failure | None):
            yield value
        is_whole = True
        if value is not None:
            raise value.error from RuntimeError(value.traceback)
    except (EOFError, ConnectionError) as cause:
        raise error(NOT_OPENED.format(name)) from cause
    finally:
        if is_whole and not _idle:
            _idle.append(child)
        else:
            child.end()


def _taken() -> _Child | None:
    with suppress(IndexError):
        child = _idle.pop()
        if child.process.is_alive():
            return child
        child.end()
    return None


def _started() -> _Child:
    here, there = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    there.close()
    return _Child(process, here)


def _serve(connection: Connection) -> None:
    begin()
    with suppress(EOFError, ConnectionError):
        while True:
            function, arguments, seconds = connection.recv()
            try:
                values = function(*arguments)
                value = object()
                while value is not None:
                    with deadline(seconds):
                        value = next(values, None)
                    connection.send(value)
            except MemoryError:
                os._exit(1)
            except Exception as error:  # noqa: BLE001 - it is raised in the other process
                connection.send(_Failure(error, "".join(traceback.format_exception(error))))


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End this process if the block takes longer, whatever it does, also outside of Python."""
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds, file=nowhere, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def begin() -> None:
    """Prepare a new process: it is less urgent than the window, and ends with the one that started it."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl+C reaches all processes; the first one ends the others
    set_niceness(_NICENESS)
    _limit_memory()
    warnings.simplefilter("ignore")  # such as Pillow's about large images, which are skipped and reported
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _limit_memory() -> None:
    """Let allocations fail, on Linux, that go far beyond what this process has now."""
    if sys.platform == "linux":
        import resource

        n_pages = int(Path("/proc/self/statm").read_text().split()[5])
        most = n_pages * resource.getpagesize() + MOST_DECODING_BYTES
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
