"""The whole program with TensorFlow: it classifies a 7, shows the plane, trains, and closes."""

import re
import subprocess
import sys
import threading
import weakref

import numpy as np
import pytest
from menus import entry
from PySide6.QtCore import QPoint, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QPushButton, QTabWidget, QWidget
from shown_view import stored_paths

from cadl_gui import app
from cadl_gui.system import fatal_error
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.window.main_window import MainWindow

pytestmark = [pytest.mark.gui, pytest.mark.tf, pytest.mark.slow]


@pytest.fixture(autouse=True)
def nothing_remembered(qapp):
    """Clears settings: Qt reads them once per process, and would reopen runs of earlier tests.

    The self-test changes the format of the settings, and so the file, for the whole process.
    """
    format_ = QSettings.defaultFormat()
    QSettings(format_, QSettings.Scope.UserScope, app.APP_NAME, app.APP_NAME).clear()


def opened():
    """The exit status of the program, which waits for its threads also where the machine is busy.

    Leaving without them keeps the engine, with its networks, until the process ends: for all later tests.
    """
    return app.main([], shut_down_ms=60_000)


class Script:
    """Runs a generator, which yields conditions to wait for, inside the program's event loop."""

    def __init__(self, steps):
        self._steps = steps
        self._condition = lambda: True
        self.failure = None
        self._timer = QTimer()
        self._timer.timeout.connect(self._go_on)
        self._timer.start(20)
        self._rounds = 0

    def _go_on(self):
        self._rounds += 1
        try:
            assert self._rounds <= 9000, "the script waited for three minutes"
            if self._condition():
                self._condition = next(self._steps)
        except StopIteration:
            self._timer.stop()
        except BaseException as failure:  # noqa: BLE001 - told by the test, once the window is closed
            self.failure = failure
            self._timer.stop()
            QApplication.quit()


def the_window():
    """The open window; closed ones of earlier tests may not be collected yet."""
    windows = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    return next((w for w in windows if w.isVisible()), None)


def part(name, kind=QWidget):
    return the_window().findChild(kind, name)


def runs_are_read():
    """Whether the list contains all shipped runs, completely read."""
    if the_window() is None:
        return False
    rows = part("runList").model()
    shown = [rows.index(row).data() for row in range(rows.rowCount())]
    return len(shown) == len(shipped_runs()) and not any(_WAITS.search(run) for run in shown)


_WAITS = re.compile("loaded$|loading$")


SEVEN = [(0.3, 0.25), (0.45, 0.25), (0.6, 0.25), (0.7, 0.25), (0.62, 0.42), (0.54, 0.58), (0.46, 0.78)]
"""A stroke on the canvas, in units of its side."""


def drawn(canvas, way):
    places = [QPoint(round(x * canvas.width()), round(y * canvas.height())) for x, y in way]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])


def test_the_trained_runs_read_a_seven_and_decode_the_plane(qapp):
    """What a new user does: open it, draw a 7, drag in the latent plane."""

    def steps():
        yield runs_are_read
        yield lambda: part("drawTab") is not None and part("latentTab") is not None
        window = the_window()
        tabs = window.findChild(QTabWidget, "tabs")
        tabs.setCurrentWidget(window.findChild(QWidget, "drawTab"))
        yield lambda: part("digitCanvas") is not None
        answer = window.findChild(QLabel, "predictionLabel")
        canvas = window.findChild(QWidget, "digitCanvas")
        yield lambda: canvas.isVisible() and canvas.width() > 190
        drawn(canvas, SEVEN)
        yield lambda: next((letter for letter in answer.text() if letter.isdigit()), "") == "7"
        tabs.setCurrentWidget(window.findChild(QWidget, "latentTab"))
        plane = window.findChild(QWidget, "latentPlane")
        decoded = window.findChild(QWidget, "decodedImage")
        yield lambda: plane.isVisible() and decoded.images is not None
        before = decoded.images.copy()
        drawn(plane, [(0.5, 0.5), (0.45, 0.6), (0.4, 0.7)])
        yield lambda: not np.array_equal(decoded.images, before)
        window.close()

    script = Script(steps())
    assert opened() == 0
    if script.failure is not None:
        raise script.failure


def test_the_main_job_with_tensorflow(qapp):
    def steps():
        yield lambda: the_window() is not None
        window = the_window()
        train = window.findChild(QPushButton, "trainButton")
        assert "tensorflow" in sys.modules or not train.isEnabled()
        yield train.isEnabled
        window.findChild(QComboBox, "presetCombo").setCurrentText("lecture-autoencoder")
        window.findChild(QWidget, "batchSizeSpin").setValue(1000)
        window.findChild(QWidget, "epochsSpin").setValue(50)
        QTest.mouseClick(train, Qt.MouseButton.LeftButton)
        progress = window.findChild(QLabel, "progressLabel")
        yield lambda: progress.text().startswith("Epoch 2 of 50 · batch ")
        assert part("stopButton").text() == "Stop", "it is the run that is shown"
        reconstructions = window.findChild(QWidget, "reconstructionMontage")
        yield lambda: reconstructions.images is not None
        assert part("pauseButton").isEnabled()
        assert part("pauseButton").text() == "Pause"
        window.close()

    script = Script(steps())
    assert opened() == 0
    if script.failure is not None:
        raise script.failure
    (folder,) = app.runs_folder().iterdir()
    assert [*stored_paths(app.runs_folder().parent).values()] == [folder]
    from cadl_gui.runs.checkpoint import open_checkpoint
    from cadl_gui.runs.reader import read_run

    run = read_run(folder)
    assert run.checkpoint is not None
    checkpoint = open_checkpoint(run.checkpoint)
    assert checkpoint.position.epoch >= 1
    first, last = run.history.epochs[0], run.history.epochs[-1]
    assert last.metrics["val_loss"] < first.metrics["val_loss"]


def test_objects_of_the_window_die_in_no_other_thread(qapp, automatic_collection, collecting_threads):
    """TensorFlow's threads create garbage while dialogs are opened and closed."""
    deaths = []

    def steps():
        yield lambda: the_window() is not None and part("trainButton").isEnabled()
        window = the_window()
        window.findChild(QComboBox, "presetCombo").setCurrentText("lecture-autoencoder")
        QTest.mouseClick(window.findChild(QPushButton, "trainButton"), Qt.MouseButton.LeftButton)
        progress = window.findChild(QLabel, "progressLabel")
        yield lambda: "batch" in progress.text()
        collecting_threads.clear()
        for _ in range(3):
            for action in ("keys", "comparison", "branch", "export"):
                entry(window, action).trigger()
                dialog = window.findChild(QDialog)
                if dialog is None:
                    continue
                dialog.cycle = dialog
                weakref.finalize(dialog, lambda: deaths.append(threading.get_ident()))
                dialog.close()
                del dialog
                before = progress.text()
                yield lambda before=before: progress.text() != before
        yield lambda: len(deaths) >= 3
        window.close()

    script = Script(steps())
    assert opened() == 0
    if script.failure is not None:
        raise script.failure
    assert set(deaths) == collecting_threads == {threading.get_ident()}


def test_a_second_start_opens_its_file_in_the_first_window(qapp):
    def steps():
        yield runs_are_read
        window = the_window()
        window.showMinimized()
        yield window.isMinimized
        another = shipped_runs()[-1]
        shown = part("runList").currentIndex
        assert f" {another.name}," not in shown().data()
        again = subprocess.Popen([sys.executable, "-m", "cadl_gui", str(another)])
        yield lambda: again.poll() is not None
        assert again.returncode == 0
        yield lambda: f" {another.name}," in shown().data()
        assert not window.isMinimized()
        window.close()

    script = Script(steps())
    assert opened() == 0
    if script.failure is not None:
        raise script.failure


def test_of_two_starts_at_once_one_has_the_window(qtbot):
    """Both looked for another window before either had one, and had one each."""
    starts = [subprocess.Popen([sys.executable, "-m", "cadl_gui"]) for _ in range(2)]
    try:
        qtbot.waitUntil(lambda: any(start.poll() is not None for start in starts))
        assert sorted(start.poll() is None for start in starts) == [False, True]
        assert 0 in [start.returncode for start in starts], "the other one passed on that it was started"
    finally:
        for start in starts:
            start.kill()
            start.wait()


def test_an_error_in_a_slot_is_reported_in_the_window_and_the_log(qapp, qtbot):
    def steps():
        yield lambda: the_window() is not None
        QTimer.singleShot(0, lambda: 1 / 0)
        message = the_window().findChild(QLabel, "noticeSentence")
        yield lambda: message.isVisible() and "division by zero" in message.text()
        assert "ZeroDivisionError" in app.log_file().read_text(encoding="utf-8")
        yield runs_are_read  # an import cannot be interrupted, nor the preparation of the emoji
        the_window().close()

    script = Script(steps())
    assert opened() == 0
    if script.failure is not None:
        raise script.failure


def test_runs_that_cannot_be_saved_are_reported_at_once(qapp):
    app.runs_folder().parent.mkdir(parents=True)
    app.runs_folder().touch()  # in the way of the folder

    def steps():
        yield lambda: the_window() is not None
        message = the_window().findChild(QLabel, "noticeSentence")
        yield lambda: message.isVisible() and "Trainings will not be saved" in message.text()
        yield runs_are_read  # an import cannot be interrupted, nor the preparation of the emoji
        the_window().close()

    script = Script(steps())
    assert opened() == 0
    if script.failure is not None:
        raise script.failure


def test_a_start_that_fails_is_reported_in_a_message_and_the_log_has_the_rest(monkeypatch, capsys):
    def fails(*_, **__):
        raise RuntimeError("the loom is gone")

    monkeypatch.setattr(app, "show_window", fails)
    monkeypatch.setattr(fatal_error.shutil, "which", lambda _: None)  # of the programs that show a box
    assert opened() == 1
    assert capsys.readouterr().err.startswith(
        "CADL could not start: the loom is gone. Details are in the log: "
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere, there is always a display")
def test_where_no_window_can_open_a_message_says_why(no_display, monkeypatch, capsys):
    monkeypatch.setattr(fatal_error.shutil, "which", lambda _: None)  # of the programs that show a box
    assert opened() == 1
    assert capsys.readouterr().err.startswith("There is no display to open a window on")


def test_a_wrong_argument_is_a_user_s_mistake(capsys):
    with pytest.raises(SystemExit) as exit_:
        app.main(["--nonsense"])
    assert exit_.value.code == 2
    assert "--nonsense" in capsys.readouterr().err


COUNT_THREADS = """
from pathlib import Path

from cadl_gui import app  # noqa: F401
import numpy as np

np.linalg.eigh(np.ones((400, 400)) @ np.ones((400, 400)))
print(len(list(Path("/proc/self/task").iterdir())))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads in /proc")
def test_linear_algebra_waits_for_no_other_thread():
    """During a training, the window waited half a second for NumPy's threads, and for 0.5 ms of work."""
    reported = subprocess.run(
        [sys.executable, "-c", COUNT_THREADS], capture_output=True, text=True, check=True
    )
    assert reported.stdout == "1\n"
