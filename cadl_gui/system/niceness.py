"""Scheduling priority of threads, which only Linux supports."""

import ctypes
import os
import platform
import sys
import threading
from pathlib import Path

IS_KNOWN = sys.platform.startswith("linux")

_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
"""Number of the system call, which the C library does not offer, by processor."""

_SHORT_SLICE_NS = 100_000
_RESET_ON_FORK = 1


class _SchedAttr(ctypes.Structure):
    """`struct sched_attr` of Linux."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("runtime_ns", ctypes.c_uint64),
        ("deadline_ns", ctypes.c_uint64),
        ("period_ns", ctypes.c_uint64),
    )


def set_niceness(niceness: int, thread: int | None = None) -> None:
    """Lower the priority of a thread, and of threads that it starts later, below that of the interface.

    Has no effect on systems other than Linux.

    Args:
        niceness: niceness from 0 to 19, as for `nice`.
        thread: native thread id; by default the calling thread's.
    """
    if IS_KNOWN:
        thread = threading.get_native_id() if thread is None else thread
        # The niceness of an unprivileged process can only be increased.
        os.setpriority(os.PRIO_PROCESS, thread, max(niceness, os.getpriority(os.PRIO_PROCESS, thread)))


def run_as_soon_as_awake() -> bool:
    """Let the calling thread, but none that it starts, interrupt those that compute as soon as it has work.

    A lower niceness alone does not: since version 6.6, Linux first lets them use up their slice of time. From
    6.12 on, a thread with a shorter slice need not wait. Has no effect on other systems.

    Returns:
        Whether the system accepted it.
    """
    number = _SCHED_SETATTR.get(platform.machine())
    if not IS_KNOWN or number is None:
        return False
    niceness = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    size = ctypes.sizeof(_SchedAttr)
    wanted = _SchedAttr(size=size, flags=_RESET_ON_FORK, nice=niceness, runtime_ns=_SHORT_SLICE_NS)
    accepted: bool = ctypes.CDLL(None).syscall(number, 0, ctypes.byref(wanted), 0) == 0
    return accepted


def threads() -> set[int]:
    """Native ids of all threads of this process, including those not started by Python; empty if unknown."""
    return {int(each.name) for each in Path("/proc/self/task").iterdir()} if IS_KNOWN else set()


def n_processors() -> int:
    """Number of processors available to this process; TensorFlow's thread pools have as many threads."""
    return len(os.sched_getaffinity(0)) if IS_KNOWN else os.cpu_count() or 1
