"""Tells a sender how far a receiver has come."""

from PySide6.QtCore import QObject, Signal, Slot


class Receipt(QObject):
    """Lives in the receiver's thread and is connected after it: its turn comes when the receiver is done.

    Signals:
        given: the receiver has taken one more.
    """

    given = Signal()

    @Slot()
    def give(self) -> None:
        """One more has been taken."""
        self.given.emit()
