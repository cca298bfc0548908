"""Work that takes longer than a frame and asks no network."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

_running: set["Aside"] = set()


class Aside(QObject):
    """Does one deed in a thread of its own, while the window goes on; outlives whoever started it.

    It lives, tells and dies in the thread that made it.

    Args:
        deed: touches nothing that Qt shows. Its errors are its own to tell: others are uncaught.

    Signals:
        done: (object) what it gave.
    """

    done = Signal(object)
    _ended = Signal()

    def __init__(self, deed: Callable[[], Any]) -> None:
        super().__init__()
        self._deed = deed
        self._values: list[Any] = []
        self._thread = Thread(target=self._run, name="aside")
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin; it is kept alive until the deed is done."""
        _running.add(self)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._values.append(self._deed())
        finally:
            self._ended.emit()

    @Slot()
    def _on_ended(self) -> None:
        self._thread.join()  # else its last steps could outlast the references here, and destroy this object
        _running.remove(self)
        for value in self._values:
            self.done.emit(value)
