"""A timer that limits how often something is painted."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_REFRESH_MS = 33


class RefreshTimer(QTimer):
    """Calls a slot soon after it is wanted, once a frame at most, however often answers arrive.

    Args:
        refresh: A method of a QObject.
        parent: The parent.
    """

    def __init__(self, refresh: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent, singleShot=True, interval=_REFRESH_MS)
        self.timeout.connect(refresh)

    def plan(self) -> None:
        """Call the slot within a frame, unless that is planned already."""
        if not self.isActive():
            self.start()
