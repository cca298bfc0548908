"""The base class of figures that may be higher than their room."""

from functools import reduce

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QToolTip

from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.theme import Theme

_POINTING = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}


class ScrolledFigure(FigureView):
    """Scrolls by wheel, keys and a scroll bar where the content is higher than the view; renders all of it.

    What an item tells beside the pointer is shown there, however little of it fits into the figure.

    Abstract. A subclass calls `_set_height` in `_fit`; its items are where they would be without scrolling.

    Args:
        theme: for colours and fonts.
        empty_text: shown while there is no content.
    """

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._is_rendering = False
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName(_("Scroll"))
        self._bar.hide()
        self._bar.valueChanged.connect(self._on_scrolled)

    def render_image(self, scale: float) -> QImage:
        """Render the whole content, also what is not in sight."""
        self._is_rendering = True
        try:
            return super().render_image(scale)
        finally:
            self._is_rendering = False

    def scroll_to_start(self) -> None:
        """Show where the content begins."""
        self._bar.setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll if necessary."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, if there is more than fits."""
        if self._bar.isHidden():
            event.ignore()
        else:
            self._bar.event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by the arrow and page keys; point to the left and right, and click."""
        if self._bar.isHidden() or event.key() in _POINTING:
            super().keyPressEvent(event)
        else:
            self._bar.event(event)

    def event(self, event: QEvent) -> bool:
        """Show what the item under the pointer tells beside it."""
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().event(event)
        item = self._item_at(QPointF(event.pos()))
        QToolTip.showText(event.globalPos(), "" if item is None else plain_tip(item.beside), self)
        return True

    def _content_area(self, ratio: float) -> QRectF:
        return reduce(QRectF.united, (item.rect for item in self.items(ratio)))

    def _prepare(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Call `_set_height`, after a change of the content or of the view's size."""
        raise NotImplementedError

    @Slot()
    def _on_scrolled(self) -> None:
        self.update()
        self._send_hover_text()  # something else is under the pointer

    @property
    def _bar_width(self) -> int:
        return self._bar.sizeHint().width()

    @property
    def _scrolled(self) -> QPointF:
        return QPointF(0, 0 if self._is_rendering else self._bar.value())

    def _set_height(self, height: int, step: int) -> None:
        """Set the height of the content, and of one step of the scroll bar."""
        beyond = height - self.height()
        self._bar.setGeometry(self.width() - self._bar_width, 0, self._bar_width, self.height())
        self._bar.setRange(0, max(0, beyond))
        self._bar.setPageStep(self.height())
        self._bar.setSingleStep(max(1, step))
        self._bar.setVisible(beyond > 0)
