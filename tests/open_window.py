"""The real window in this process: real backends; settings and runs in a temporary folder."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.engine.backends import InferenceBackend, TrainingBackend
from cadl_gui.engine.engine import Engine
from cadl_gui.system.garbage import gc_paused
from cadl_gui.system.home import keras_folder
from cadl_gui.system.library_settings import own_library_settings
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.theme import Theme, ThemeMode
from cadl_gui.ui.window.garbage_collection import GarbageCollection
from cadl_gui.ui.window.main_window import MainWindow


@contextmanager
def open_window(
    width: int = 1440, height: int = 900, mode: ThemeMode = "light"
) -> Iterator[tuple[MainWindow, Engine, Theme]]:
    """Open the window and wait until TensorFlow is loaded; close it at the end."""
    sys.setswitchinterval(0.001)  # as in app.main
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application = QApplication.instance() or QApplication(["benchmark"])
        theme = Theme(mode)
        theme.prepare(application)
        theme.apply(application)
        runs = Path(folder) / "runs"
        engine = Engine(training_backend, inference_backend, runs, SOURCES, DatasetService, library=LIBRARY)
        window = MainWindow(engine, theme, Settings(), "cadl_gui.log", Path(folder) / "work")
        GarbageCollection(engine, window)
        window.resize(width, height)
        window.show()
        engine.load()
        window.complete()
        wait_until(lambda: engine.is_ready, 120)
        try:
            yield window, engine, theme
        finally:
            window.hide()
            engine.shut_down(20_000)


def training_backend() -> TrainingBackend:
    """The training backend with the program's settings for Keras; called in the training thread."""
    own_library_settings(keras_folder())
    with gc_paused():  # as in app.main
        from cadl_gui.saved.backend import Training

        return Training()


def inference_backend() -> InferenceBackend:
    """The inference backend; called in the inference thread."""
    from cadl_gui.inference.inference_service import InferenceService

    return InferenceService()


def spin(seconds: float) -> None:
    """Run the event loop for some seconds."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool], seconds: float, every: float = 0.02) -> None:
    """Run the event loop until a condition holds.

    Args:
        condition: the condition.
        seconds: how long it may take.
        every: seconds between two looks at it.

    Raises:
        TimeoutError: if it does not hold in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        spin(every)
