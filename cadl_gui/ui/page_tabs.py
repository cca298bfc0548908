"""The tabs of the window."""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from cadl_gui.ui.theme.tokens import GAP_PX


class PageTabs(QTabWidget):
    """A `QTabWidget` that stays as it is when a page lays itself out anew and needs no other room.

    Qt would lay out the window and paint the whole page whenever a number in a caption changes: with every
    event while a timeline is dragged or the pointer moves.

    What comes and goes by itself takes no room of a page, so that nothing moves away from under the pointer:
    it lies beside the tabs, where nothing else is, or over the foot of the page.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needed = (QSize(), QSize())
        self._beside: list[QWidget] = []
        self._foot: QWidget | None = None

    def add_beside(self, widget: QWidget) -> None:
        """Lay a widget, hidden at first, beside the tabs and over those that were added before it."""
        self._beside.append(widget)
        self._adopt(widget)

    def set_foot(self, widget: QWidget) -> None:
        """Lay a widget, hidden at first, over the foot of the page, as high as it needs to be."""
        self._foot = widget
        self._adopt(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything keeps its place."""
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What lies over the page may need another height, and the tabs another width."""
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show}:
            self._place()
        return super().eventFilter(watched, event)

    def _adopt(self, widget: QWidget) -> None:
        widget.setParent(self)
        for watched in (widget, self.tabBar()):
            watched.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        left, height = self.tabBar().sizeHint().width() + GAP_PX, self.tabBar().sizeHint().height()
        for widget in self._beside:
            widget.setGeometry(left, 0, max(0, self.width() - left), height)
            widget.raise_()
        if self._foot is not None:
            needed = self._foot.heightForWidth(self.width())
            needed = needed if needed >= 0 else self._foot.sizeHint().height()
            self._foot.setGeometry(0, self.height() - needed, self.width(), needed)
            self._foot.raise_()

    def event(self, event: QEvent) -> bool:
        """Pass over a request for a layout that would be the same."""
        if event.type() == QEvent.Type.LayoutRequest:
            needed = self.minimumSizeHint(), self.tabBar().sizeHint()
            if needed == self._needed:
                return True
            self._needed = needed
        return super().event(event)
