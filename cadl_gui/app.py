"""The composition root: builds settings, theme, engine and window.

Startup and shutdown:

1. The arguments are read and the log is opened. If the system lacks what Qt needs, an error message says so.
   If the user already has a window open, or one is being built, it gets the file and comes to the front, and
   the program exits. Otherwise the program listens for later starts from now on.
2. The window is built and shown. Until now, no part of TensorFlow, h5py or pyqtgraph has been imported.
3. After the first paint, the engine's threads start. The runs that ship with the program, those of the last
   session, and the file named on the command line are listed, and the first ones are read. From then on
   their networks classify, encode and decode, in NumPy. Meanwhile the other tabs are built.
4. When all tabs are built, and no mouse button or pen is down, the training thread reads the other run
   folders and imports TensorFlow; whatever had to wait for it follows. Meanwhile the window does not repaint
   by itself, since repainting more than doubles the time of the import.
5. Any uncaught error, in a slot or a thread, is shown in the notification bar and logged.
6. When the window closes, trainings are stopped and their weights recorded, the threads end, and the window
   and its runs are saved to the settings. If TensorFlow is inside an import, which cannot be interrupted,
   the process exits without waiting; a thread is never killed.
"""

import argparse
import atexit
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from cadl_gui import __version__
from cadl_gui.domain.errors import CadlError
from cadl_gui.system import resources, system_libraries
from cadl_gui.system.fatal_error import show_fatal_error
from cadl_gui.system.free_memory import share_arenas
from cadl_gui.system.garbage import gc_paused
from cadl_gui.system.home import data_folder, ensure_home, folder_complaint, keras_folder
from cadl_gui.system.library_settings import own_library_settings
from cadl_gui.system.log import open_log
from cadl_gui.system.processor import processor_complaint
from cadl_gui.system.words import _
from cadl_gui.ui.tabs import TABS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from cadl_gui.domain.events import RunOpened
    from cadl_gui.domain.training_requests import OpenFile
    from cadl_gui.engine.backends import AnsweringBackend, InferenceBackend, TrainingBackend
    from cadl_gui.engine.engine import Engine
    from cadl_gui.ui.settings import Settings
    from cadl_gui.ui.theme.theme import Theme
    from cadl_gui.ui.window.main_window import MainWindow
    from cadl_gui.ui.window.single_instance import SingleInstance

_log = logging.getLogger(__name__)

APP_NAME = "cadl_gui"
WINDOW_IS_THERE = "The window is there"
"""Log message after the first paint."""

_SHUT_DOWN_MS = 1500


def main(argv: Sequence[str] | None = None, *, shut_down_ms: int = _SHUT_DOWN_MS) -> int:
    """Open the window, and return the exit status after it is closed; see `show_window`."""
    arguments = _parse(sys.argv[1:] if argv is None else argv)
    files = [] if arguments.file is None else [arguments.file]
    try:
        return show_window(files, runs_folder(), alone=True, tab=arguments.tab, shut_down_ms=shut_down_ms)
    except CadlError as error:
        show_fatal_error(str(error))
        return error.exit_status
    except Exception as error:  # noqa: BLE001 - otherwise no error would be visible
        _log.exception("The program could not start")
        show_fatal_error(
            _("CADL could not start: {error}. Details are in the log: {log_file}").format(
                error=error, log_file=log_file()
            )
        )
        return 1


def show_window(
    files: Sequence[Path],
    runs: Path,
    *,
    alone: bool = False,
    tab: str = "",
    attend: "Callable[[MainWindow, Engine], object] | None" = None,
    shut_down_ms: int = _SHUT_DOWN_MS,
) -> int:
    """Open the window and run the program until it is closed.

    Args:
        files: sessions, checkpoints, run folders or datasets to open.
        runs: folder that runs are written to.
        alone: if a window with these runs is already open, pass the files to it instead.
        tab: id of the tab to show at first; "" shows that of the last session.
        attend: called with the window and its engine right after the first paint; the self-test drives them.
        shut_down_ms: how long to wait at the end for TensorFlow, which cannot be interrupted everywhere.

    Returns:
        The exit status.

    Raises:
        CadlError: if no window can open here.
    """
    share_arenas()
    log_place = _opened_log()
    if alone and _handed_over(files, runs):
        return 0

    from cadl_gui.ui.window.application import the_application
    from cadl_gui.ui.window.error_reporter import ErrorReporter

    reporter = ErrorReporter(_leave_with)
    with gc_paused():
        the_application(APP_NAME)
        instance = _claimed(files, runs) if alone else None
        if alone and instance is None:
            reporter.uninstall()
            return 0
        application, engine, window, settings = _built(runs, log_place)
    _keep_interpreter_free(engine, window)
    reporter.failed.connect(window.report_error)
    if tab:
        window.show_tab(tab)
    begin = partial(_begin, window, engine, files, runs, settings.caution, instance=instance, attend=attend)
    _show(application, window, begin)
    try:
        return application.exec()
    finally:
        window.hide()
        _shut_down(engine, shut_down_ms)
        if instance is not None:
            instance.close()
        window.deleteLater()
        reporter.uninstall()


def _opened_log() -> str:
    """Open the log, and return its location as text for the user.

    Raises:
        CadlError: if the system lacks what the program needs.
    """
    log_place = str(log_file()) if open_log(log_file()) else "standard error"
    complaint = processor_complaint() or system_libraries.complaint()
    if complaint:
        _log.error(complaint)
        raise CadlError(complaint)
    return log_place


def _handed_over(files: Sequence[Path], runs: Path) -> bool:
    """Pass the files to an open window with these runs; return whether there is one."""
    from cadl_gui.ui.window.single_instance import instance_name, send_files

    return send_files(instance_name(runs), files)


def _claimed(files: Sequence[Path], runs: Path) -> "SingleInstance | None":
    """Listen to later starts before the window is built; None if another start did so first."""
    from cadl_gui.ui.window.single_instance import claim, instance_name

    return claim(instance_name(runs), files)


def _built(runs: Path, log_place: str) -> "tuple[QApplication, Engine, MainWindow, Settings]":
    """Create the window and everything that it needs; no thread runs yet."""
    from cadl_gui.datasets.library import LIBRARY
    from cadl_gui.datasets.sources import SOURCES
    from cadl_gui.engine.engine import Engine
    from cadl_gui.runs import session
    from cadl_gui.ui.settings import Settings
    from cadl_gui.ui.window.application import the_application
    from cadl_gui.ui.window.main_window import MainWindow

    application = the_application(APP_NAME)
    settings = Settings()
    theme = _prepared_theme(application, settings)
    engine = Engine(
        _training_backend,
        _inference_backend,
        runs,
        SOURCES,
        _dataset_backend,
        library=LIBRARY,
        read_early=_read_early,
        sessions=session,
    )
    window = MainWindow(engine, theme, settings, log_place, runs.parent / "work")
    theme.apply(application)
    return application, engine, window, settings


def _show(application: "QApplication", window: "MainWindow", begin: Callable[[], None]) -> None:
    """Show the window, and call `begin` after its first paint."""
    from PySide6.QtCore import QTimer

    from cadl_gui.ui.window.application import Application

    if isinstance(application, Application):
        application.file_opened.connect(lambda path: window.open_named([path]))
    window.painted.connect(lambda: QTimer.singleShot(0, begin))
    window.show()


def _begin(
    window: "MainWindow",
    engine: "Engine",
    files: Sequence[Path],
    runs: Path,
    caution: str,
    *,
    instance: "SingleInstance | None",
    attend: "Callable[[MainWindow, Engine], object] | None",
) -> None:
    """Start the engine's threads and list the runs, after the first paint; load TensorFlow after that."""
    _log.info(WINDOW_IS_THERE)
    if attend is not None:
        attend(window, engine)
    engine.start()
    window.open_again(resources.shipped_runs(), files)
    window.open_named(files)
    window.completed.connect(engine.load)
    window.complete_between_frames()
    if instance is not None:  # raises the window when the program is started again
        instance.message_received.connect(window.come_forward)
        instance.begin()
    for complaint in filter(None, (folder_complaint(runs), caution)):
        engine.notifications.warn(complaint)


def runs_folder() -> Path:
    """Return the folder for runs in the user's data folder, used by the window and the command line."""
    return data_folder() / "runs"


def log_file() -> Path:
    """Return the path of the log."""
    ensure_home()
    return platformdirs.user_log_path(APP_NAME, appauthor=False) / "cadl_gui.log"


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="cadl-gui",
        description=_("Watch small neural networks learn, and explore what they have learned."),
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help=_("a session, checkpoint, run folder, frozen graph or dataset to open"),
    )
    tabs = "; ".join(f"{spec.id}: {spec.help.rstrip('.')}" for spec in TABS)
    parser.add_argument(
        "--tab",
        choices=[spec.id for spec in TABS],
        default="",
        help=_("the tab to show at first; by default, the one shown last. {tabs}").format(tabs=tabs),
    )
    parser.add_argument("--version", action="version", version=f"cadl-gui {__version__}")
    return parser.parse_args(argv)


def _leave_with(reason: str) -> None:
    """Show an error message and exit, because Qt is about to abort, for example for lack of a display."""
    show_fatal_error(
        _("No window can open here: {reason}.").format(reason=reason.splitlines()[0].rstrip("."))
    )
    logging.shutdown()
    os._exit(1)


def _prepared_theme(application: "QApplication", settings: "Settings") -> "Theme":
    from cadl_gui.ui.theme.theme import Theme

    theme = Theme(settings.theme_mode, details=settings.details, reduce_motion=settings.reduce_motion)
    theme.prepare(application)
    return theme


def _keep_interpreter_free(engine: "Engine", window: "MainWindow") -> None:
    """Prevent computing threads from delaying the interface's thread, or from deleting its objects."""
    from cadl_gui.ui.window.garbage_collection import GarbageCollection

    # Threads release the interpreter after 1 ms instead of 5 ms.
    sys.setswitchinterval(0.001)
    GarbageCollection(engine, window)


def _training_backend() -> "TrainingBackend":
    """Create the training backend; called in the training thread, which may block while TensorFlow loads."""
    from cadl_gui.training.shared_library import load_ahead

    began = time.monotonic()
    own_library_settings(keras_folder())
    with gc_paused():
        load_ahead()
        from cadl_gui.saved.backend import Training

        backend = Training()
    # TensorFlow would warn about its own internals on standard error.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    _log.info("TensorFlow was there after %.1f s", time.monotonic() - began)
    return backend


def _inference_backend() -> "InferenceBackend":
    """Create the inference backend; called in the inference thread, before TensorFlow is imported."""
    from cadl_gui.inference.inference_service import InferenceService

    return InferenceService(has_tensorflow=False)


def _read_early(request: "OpenFile") -> "RunOpened | None":
    """Read a run folder; called in the training thread, before TensorFlow is imported."""
    from cadl_gui.saved.opened import read_without_tensorflow

    return read_without_tensorflow(request)


def _dataset_backend() -> "AnsweringBackend":
    """Create what answers about datasets; called in the dataset thread, before TensorFlow is imported."""
    from cadl_gui.datasets.dataset_service import DatasetService

    return DatasetService()


def _shut_down(engine: "Engine", timeout_ms: int) -> None:
    if engine.shut_down(timeout_ms):
        return
    _log.warning("TensorFlow was busy; leaving without waiting for it")
    # Returning would destroy a running QThread, which aborts. This closure keeps the engine alive until the
    # interpreter ends; if its threads are still running then, the process exits at once.
    atexit.register(_leave_if_busy, engine)


def _leave_if_busy(engine: "Engine") -> None:
    if engine.is_running:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
