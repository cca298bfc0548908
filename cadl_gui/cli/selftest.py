"""`cadl selftest`: checks that a build works, by using it."""

import argparse
import atexit
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cadl_gui.cli.display import without_display
from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.domain.errors import CadlError

if TYPE_CHECKING:
    from cadl_gui.engine.engine import Engine
    from cadl_gui.ui.shell.main_window import MainWindow

_HANGS_AFTER_SECONDS = 1200.0
"""Limit for the whole test. Each step has its own limit, but a window that hangs cannot check it."""


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "selftest", help="open the window, use it, and report whether all checks passed"
    )
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Use the real window as a user would, and print each successful step with its duration.

    Settings and runs go to a scratch folder. On Linux without a display, the window is rendered offscreen
    unless QT_QPA_PLATFORM is set.

    Raises:
        CadlError: if a step fails; the message names the first one.
    """
    without_display()
    watchdog = threading.Timer(_HANGS_AFTER_SECONDS, _give_up)
    watchdog.daemon = True
    watchdog.start()
    try:
        # Windows cannot delete files that a library still holds open; it clears the scratch folder itself.
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
    """Exit with status 1 if TensorFlow is busy with something that cannot be interrupted.

    Exit handlers run last in, first out: this one precedes the program's own, which exits with status 0.
    """
    if engine.is_running:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)


def _give_up() -> None:
    """Exit although the window hangs and cannot be closed."""
    message = f"The self-test hangs: it was not done after {_HANGS_AFTER_SECONDS:.0f} s."
    print(message, file=sys.stderr, flush=True)
    os._exit(1)
