"""The window answers strokes and drags before TensorFlow is imported, which waits while the pen is down."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.gui, pytest.mark.tf, pytest.mark.slow]

_PROGRAM = """
import builtins, gc, sys

pythons_import = builtins.__import__
from cadl_gui import app

def attend(window, engine):
    from early_user import END, SEVEN, START, EarlyUser

    heavy = {"PIL", "tensorflow"}
    late = {"PIL", "h5py", "importlib.metadata", "numpy.ma", "numpy.random", "pyqtgraph"}
    print("imported before the first paint:", *late & sys.modules.keys())
    print("garbage collected:", gc.isenabled(), gc.get_stats()[2]["collections"])
    print("imports are looked into:", builtins.__import__ is not pythons_import)

    def steps(user):
        yield from user.draw_seven()
        # Not numpy.random, which the nearest images need, whose turn comes right after the answer.
        print("stroke answered; imported:", *heavy & sys.modules.keys())
        user.release(user.part("digitCanvas"), SEVEN[-1])
        yield from user.drag()
        print("drag answered; ready:", engine.is_ready, "imported:", *heavy & sys.modules.keys())
        user.release(user.part("latentPlane"), END)
        yield lambda: engine.is_ready
        yield from user.drag(END, START)
        print("drag answered; ready:", engine.is_ready)
        window.close()

    window.early_user = EarlyUser(window, steps)

sys.exit(app.show_window([], app.runs_folder(), attend=attend))
"""


def test_a_stroke_and_a_drag_are_answered_before_tensorflow_is_loaded():
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "imported before the first paint:",
        "garbage collected: False 0",  # all objects looked at, which took 15 ms and more
        "imports are looked into: False",  # by PySide6, which made that of TensorFlow a fifth longer
        "stroke answered; imported:",
        "drag answered; ready: False imported:",
        "drag answered; ready: True",
    ]
