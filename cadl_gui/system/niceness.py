"""Which threads go before others. Only Linux has such a thing for a thread."""

import os
import sys
import threading
from pathlib import Path

IS_KNOWN = sys.platform.startswith("linux")


def set_niceness(niceness: int, thread: int | None = None) -> None:
    """Let the system put a thread, and all that it starts from now on, behind the interface.

    Args:
        niceness: how far, in the units of `nice`, 0 to 19.
        thread: its number with the system; by default the calling one.
    """
    if IS_KNOWN:
        thread = threading.get_native_id() if thread is None else thread
        # A program that was started behind others may go further back only.
        os.setpriority(os.PRIO_PROCESS, thread, max(niceness, os.getpriority(os.PRIO_PROCESS, thread)))


def threads() -> set[int]:
    """The numbers of this process's threads, also of those that Python does not know."""
    return {int(each.name) for each in Path("/proc/self/task").iterdir()} if IS_KNOWN else set()


def n_processors() -> int:
    """How many processors the system leaves this process; a pool of TensorFlow's has as many threads."""
    return len(os.sched_getaffinity(0)) if IS_KNOWN else os.cpu_count() or 1
