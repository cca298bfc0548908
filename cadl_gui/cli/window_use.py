"""Uses a window of the program from a command: with settings of its own, until conditions hold."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cadl_gui.domain.errors import CadlError
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.ui.window.main_window import MainWindow

_Value = TypeVar("_Value")

_LOOKS_EVERY_MS = 10


@contextmanager
def settings_in(folder: Path) -> Iterator[None]:
    """Let a window have settings of its own, in a folder."""
    from PySide6.QtCore import QSettings

    before = QSettings.defaultFormat()
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    try:
        yield
    finally:
        QSettings.setDefaultFormat(before)


def wait_for(
    condition: Callable[[], _Value | None], window: "MainWindow", seconds: float, began: float | None = None
) -> _Value:
    """Let the program run until a condition holds, and return its value.

    Args:
        seconds: time limit.
        began: when it began, of `time.monotonic`; by default, now.

    Raises:
        CadlError: if the window closes, or the time limit is reached.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    loop, began = QEventLoop(), time.monotonic() if began is None else began
    while not (value := condition()):
        if not window.isVisible():
            raise CadlError(_("the window closed"))
        if time.monotonic() - began > seconds:
            raise CadlError(_("it was not done after {seconds:.0f} s").format(seconds=seconds))
        QTimer.singleShot(_LOOKS_EVERY_MS, loop.quit)
        if loop.exec():
            raise CadlError(_("it was interrupted"))
    return value
