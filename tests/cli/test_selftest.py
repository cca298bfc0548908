"""`cadl selftest` passes if everything works, and otherwise reports what does not."""

import json
import os
import subprocess
import sys
import time

import pytest
from fakes import Facts, FakeInference, FakeTraining
from PySide6.QtCore import QEventLoop, QTimer

from cadl_gui.cli import main
from cadl_gui.cli.selftest_driver import UiDriver
from cadl_gui.cli.selftest_runner import Step, StepRunner
from cadl_gui.cli.selftest_steps import steps
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.main_window import MainWindow
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui


@pytest.fixture
def facts():
    """What the fake training reports."""
    return Facts()


@pytest.fixture
def driver(qtbot, qapp, facts, tmp_path):
    """A `UiDriver` for the real window with NumPy backends."""
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
    yield UiDriver(window, engine, tmp_path)
    assert engine.shut_down(60_000)
    qapp.setStyleSheet("")


def run(qapp, driver, *steps):
    """Run steps as the program does; returns the names of those that passed, or raises the error."""
    worked = []
    runner = StepRunner(steps, driver, lambda name, _: worked.append(name))
    loop = QEventLoop()
    stop = QTimer()
    stop.timeout.connect(lambda: None if runner.is_active and driver.window.isVisible() else loop.quit())
    stop.start(5)
    loop.exec()
    assert driver.engine.shut_down(60_000)
    runner.conclude()
    return worked


def test_steps_run_in_order_as_their_conditions_hold_then_the_window_closes(qapp, driver):
    seen = []

    def trains(driver):
        driver.set_number("epochsSpin", 1)
        driver.click("trainButton")
        yield lambda: driver.engine.runs
        seen.append("training")
        yield lambda: driver.engine.training.run is None
        seen.append("trained")

    def asks(driver):
        run = driver.engine.runs[0]
        answer = yield from driver.answer(Reconstruct(run.run_id, None, run.description.examples))
        seen.append(answer.shape)

    assert run(qapp, driver, Step("train", trains), Step("ask", asks)) == ["train", "ask", "quit"]
    assert seen == ["training", "trained", (100, 28, 28, 1)]
    assert not driver.window.isVisible()


def test_what_a_step_raises_is_reported_with_its_name_and_no_later_step_runs(qapp, driver):
    def fails(driver):
        yield lambda: True
        raise CadlError("the loss is not finite.")

    def never(driver):
        pytest.fail("a step ran after one that failed")
        yield

    with pytest.raises(CadlError, match=r"^“train” failed: the loss is not finite\.$"):
        run(qapp, driver, Step("train", fails), Step("ask", never))


def test_a_missing_widget_is_named(qapp, driver):
    def clicks(driver):
        driver.click("nothingButton")
        yield lambda: True

    with pytest.raises(CadlError, match="there is no nothingButton"):
        run(qapp, driver, Step("click", clicks))


def test_a_step_that_never_ends_is_given_up(qapp, driver):
    def waits(driver):
        yield lambda: False

    with pytest.raises(CadlError, match="“wait” failed: it was not done after 0 s"):
        run(qapp, driver, Step("wait", waits, limit=0.05))


def test_what_the_window_complains_of_fails_the_step(qapp, driver):
    def opens(driver):
        driver.engine.runs.open(driver.folder / "nothing.keras")
        yield lambda: False

    with pytest.raises(CadlError, match=r"“open” failed: .*nothing\.keras” does not exist"):
        run(qapp, driver, Step("open", opens))


def test_an_exception_in_a_slot_which_qt_survives_fails_the_step(qapp, driver, qtbot):
    hook = sys.excepthook

    def slips(driver):
        QTimer.singleShot(0, lambda: 1 / 0)
        yield lambda: False

    with qtbot.captureExceptions(), pytest.raises(CadlError, match="ZeroDivisionError"):
        run(qapp, driver, Step("slip", slips))
    assert sys.excepthook is hook


def test_what_the_window_reports_as_an_error_fails_the_step(qapp, driver):
    def stumbles(driver):
        driver.window.report_error("A thread has stumbled.", "")
        yield lambda: False

    with pytest.raises(CadlError, match=r"“stumble” failed: Error: A thread has stumbled\.$"):
        run(qapp, driver, Step("stumble", stumbles))


def test_a_window_that_closes_by_itself_is_a_failure(qapp, driver):
    def closes(driver):
        driver.window.close()
        yield lambda: False

    with pytest.raises(CadlError, match="closed during “close”"):
        run(qapp, driver, Step("close", closes))


def test_a_loss_that_is_not_finite_is_noticed(qapp, driver, facts):
    facts.metrics = lambda configuration, loss: {"loss": float("nan")}
    with pytest.raises(CadlError, match="the loss is not finite"):
        run(qapp, driver, next(step for step in steps() if step.name.startswith("train ")))


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
    *steps, last = map(json.loads, done.stdout.splitlines())
    assert last == {"ok": True}
    worked = {step["step"] for step in steps}
    assert {"draw a 7, and it is read", "save a checkpoint", "export as SavedModel, load it back"} <= worked
    assert 0 < sum(step["seconds"] for step in steps) < time.monotonic() - began
    assert not (tmp_path / "home" / "data" / "cadl_gui").exists()


_BUSY = """
import threading
from cadl_gui.cli import main, selftest_steps
from cadl_gui.cli.selftest_runner import Step
from cadl_gui.training import shared_library

def waits(hand):
    yield lambda: False

shared_library.load_ahead = lambda: threading.Event().wait()
selftest_steps.steps = lambda: [Step("wait", waits, limit=0.1)]
raise SystemExit(main(["selftest"]))
"""


@pytest.mark.slow
def test_a_failure_is_one_even_where_tensorflow_is_too_busy_to_end():
    """The window then exits with status 0, but the self-test has failed."""
    done = subprocess.run([sys.executable, "-c", _BUSY], capture_output=True, text=True, check=False)
    assert "“wait” failed" in done.stderr
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
