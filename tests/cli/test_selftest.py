"""`cadl selftest` passes if everything works, and otherwise reports what does not."""

import json
import os
import subprocess
import sys
import time

import pytest
from fakes import Facts, FakeInference, FakeTraining, examples

from cadl_gui.cli import main
from cadl_gui.cli.selftest import SelfTest, steps
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import RunState
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.main_window import MainWindow

pytestmark = pytest.mark.gui


@pytest.fixture
def facts():
    """What the fake training reports."""
    return Facts()


@pytest.fixture
def worked():
    """The names of the steps that succeeded."""
    return []


@pytest.fixture
def selftest(qtbot, qapp, facts, worked, tmp_path):
    """A `SelfTest` of the real window with NumPy backends."""
    theme = Theme("light", reduce_motion=True)
    theme.prepare(qapp)
    theme.apply(qapp)
    training = FakeTraining()
    training.facts = facts
    engine = Engine(lambda: training, FakeInference, runs_folder=None)
    window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    window.show()
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    yield SelfTest(window, engine, tmp_path, lambda name, _: worked.append(name))
    assert engine.shut_down(60_000)
    qapp.setStyleSheet("")


def trained(test):
    """A run of one epoch."""
    test.engine.training.train(preset("autoencoder").config.replace(epochs=1))
    run = test.wait(lambda: next(iter(test.engine.runs), None))
    test.wait(lambda: test.engine.training.run is None)
    return run


def test_steps_are_taken_in_order_then_the_window_closes(selftest, worked):
    seen = []

    def trains(test):
        seen.append(trained(test).state)

    def asks(test):
        run = test.engine.runs[0]
        seen.append(test.answer(Reconstruct(run.run_id, None, run.description.examples)).shape)

    selftest.run({"train": trains, "ask": asks})
    assert worked == ["train", "ask"]
    assert seen == [RunState.COMPLETE, (100, 28, 28, 1)]
    assert selftest.failure == ""
    assert not selftest.window.isVisible()


def test_what_a_step_raises_is_reported_with_its_name_and_no_later_step_is_taken(selftest, worked):
    def fails(test):
        raise CadlError("the loss is not finite.")

    def never(test):
        pytest.fail("a step was taken after one that failed")

    selftest.run({"begin": lambda test: None, "train": fails, "ask": never})
    assert selftest.failure == "“train” failed: the loss is not finite."
    assert worked == ["begin"]


def test_a_step_that_never_ends_is_given_up(selftest):
    hasty = SelfTest(selftest.window, selftest.engine, selftest.folder, print, limit=0.05)
    hasty.run({"wait": lambda test: test.wait(lambda: False)})
    assert hasty.failure == "“wait” failed: it was not done after 0 s."


def forever(act):
    """A step that acts, and then waits for what never comes."""

    def step(test):
        act(test)
        test.wait(lambda: False)

    return step


def exports(test):
    test.engine.exporting.start(trained(test), None, "onnx", "", test.folder / "bad.onnx")


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (lambda test: test.answer(Reconstruct("none", None, examples())), "This run is not open."),
        (forever(lambda test: test.engine.runs.open(test.folder / "no.keras")), "no.keras” does not exist."),
        (forever(exports), "bad.onnx” cannot be written."),
        (forever(lambda test: test.window.report_error("A slot failed.", "")), "Error: A slot failed."),
        (forever(lambda test: test.window.close()), "the window closed."),
    ],
    ids=["a request", "a file", "an export", "an uncaught error", "a window that closes"],
)
def test_what_fails_behind_a_step_fails_it(selftest, step, told):
    selftest.run({"try": step})
    assert selftest.failure.startswith("“try” failed: ")
    assert selftest.failure.endswith(told)


def test_a_loss_that_is_not_finite_is_noticed(selftest, facts):
    facts.metrics = lambda configuration, loss: {"loss": float("nan")}
    selftest.run({"train": steps()["train autoencoder"]})
    assert selftest.failure == "“train” failed: the loss is not finite."


def test_a_shipped_run_that_answers_as_if_it_had_not_been_trained_is_noticed(selftest):
    """The fake run that is opened in place of each has the same weights at all positions."""
    for path in shipped_runs():
        selftest.engine.runs.open(path)
    selftest.run({"ask": steps()["ask the runs that ship"]})
    assert selftest.failure.endswith(" answers as if it had not been trained.")


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
    assert worked == ["open the window", *steps(), "quit"]
    assert 0 < sum(step["seconds"] for step in told) < time.monotonic() - began
    assert not (tmp_path / "home" / "data" / "cadl_gui").exists()


_BUSY = """
import threading
from cadl_gui.cli import main, selftest
from cadl_gui.training import shared_library

is_loading = threading.Event()

def load_forever():
    is_loading.set()
    threading.Event().wait()

def fails(test):
    test.wait(is_loading.is_set)
    raise ValueError("no more")

shared_library.load_ahead = load_forever
selftest.steps = lambda: {"wait": fails}
raise SystemExit(main(["selftest"]))
"""


@pytest.mark.slow
def test_a_failure_is_one_even_where_tensorflow_is_too_busy_to_end():
    """The window then exits with status 0, but the self-test has failed."""
    done = subprocess.run([sys.executable, "-c", _BUSY], capture_output=True, text=True, check=False)
    assert "“wait” failed: no more." in done.stderr
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
