"""The tabs of the window."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QTabWidget, QWidget


class PageTabs(QTabWidget):
    """A `QTabWidget` that stays as it is when a page lays itself out anew and needs no other room.

    Qt would lay out the window and paint the whole page whenever a number in a caption changes: with every
    event while a timeline is dragged or the pointer moves.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needed = (QSize(), QSize())

    def event(self, event: QEvent) -> bool:
        """Pass over a request for a layout that would be the same."""
        if event.type() == QEvent.Type.LayoutRequest:
            needed = self.minimumSizeHint(), self.tabBar().sizeHint()
            if needed == self._needed:
                return True
            self._needed = needed
        return super().event(event)
