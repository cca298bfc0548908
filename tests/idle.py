"""Waits until engine and window have nothing left to do, however slow the machine is."""

import time

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from cadl_gui.engine.receipt import Receipt

_SOON_MS = 600
"""Timers that fire later than that are not waited for, such as those that store drawings."""

_ROUNDS = 2
"""Quiet round trips that are needed: what arrives in the first may have made a receiver ask for more."""

_LOOK_MS = 5


class RoundTrip(QObject):
    """Sends a message to each thread of the engine, and back.

    A thread handles what it is sent in order. So once a message is back, whatever was sent before it has been
    handled, and its results were delivered: also commands that nobody counts, such as renaming a run.

    Args:
        engine: the engine, with which this ends; the threads hold parts of it.
    """

    sent = Signal()

    def __init__(self, engine):
        super().__init__(engine)
        self._receipts = []
        self._n_away = 0
        for thread in engine.threads:
            receipt = Receipt()
            receipt.moveToThread(thread)
            self.sent.connect(receipt.give, Qt.ConnectionType.QueuedConnection)
            receipt.given.connect(self._on_given, Qt.ConnectionType.QueuedConnection)
            self._receipts.append(receipt)

    def start(self):
        """Send the messages, whether or not earlier ones are back."""
        self._n_away += len(self._receipts)
        self.sent.emit()

    def is_back(self):
        """Whether all messages have come back."""
        return not self._n_away

    @Slot()
    def _on_given(self):
        self._n_away -= 1


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


def busy_parts(engine):
    """The parts of the engine for which a request, a job or a training is under way."""
    parts = (engine.inference, engine.datasets, engine.jobs, engine.training)
    return [type(part).__name__ for part in parts if not part.is_idle]


def _unrest(engine, windows):
    """Tell what is not at rest: parts of the engine, and timers by their owners."""
    owners = [f"{timer.parent()!r} in {timer.remainingTime()} ms" for timer in timers(*windows)]
    return f"it does not come to rest: {', '.join(busy_parts(engine) + owners) or 'nothing that is known'}"


def _is_quiet(engine, windows, deadline):
    """Let everything have one turn, and return whether nothing was or has become due."""
    was_quiet = not due(*windows)
    unfired = {timer for timer in timers(*windows) if not timer.isSingleShot()}
    for timer in unfired:
        timer.timeout.connect(lambda timer=timer: unfired.discard(timer))
    trip, n_quiet = engine.findChild(RoundTrip) or RoundTrip(engine), 0
    while n_quiet < _ROUNDS:
        trip.start()
        _wait(trip.is_back, deadline, lambda: _unrest(engine, windows))
        n_quiet = 0 if busy_parts(engine) else n_quiet + 1
    _wait(
        lambda: not any(isValid(each) and each.isActive() for each in unfired),
        deadline,
        lambda: f"{_unrest(engine, windows)}; unfired {len(unfired)}",
    )
    return was_quiet and not busy_parts(engine) and not due(*windows)


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
