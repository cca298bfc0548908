"""TensorFlow's library is loaded without stopping the other threads."""

import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.tf,
    pytest.mark.skipif(sys.platform != "linux", reason="only there it is loaded ahead"),
]

_PROGRAM = """
import sys, threading, time
from cadl_gui.training.shared_library import load_ahead

sys.setswitchinterval(0.001)
loading = threading.Thread(target=load_ahead)
began = last = time.perf_counter()
still = 0.0
loading.start()
while loading.is_alive():
    time.sleep(0.001)
    now = time.perf_counter()
    still, last = max(still, now - last), now
print(still / (last - began), any("libtensorflow_cc" in line for line in open("/proc/self/maps")))
"""


def test_other_threads_go_on_while_it_is_loaded():
    """`ctypes.CDLL` held Python's lock: the window stood still for 0.3 s at each start."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], check=True, capture_output=True, encoding="utf-8", timeout=300
    )
    share_still, is_loaded = done.stdout.split()
    assert is_loaded == "True"
    assert float(share_still) < 0.5
