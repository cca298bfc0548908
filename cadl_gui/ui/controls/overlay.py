"""What lies over another widget follows its size and its place."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Slot
from PySide6.QtWidgets import QWidget


class Overlay(QObject):
    """Keeps a widget over another one.

    Args:
        widget: lies over it, and owns this.
        covered: the other one: the widget's parent, or its sibling.
        place: returns where it lies, in its parent; without it, all over a parent.
    """

    def __init__(self, widget: QWidget, covered: QWidget, place: Callable[[], QRect] | None = None) -> None:
        super().__init__(widget)
        self._widget, self._covered, self._place = widget, covered, place
        covered.installEventFilter(self)
        self.follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move} and watched is self._covered:
            self.follow()
        return False

    @Slot()
    def follow(self) -> None:
        """Lie where it belongs now."""
        self._widget.setGeometry(self._covered.rect() if self._place is None else self._place())
