"""Decodes files of others in processes of their own: what crashes, hangs or fills memory is only these.

A few tasks, or what else is to be read, take one process, which waits for the next call; many take a pool.
Each process writes its images to their place in the file, so neither order nor memory depends on who is
faster. Ctrl+C is left to the first process, with which the others end, even if it is killed.
"""

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cadl_gui.datasets.preparing.pixel_file import PixelFile
from cadl_gui.datasets.preparing.task import Outcome, Task, run_task
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import MOST_DECODING_BYTES
from cadl_gui.system.niceness import set_niceness

_AHEAD = 4
"""Tasks per process that are waiting or running, so that none is ever idle."""

_NICENESS = 10
"""As that of a training: drawing and answers come first."""

READING_SECONDS, TASK_SECONDS = 20.0, 300.0
"""Deadlines for reading what is in a file, also from a slow disk, and for some images of it."""

_Value = TypeVar("_Value")

_CONTEXT = multiprocessing.get_context("spawn")
"""A forked process would inherit the locks of threads that it lacks, such as TensorFlow's."""


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
    path: Path, function: Callable[..., Iterator[_Value]], *arguments: Any, seconds: float
) -> Generator[_Value, None, None]:
    """Yield what a function yields in another process.

    Args:
        path: path of the file that it reads, for the message.
        function: a function of a module.
        arguments: its arguments.
        seconds: how long it may take until the next value.

    Raises:
        DatasetError: if the process ends: in a crash, at its deadline, or because it lacks memory.
        Exception: what the function raises.
    """
    child = _taken() or _started()
    is_whole = False
    try:
        child.connection.send((function, arguments, seconds))
        while (value := child.received()) is not None:
            if isinstance(value, Exception):
                raise value
            yield value
        is_whole = True
    except (EOFError, ConnectionError) as error:
        raise _ended(path) from error
    finally:
        if is_whole and not _idle:
            _idle.append(child)
        else:
            child.end()


def _ended(path: Path) -> DatasetError:
    return DatasetError(f"“{path}” is not opened: it takes too long, or too much memory, or is damaged.")


def _taken() -> _Child | None:
    with suppress(IndexError):
        child = _idle.pop()
        if child.process.is_alive():
            return child
        child.end()
    return None


def _started() -> _Child:
    here, there = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    there.close()
    return _Child(process, here)


def _serve(connection: Connection) -> None:
    _begin()
    with suppress(EOFError, ConnectionError):
        while True:
            function, arguments, seconds = connection.recv()
            try:
                values = function(*arguments)
                value = object()
                while value is not None:
                    with _deadline(seconds):
                        value = next(values, None)
                    connection.send(value)
            except MemoryError:
                os._exit(1)
            except Exception as error:  # noqa: BLE001 - it is raised in the other process
                error.add_note("".join(traceback.format_exception(error)))  # which is not sent along
                connection.send(error)


def run_in_processes(path: Path, tasks: Iterable[Task], file: PixelFile, workers: int) -> Iterator[Outcome]:
    """Run tasks in parallel.

    Args:
        path: path of what they read, for the message.
        tasks: the tasks; taken one by one as processes become free.

    Yields:
        The outcomes, in the order of the tasks.

    Raises:
        DatasetError: if a process ends; see `in_child`.
        OSError: if images cannot be written.
    """
    pool = ProcessPoolExecutor(workers, mp_context=_CONTEXT, initializer=_begin)
    pending: deque[Future[list[Outcome]]] = deque()
    try:
        for task in tasks:
            pending.append(pool.submit(_run, task, file))
            if len(pending) >= _AHEAD * workers:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    except BrokenProcessPool as error:
        raise _ended(path) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _run(task: Task, file: PixelFile) -> list[Outcome]:
    with _deadline(TASK_SECONDS):
        return list(run_task(task, file))


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """End this process if the block takes longer, whatever it does, also outside of Python."""
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds, file=nowhere, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _begin() -> None:
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
