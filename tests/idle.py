"""Waits until engine and window have nothing left to do, however slow the machine is."""

import time

from PySide6.QtCore import QEventLoop, QObject, QTimer
from shiboken6 import isValid

_SOON_MS = 600
"""Timers that fire later than that are not waited for, such as those that store drawings."""

_LOOK_MS = 5


def wait_until_idle(engine, *windows, most_s=60.0):
    """Wait until all that was asked for until now is done and shown, and all that follows from it.

    No request is in flight, no job runs, no training takes turns, every command to a thread was obeyed, no
    single timer is due soon, each repeated timer has fired once more, and all events have been handled.

    Args:
        engine: the engine; its threads have been started.
        *windows: windows, or other objects, whose timers are waited for.
        most_s: how long it may take.

    Raises:
        TimeoutError: if it takes longer, because something goes on and on; says what.
    """
    deadline = time.monotonic() + most_s
    while not _is_quiet(engine, windows, deadline):
        pass


def _unrest(engine, windows):
    """Tell what is not at rest: parts of the engine, and timers by their owners."""
    parts = (engine.inference, engine.datasets, engine.jobs, engine.training)
    busy = [type(part).__name__ for part in parts if not part.is_idle]
    owners = [f"{timer.parent()!r} in {timer.remainingTime()} ms" for timer in timers(*windows)]
    return f"it does not come to rest: {', '.join(busy + owners) or 'nothing that is known'}"


def _is_quiet(engine, windows, deadline):
    """Let everything have one turn, and return whether nothing was or has become due."""
    was_quiet = not due(*windows)
    unfired = {timer for timer in timers(*windows) if not timer.isSingleShot()}
    for timer in unfired:
        timer.timeout.connect(lambda timer=timer: unfired.discard(timer))
    reported = []
    engine.idle.connect(lambda: reported.append(1))
    engine.report_idle()
    _wait(
        lambda: reported and not any(isValid(each) and each.isActive() for each in unfired),
        deadline,
        lambda: _unrest(engine, windows) + f"; reported {len(reported)}, unfired {len(unfired)}",
    )
    return was_quiet and engine.is_idle and not due(*windows)


def due(*windows):
    """The single timers that fire soon."""
    return [timer for timer in timers(*windows) if timer.isSingleShot() and timer.remainingTime() < _SOON_MS]


def timers(*windows: QObject):
    """The active timers of windows, but for slow ones, as of the status bar's message."""
    found = (timer for window in windows for timer in window.findChildren(QTimer))
    return [
        timer for timer in found if timer.isActive() and (timer.isSingleShot() or timer.interval() < _SOON_MS)
    ]


def _wait(condition, deadline, tell):
    """Handle all events until a condition holds."""
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(tell())
        loop = QEventLoop()
        QTimer.singleShot(_LOOK_MS, loop.quit)
        loop.exec()
