"""Scheduling priority of threads, which only Linux supports."""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Niceness(NamedTuple):
    """Niceness of the threads that compute, from 0 to 19; the interface's is 0.

    With the same for all, answers took twice as long beside a training
    (`tests/benchmarks/drawing_latency.py`), and a frame in a hundred was 5 ms longer (`responsiveness.py`).

    Attributes:
        training: that of trainings.
        inference: that of answers, which the user waits for.
    """

    training: int = 10
    inference: int = 5


IS_KNOWN = sys.platform.startswith("linux")


def set_niceness(niceness: int, thread: int | None = None) -> None:
    """Lower the priority of a thread, and of threads that it starts later, below that of the interface.

    Has no effect on systems other than Linux, and of a thread that has ended meanwhile.

    Args:
        niceness: niceness from 0 to 19, as for `nice`.
        thread: native thread id; by default the calling thread's.
    """
    if IS_KNOWN:
        thread = threading.get_native_id() if thread is None else thread
        with suppress(ProcessLookupError):
            # The niceness of an unprivileged process can only be increased.
            os.setpriority(os.PRIO_PROCESS, thread, max(niceness, os.getpriority(os.PRIO_PROCESS, thread)))


def threads() -> set[int]:
    """Native ids of all threads of this process, including those not started by Python; empty if unknown."""
    return {int(each.name) for each in Path("/proc/self/task").iterdir()} if IS_KNOWN else set()


def n_processors() -> int:
    """Number of processors available to this process; TensorFlow's thread pools have as many threads."""
    return len(os.sched_getaffinity(0)) if IS_KNOWN else os.cpu_count() or 1
