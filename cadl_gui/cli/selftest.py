"""`cadl selftest`: proves that a build works, by using it."""

import argparse
import atexit
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.domain.errors import CadlError

if TYPE_CHECKING:
    from cadl_gui.engine.engine import Engine
    from cadl_gui.ui.shell.main_window import MainWindow

_HANGS_AFTER_SECONDS = 1200.0
"""For everything together. Each step has its own limit, but a window that hangs cannot look at a clock."""


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "selftest", help="open the window, use it, and report whether all checks passed"
    )
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Use the real window as a hand would, telling each step that worked and how long it took.

    Settings and runs go to a scratch folder. Where there is no display, and QT_QPA_PLATFORM does not say
    otherwise, the window is painted into memory.

    Raises:
        CadlError: with a sentence on the first step that did not work.
    """
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    watchdog = threading.Timer(_HANGS_AFTER_SECONDS, _give_up)
    watchdog.daemon = True
    watchdog.start()
    try:
        # Windows keeps files that a library still holds open; the system clears its scratch folder itself.
        with tempfile.TemporaryDirectory(prefix="cadl selftest ", ignore_cleanup_errors=True) as scratch:
            _use_window(arguments, Path(scratch))
    except OSError as error:
        raise CadlError(f"The self-test needs a folder to write to: {error.strerror or error}.") from error
    finally:
        watchdog.cancel()
    emit(arguments, "All checks passed.", ok=True)


def _use_window(arguments: argparse.Namespace, scratch: Path) -> None:
    from PySide6.QtCore import QSettings

    from cadl_gui.app import show_window
    from cadl_gui.cli.selftest_driver import UiDriver
    from cadl_gui.cli.selftest_runner import StepRunner
    from cadl_gui.cli.selftest_steps import steps

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(scratch / "settings"))
    runners: list[StepRunner] = []
    engines: list[Engine] = []
    began = time.monotonic()

    def report(name: str, seconds: float) -> None:
        emit(arguments, f"{name:44} {seconds:6.2f} s", step=name, seconds=round(seconds, 3))

    def attend(window: "MainWindow", engine: "Engine") -> None:
        report("open the window", time.monotonic() - began)
        engines.append(engine)
        runners.append(StepRunner(steps(), UiDriver(window, engine, scratch), report))

    show_window([], scratch / "runs", attend=attend)
    if not runners:
        raise CadlError("The window closed before it was painted.")
    try:
        runners[0].conclude()
    except CadlError:
        atexit.register(_fail_if_busy, engines[0])
        raise


def _fail_if_busy(engine: "Engine") -> None:
    """Leave with the status of a failure where TensorFlow is inside something that nothing can interrupt.

    Handlers of the exit run last in, first out: this one before the program's own, which leaves with 0.
    """
    if engine.is_running:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)


def _give_up() -> None:
    """Leave although the window hangs, and nothing in this process can close it."""
    message = f"The self-test hangs: it was not done after {_HANGS_AFTER_SECONDS:.0f} s."
    print(message, file=sys.stderr, flush=True)
    os._exit(1)
