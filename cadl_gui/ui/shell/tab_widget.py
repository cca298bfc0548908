"""The tabs of the window."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from cadl_gui.ui.theme.tokens import GAP_PX


class TabWidget(QTabWidget):
    """A `QTabWidget` that stays as it is when a page lays itself out anew and needs no other room.

    Qt would lay out the window and paint the whole page whenever a number in a caption changes: with every
    event while a timeline is dragged or the pointer moves.

    What comes and goes by itself may lie beside the tabs, where nothing else is: it moves nothing away from
    under the pointer.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needed = (QSize(), QSize())
        self._beside: list[QWidget] = []

    def add_beside(self, widget: QWidget) -> None:
        """Lay a widget, hidden at first, beside the tabs and over those that were added before it."""
        self._beside.append(widget)
        widget.setParent(self)
        self._place_beside()

    def tabInserted(self, index: int) -> None:  # noqa: N802 (Qt)
        """The tabs take more room from now on, also for who clicks before they are laid out."""
        super().tabInserted(index)
        self._place_beside()

    def showEvent(self, event: QShowEvent) -> None:
        """The tabs have their size from now on."""
        super().showEvent(event)
        self._place_beside()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What lies beside the tabs has another width."""
        super().resizeEvent(event)
        self._place_beside()

    def event(self, event: QEvent) -> bool:
        """Pass over a request for a layout that would be the same; else the tabs may have another width."""
        if event.type() != QEvent.Type.LayoutRequest:
            return super().event(event)
        needed = self.minimumSizeHint(), self.tabBar().sizeHint()
        if needed == self._needed:
            return True
        self._needed = needed
        done = super().event(event)
        self._place_beside()
        return done

    def _place_beside(self) -> None:
        needed = self.tabBar().sizeHint()
        left = needed.width() + GAP_PX
        for widget in self._beside:
            widget.setGeometry(left, 0, max(0, self.width() - left), needed.height())
            widget.raise_()
