"""Acknowledges the events that a receiver in another thread has handled."""

from PySide6.QtCore import QObject, Signal, Slot


class Receipt(QObject):
    """Lives in the receiver's thread and is connected after it, so that it runs once the receiver is done.

    Signals:
        given: the receiver has handled one more emission.
    """

    given = Signal()

    @Slot()
    def give(self) -> None:
        """Emit `given`."""
        self.given.emit()
