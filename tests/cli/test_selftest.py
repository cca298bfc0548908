"""`cadl selftest` passes if everything works, and otherwise reports what does not."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes import FakeInference, FakeTraining

from cadl_gui.cli import main
from cadl_gui.cli.selftest import command, steps, use_window
from cadl_gui.domain.errors import CadlError
from cadl_gui.engine.engine import Engine
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.main_window import MainWindow

pytestmark = pytest.mark.gui


@pytest.fixture
def program(qtbot, qapp, tmp_path):
    """The real window with NumPy backends, and its engine."""
    theme = Theme("light", reduce_motion=True)
    theme.prepare(qapp)
    theme.apply(qapp)
    engine = Engine(FakeTraining, FakeInference, runs_folder=None)
    window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    window.show()
    engine.load()
    yield window, engine
    assert engine.shut_down(60_000)
    qapp.setStyleSheet("")


def test_a_window_in_which_all_runs_that_ship_are_open_passes(program):
    for path in shipped_runs():
        program[1].runs.open(path)
    use_window(*program)


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda window, engine: engine.runs.open(Path("no.keras")), "no.keras” does not exist."),
        (lambda window, engine: window.report_error("A slot failed.", ""), "Error: A slot failed."),
        (lambda window, engine: window.close(), "the window closed"),
        (lambda window, engine: None, "it was not done after 1 s"),
    ],
    ids=["a file", "an uncaught error", "a window that closes", "runs that never open"],
)
def test_what_fails_in_the_window_fails_it(program, act, told):
    act(*program)
    with pytest.raises(CadlError, match=told):
        use_window(*program, most_seconds=1.0)


def test_a_command_that_fails_says_why_and_prints_nothing(capsys, tmp_path):
    with pytest.raises(CadlError, match=r"no\.keras"):
        command("info", str(tmp_path / "no.keras"))
    command("presets")
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere, there is always a display")
def test_selftest_says_why_no_window_can_open(no_display, capsys):
    assert main(["selftest"]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("There is no display to open a window on")
    assert printed.out == ""


@pytest.mark.tf
@pytest.mark.slow
def test_all_of_it_works_here(tmp_path):
    """The command itself, with TensorFlow, without a display, in a folder that stays unchanged."""
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DISPLAY", "QT_QPA_PLATFORM"}
    }
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "cadl_gui.cli", "selftest", "--json"],
        capture_output=True, text=True, check=False, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *told, last = map(json.loads, done.stdout.splitlines())
    assert last == {"ok": True}
    worked = [step["step"] for step in told]
    assert worked == ["load TensorFlow", *steps(tmp_path)]
    assert 0 < sum(step["seconds"] for step in told) < time.monotonic() - began
    assert not (tmp_path / "home" / "data" / "cadl_gui").exists()


_BUSY = """
import threading
from cadl_gui.cli import main, selftest, window_use
from cadl_gui.training import shared_library

is_loading = threading.Event()

def load_forever():
    is_loading.set()
    threading.Event().wait()

def fails(window, engine):
    window_use.wait_for(is_loading.is_set, window, 300)
    raise ValueError("no more")

shared_library.load_ahead = load_forever
selftest.use_window = fails
raise SystemExit(main(["selftest"]))
"""


@pytest.mark.slow
def test_a_failure_is_one_even_where_tensorflow_is_too_busy_to_end():
    """The window then exits with status 0, but the self-test has failed."""
    done = subprocess.run([sys.executable, "-c", _BUSY], capture_output=True, text=True, check=False)
    assert "“load TensorFlow” failed: no more." in done.stderr
    assert done.returncode == 1


_CLOSED = """
from cadl_gui import app
from cadl_gui.cli import main

app.show_window = lambda *_, **__: None
raise SystemExit(main(["selftest"]))
"""


@pytest.mark.slow
def test_a_window_that_closes_before_it_is_painted_is_a_failure():
    done = subprocess.run([sys.executable, "-c", _CLOSED], capture_output=True, text=True, check=False)
    assert done.stderr == "The window closed before it was painted.\n"
    assert done.returncode == 1
