"""Lets what would disturb a stroke or a drag wait for its end."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent, QTabletEvent, QWindow

_FINGER_IS_DOWN = {QEvent.Type.TouchBegin: True, QEvent.Type.TouchEnd: False, QEvent.Type.TouchCancel: False}


class PenWatch(QObject):
    """Knows whether a mouse button, a pen or a finger is down on a window.

    Args:
        window: the window; owns this object.
    """

    def __init__(self, window: QWindow) -> None:
        super().__init__(window)
        self._is_down = False
        self._waiting: Callable[[], object] | None = None
        window.installEventFilter(self)

    @property
    def is_down(self) -> bool:
        """Whether anything is down."""
        return self._is_down

    def call_when_lifted(self, do: Callable[[], object]) -> None:
        """Call a function once: now, or when nothing is down any more."""
        self._waiting = do
        self._call_if_lifted()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note what is pressed and released, and let the window handle it first."""
        if isinstance(event, QMouseEvent | QTabletEvent):
            self._is_down = event.buttons() != Qt.MouseButton.NoButton
        else:
            self._is_down = _FINGER_IS_DOWN.get(event.type(), self._is_down)
        self._call_if_lifted()
        return super().eventFilter(watched, event)

    def _call_if_lifted(self) -> None:
        if self._waiting is not None and not self._is_down:
            do, self._waiting = self._waiting, None
            do()
