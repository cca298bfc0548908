"""The tabs of the window.

Notifications and the bar of bends lie beside the tabs: in the layout they would move the canvas from under
the pen, and over the foot of the page they would cover controls.
"""

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from cadl_gui.ui.theme.tokens import GAP_PX


class TabWidget(QTabWidget):
    """A `QTabWidget` that ignores layout requests that would change no size.

    Otherwise Qt would lay out the window and repaint the whole page whenever a number in a caption changes:
    with every event while a timeline is dragged or the pointer moves.

    Transient widgets can be placed in the free space beside the tabs, where they neither move anything away
    from under the pointer nor cover a control.
    """

    def __init__(self) -> None:
        super().__init__()
        self._needed = (QSize(), QSize())
        self._beside: list[QWidget] = []
        self._lasting: list[QWidget] = []
        self._notice: QWidget | None = None

    def add_beside(self, widget: QWidget, *, gives_way: bool = False) -> None:
        """Place a widget, initially hidden, beside the tabs and on top of those added before it.

        Args:
            gives_way: whether a notice may cover it.
        """
        self._beside.append(widget)
        self._lasting += [] if gives_way else [widget]
        widget.setParent(self)
        self._place_beside()

    def set_notice(self, widget: QWidget) -> None:
        """Place a widget, initially hidden, beside the tabs too, or at the foot while it is too high."""
        self._notice = widget
        widget.setParent(self)
        self._place_beside()

    def tabInserted(self, index: int) -> None:  # noqa: N802 (Qt)
        """Reposition the widgets beside the tabs at once, in case of a click before the next layout."""
        super().tabInserted(index)
        self._place_beside()

    def showEvent(self, event: QShowEvent) -> None:
        """Reposition the widgets beside the tabs, which now have their final size."""
        super().showEvent(event)
        self._place_beside()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Resize the widgets beside the tabs."""
        super().resizeEvent(event)
        self._place_beside()

    def event(self, event: QEvent) -> bool:
        """Ignore a layout request that would change no size; reposition the widgets beside the tabs."""
        if event.type() != QEvent.Type.LayoutRequest:
            return super().event(event)
        needed = self.minimumSizeHint(), self.tabBar().sizeHint()
        done = needed == self._needed or super().event(event)
        self._needed = needed
        self._place_beside()
        return done

    def _place_beside(self) -> None:
        needed = self.tabBar().sizeHint()
        left, corner = needed.width() + GAP_PX, self.cornerWidget()
        right = self.width() - (0 if corner is None or corner.isHidden() else corner.width())
        place = QRect(left, 0, max(0, right - left), needed.height())
        for widget in self._beside:
            widget.setGeometry(place)
            widget.raise_()
        if self._notice is not None:
            is_taken = any(widget.isVisible() for widget in self._lasting)
            if is_taken or self._notice.heightForWidth(place.width()) > place.height():
                height = self._notice.heightForWidth(self.width())
                place = QRect(0, self.height() - height, self.width(), height)
            self._notice.setGeometry(place)
            self._notice.raise_()
