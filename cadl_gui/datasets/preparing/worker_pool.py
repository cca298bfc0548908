"""Decodes many images in parallel, in processes that are like `system.child`'s.

Each process writes its images to their place in the file, so neither order nor memory depends on who is
faster.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from cadl_gui.datasets.preparing.pixel_file import PixelFile
from cadl_gui.datasets.preparing.task import Outcome, Task, run_task
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.child import CONTEXT, NOT_OPENED, begin, deadline

_AHEAD = 4
"""Tasks per process that are waiting or running, so that none is ever idle."""

TASK_SECONDS = 300.0
"""Deadline for decoding some images."""


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
    pool = ProcessPoolExecutor(workers, mp_context=CONTEXT, initializer=begin)
    pending: deque[Future[list[Outcome]]] = deque()
    try:
        for task in tasks:
            pending.append(pool.submit(_run, task, file))
            if len(pending) >= _AHEAD * workers:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    except BrokenProcessPool as error:
        raise DatasetError(NOT_OPENED.format(f"“{path}”")) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _run(task: Task, file: PixelFile) -> list[Outcome]:
    with deadline(TASK_SECONDS):
        return list(run_task(task, file))
