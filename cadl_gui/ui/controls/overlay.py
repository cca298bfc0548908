"""What lies over another widget follows its size and its place."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Slot
from PySide6.QtWidgets import QWidget


class Overlay(QObject):
    """Keeps a widget over another one.

    Args:
        widget: lies over it, and owns this.
        covered: the other one: the widget's parent, or its sibling.
        place: returns where the first lies over the second; without it, all over its parent.
    """

    def __init__(
        self,
        widget: QWidget,
        covered: QWidget,
        place: Callable[[QWidget, QWidget], QRect] = lambda _, covered: covered.rect(),
    ) -> None:
        super().__init__(widget)
        self._covered, self._place = covered, place
        covered.installEventFilter(self)
        self.follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move} and watched is self._covered:
            self.follow()
        return False

    @Slot()
    def follow(self) -> None:
        """Lie where it belongs now."""
        widget = self.parent()
        assert isinstance(widget, QWidget), "it owns this"
        widget.setGeometry(self._place(widget, self._covered))
