"""What the views that paint themselves have in common, so that each of them fits into a `FigurePanel`."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_LARGE_PX

_HINT_PX = QSize(280, 280)
_MINIMUM_PX = QSize(112, 112)


class FigureView(QWidget):
    """Paints its content at the top left, or a sentence where there is none; tells what the pointer is on.

    Abstract: a view says where its content is, paints it and puts it into words.

    Args:
        theme: for colours and type.
        empty_text: what is shown as long as there is no content: a sentence that says what to do.

    Signals:
        pointer_text: (str) what is under the pointer; "" once it has left.
    """

    pointer_text = Signal(str)

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sentence = empty_text
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def render_image(self, scale: float) -> QImage:
        """The content as it is shown, `scale` image pixels to each of the view, and nothing around it."""
        area = self._content_area(scale)
        size = (area.size() * scale).toSize() if not area.isEmpty() else self.size() * scale
        image = QImage(size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        painter = QPainter(image)
        self._paint(painter, scale)
        painter.end()
        return image

    def sizeHint(self) -> QSize:
        """Room for a montage of a hundred digits."""
        return _HINT_PX

    def minimumSizeHint(self) -> QSize:
        """Small enough for a narrow window."""
        return _MINIMUM_PX

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """The content, or the sentence in its place."""
        painter = QPainter(self)
        self._paint(painter, self.devicePixelRatioF())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the pointer."""
        self._pointer = event.position()
        self._tell_pointer()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._pointer = None
        self.pointer_text.emit("")

    def _content_area(self, ratio: float) -> QRectF:
        """Where the content is, from the view's top left corner on; empty if there is none.

        Args:
            ratio: device pixels to each of the view, whose edges count.
        """
        raise NotImplementedError

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        """Paint into the content's area; called only if it is not empty."""
        raise NotImplementedError

    def _text_at(self, place: QPointF) -> str:
        """What is at that place, in words; "" where there is nothing."""
        raise NotImplementedError

    def _show_anew(self) -> None:
        """The content is another: paint it, and say what is under a pointer that rests."""
        self.update()
        self._tell_pointer()

    def _tell_pointer(self) -> None:
        if self._pointer is not None:
            self.pointer_text.emit(self._text_at(self._pointer))

    def _paint(self, painter: QPainter, ratio: float) -> None:
        painter.fillRect(self.rect(), QColor(self._theme.colours.window))
        if self._content_area(ratio).isEmpty():
            self._paint_sentence(painter)
            return
        self._paint_content(painter, ratio)

    def _paint_sentence(self, painter: QPainter) -> None:
        """On a bed as large as a square picture would be."""
        side = min(self.width(), self.height())
        bed = QRect(0, 0, side, side)
        painter.fillRect(bed, QColor(self._theme.colours.plot))
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("body"))
        text = bed.adjusted(GAP_LARGE_PX, GAP_LARGE_PX, -GAP_LARGE_PX, -GAP_LARGE_PX)
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._sentence)
