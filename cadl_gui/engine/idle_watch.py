"""Finds out when the engine has nothing left to do."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from cadl_gui.engine.receipt import Receipt

_ROUNDS = 2
"""Quiet round trips that are needed: what arrives in the first may have made a receiver ask for more."""

_EVERY_MS = 5
"""Pause between two round trips."""


class IdleWatch(QObject):
    """Sends a message to each thread and back, again and again, until nothing is under way.

    A thread handles what it is sent in order. So once a message is back, whatever was sent before it has been
    handled, and its results were delivered: also commands that nobody counts, such as renaming a run.

    Args:
        threads: the engine's threads.
        is_busy: whether a request, a job or a training is under way.

    Signals:
        idle: everything that was asked for before `start`, and all that followed from it, is done.
    """

    idle = Signal()
    _sent = Signal()

    def __init__(self, threads: Iterable[QThread], is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._is_busy = is_busy
        self._receipts = []
        for thread in threads:
            receipt = Receipt()
            receipt.moveToThread(thread)
            self._sent.connect(receipt.give, Qt.ConnectionType.QueuedConnection)
            receipt.given.connect(self._on_given, Qt.ConnectionType.QueuedConnection)
            self._receipts.append(receipt)
        self._n_away = self._n_quiet = 0
        self._next = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._next.timeout.connect(self._send)

    def start(self) -> None:
        """Look for rest, from now on; `idle` is emitted once, if the threads are running."""
        self._n_quiet = -1 if self._n_away else 0  # the round trip under way began earlier
        self._next.start()

    @Slot()
    def _send(self) -> None:
        if not self._n_away:
            self._n_away = len(self._receipts)
            self._sent.emit()

    @Slot()
    def _on_given(self) -> None:
        self._n_away -= 1
        if self._n_away:
            return
        self._n_quiet = self._n_quiet + 1 if self._n_quiet < 0 or not self._is_busy() else 0
        if self._n_quiet == _ROUNDS:
            self.idle.emit()
        elif not self._next.isActive():
            self._next.start()
