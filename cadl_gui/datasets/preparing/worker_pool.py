"""Runs tasks in processes of their own, which neither block nor crash this one.

Each process writes its images to their place in the file, so neither order nor memory depends on who is
faster. Ctrl+C is left to the first process, with which the others end, even if it is killed.
"""

import multiprocessing
import os
import signal
import threading
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait

from cadl_gui.datasets.preparing.pixel_file import PixelFile
from cadl_gui.datasets.preparing.task import Outcome, Task, run_task
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.niceness import set_niceness

_AHEAD = 4
"""Tasks per process that are waiting or running, so that none is ever idle."""

_NICENESS = 10
"""As that of a training: drawing and answers come first."""


def run_in_processes(tasks: Iterable[Task], file: PixelFile, workers: int) -> Iterator[Outcome]:
    """Run tasks in parallel.

    Args:
        tasks: the tasks; taken one by one as processes become free.

    Yields:
        The outcomes, in the order of the tasks.

    Raises:
        DatasetError: if a process crashes.
        OSError: if images cannot be written.
    """
    # A forked process would inherit the locks of threads that it lacks, such as TensorFlow's.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)
    pending: deque[Future[list[Outcome]]] = deque()
    try:
        for task in tasks:
            pending.append(pool.submit(_run, task, file))
            if len(pending) >= _AHEAD * workers:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    except BrokenProcessPool as error:
        raise DatasetError("A process that decodes images ended unexpectedly; memory may be full.") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _run(task: Task, file: PixelFile) -> list[Outcome]:
    return list(run_task(task, file))


def _begin() -> None:
    """Prepare a new process: it is less urgent than the window, and ends with the one that started it."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl+C reaches all processes; the first one ends the others
    set_niceness(_NICENESS)
    warnings.simplefilter("ignore")  # such as Pillow's about large images, which are skipped and reported
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
