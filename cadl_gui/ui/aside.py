"""Work that takes longer than a frame and asks no network."""

import logging
from collections.abc import Callable
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)


class Aside(QObject):
    """Does one deed in a thread of its own, while the window goes on; outlives whoever started it.

    Args:
        deed: touches nothing that Qt shows. Its errors are its own to tell: others go to the log.

    Signals:
        done: (object) what it gave, heard in the thread of whoever listens.
    """

    done = Signal(object)

    def __init__(self, deed: Callable[[], Any]) -> None:
        super().__init__()
        self._deed = deed

    def start(self) -> None:
        """Begin; the thread keeps this object alive until the deed is done."""
        Thread(target=self._run, name="aside").start()

    def _run(self) -> None:
        try:
            value = self._deed()
        except Exception:
            _log.exception("Something that was done aside failed")
            raise
        self.done.emit(value)
