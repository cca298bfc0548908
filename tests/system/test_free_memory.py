"""Free memory is returned to the system; each case in a process in which nothing else is freed."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

BEGINNING = """
import threading
from pathlib import Path

import numpy as np

from cadl_gui.system.free_memory import give_back_free_memory, share_arenas

def own_mib():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))

def compute():
    return [np.ones(100_000, np.uint8) for _ in range(400)]
"""

IN_ONE_THREAD = """
before = own_mib()
arrays = compute()
last = np.ones(100_000, np.uint8)
del arrays
free = own_mib()
give_back_free_memory()
print(round(free - before), round(own_mib() - before))
"""

IN_MANY_THREADS = """
share_arenas()
np.ones(30_000_000, np.uint8)  # from now on the C library keeps more of what is free
before = own_mib()
meeting = threading.Barrier(8)

def compute_at_once():
    meeting.wait()
    compute()
    meeting.wait()

threads = [threading.Thread(target=compute_at_once) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
give_back_free_memory()
print(round(own_mib() - before))
"""


def reported(program):
    command = [sys.executable, "-c", BEGINNING + program]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(number) for number in made.stdout.split()]


def test_free_memory_before_used_memory_is_returned_to_the_system():
    free, given_back = reported(IN_ONE_THREAD)
    assert free > 35
    assert given_back < 10


def test_memory_freed_by_threads_is_returned_to_the_system():
    """Forty megabytes in each of eight threads."""
    assert reported(IN_MANY_THREADS)[0] < 80
