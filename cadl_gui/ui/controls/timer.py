"""A timer that is connected when it is made."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

REFRESH_MS = 33
"""A frame's time: what is painted for answers that arrive one after the other is painted no more often."""


class Timer(QTimer):
    """Calls a slot some time after it was started: once, or again and again.

    Args:
        parent: The parent.
        slot: A slot of a QObject.
        ms: The time in ms.
        repeats: Whether it goes on until it is stopped.
    """

    def __init__(
        self, parent: QObject, slot: Callable[[], object], ms: int = 0, *, repeats: bool = False
    ) -> None:
        super().__init__(parent, singleShot=not repeats, interval=ms)
        self.timeout.connect(slot)

    def plan(self) -> None:
        """Start, unless that is planned already: what is wanted again meanwhile does not put it off."""
        if not self.isActive():
            self.start()
