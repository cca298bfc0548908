"""The whole program with TensorFlow: opens, trains MNIST, closes in mid-training, keeps what it learned."""

import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QWidget

from cadl_gui import app
from cadl_gui.core import system_libraries
from cadl_gui.core.position import Position
from cadl_gui.engine.engine import EngineState
from cadl_gui.ui.main_window import MainWindow

pytestmark = [pytest.mark.gui, pytest.mark.tf, pytest.mark.slow]


class Script:
    """Runs a generator inside the program's own event loop: it yields conditions to wait for."""

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
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)), None)


def test_the_main_job_with_tensorflow(qapp):
    engines = []

    def steps():
        yield lambda: the_window() is not None and the_window().isVisible()
        window = the_window()
        engine = window._engine
        engines.append(engine)
        train = window.findChild(QPushButton, "trainButton")
        assert "tensorflow" not in sys.modules or engine.is_ready or not train.isEnabled()
        yield train.isEnabled
        window.findChild(QComboBox, "presetCombo").setCurrentText("lecture-autoencoder")
        window.findChild(QWidget, "batchSizeSpin").setValue(1000)
        window.findChild(QWidget, "epochsSpin").setValue(50)
        QTest.mouseClick(train, Qt.MouseButton.LeftButton)
        yield lambda: bool(engine.runs) and engine.runs[0].newest >= Position(1, 1)
        reconstructions = window.findChild(QWidget, "reconstructionMontage")
        yield lambda: reconstructions.pictures is not None
        assert engine.state is EngineState.TRAINING
        window.close()

    script = Script(steps())
    assert app.main([]) == 0
    if script.failure is not None:
        raise script.failure
    assert not engines[0].is_running
    (folder,) = app.runs_folder().iterdir()
    from cadl_gui.runs.checkpoint import open_checkpoint
    from cadl_gui.runs.reader import read_run

    run = read_run(folder)
    assert run.checkpoint is not None
    checkpoint = open_checkpoint(run.checkpoint)
    assert checkpoint.position.epoch >= 1
    first, last = run.history.epochs[0], run.history.epochs[-1]
    assert last.metrics["val_loss"] < first.metrics["val_loss"]


def test_where_no_window_can_open_a_sentence_says_why(monkeypatch, capsys):
    monkeypatch.setattr(system_libraries, "complaint", lambda: "The window needs system libraries.")
    assert app.main([]) == 1
    assert capsys.readouterr().err == "The window needs system libraries.\n"


def test_a_wrong_argument_is_a_user_s_mistake(capsys):
    with pytest.raises(SystemExit) as exit_:
        app.main(["--nonsense"])
    assert exit_.value.code == 2
    assert "--nonsense" in capsys.readouterr().err
