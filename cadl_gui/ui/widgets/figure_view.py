"""The base of all figures that paint themselves, so that each of them fits into a `FigurePanel`."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cadl_gui.imaging.weights.colour_map import coloured
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_LARGE_PX
from cadl_gui.ui.widgets.array_image import array_image
from cadl_gui.ui.widgets.colour_legend import Legend, legend_height, paint_legend

_HINT_PX = QSize(280, 280)
_MINIMUM_PX = QSize(112, 112)


class FigureView(QWidget):
    """Paints its content at the top left, or a sentence where there is none; tells what the pointer is on.

    It paints anew, and says anew what is under the pointer, whenever the theme or a display option changes.
    Abstract: a figure calls `_refresh` when it is to show something else, and overrides only what it shows:

    - `_is_empty`, `_content_area`: whether there is something, and where; by default there is, everywhere.
    - `_prepare`: what is made once, not at each painting: `_grey_or_rgb_image` and `_coloured_image` make
      images in the colours that hold.
    - `_paint_content`: what is seen.
    - `_legend`: the scale of its colours, if they have one; `_legend_height` is its room.
    - `_text_at`: what is at a place, in words.
    - `_in_words`: all of it for someone who does not see it.

    Copying, saving and holding show what is seen (`render_image`).

    Args:
        theme: for colours and type.
        empty_text: what is shown as long as there is no content: a sentence that says what to do.

    Signals:
        hover_text: (str) what is under the pointer; "" once it has left.
    """

    hover_text = Signal(str)

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._message = empty_text
        self._pointer: QPointF | None = None
        self.setAccessibleDescription(empty_text)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._refresh)
        theme.display.changed.connect(self._refresh)

    def render_image(self, scale: float) -> QImage:
        """The content as it is shown, `scale` image pixels to each of the view, and nothing around it."""
        area = QRectF() if self._is_empty() else self._content_area(scale)
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
        self._emit_hover_text()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._pointer = None
        self.hover_text.emit("")

    def _is_empty(self) -> bool:
        """Whether there is nothing to show, so that the sentence says what to do."""
        return False

    def _content_area(self, ratio: float) -> QRectF:  # noqa: ARG002 (the same at every resolution)
        """Where the content is, from the view's top left corner on; asked only if there is some.

        Args:
            ratio: device pixels to each of the view, whose edges count.
        """
        return QRectF(self.rect())

    def _prepare(self) -> None:
        """Make what is painted again and again: what is shown, the theme or a display option is another."""

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        """Paint into the content's area; called only if there is some."""
        raise NotImplementedError

    def _legend(self, ratio: float) -> Legend | None:  # noqa: ARG002 (most have none)
        """The scale of its colours, painted over the content; asked only if there is some."""
        return None

    def _text_at(self, place: QPointF) -> str:  # noqa: ARG002 (not every figure tells)
        """What is at that place, in words, "" where there is nothing; asked only if there is some content."""
        return ""

    def _in_words(self) -> str:
        """The content for a screen reader; asked only if there is some."""
        return ""

    @property
    def _legend_height(self) -> int:
        return legend_height(self._theme)

    def _grey_or_rgb_image(self, pixels: NDArray[np.uint8]) -> QImage:
        """An image of a dataset, (height, width, 1 or 3) uint8, black for white if it is *Ink on paper*."""
        return array_image(pixels, inverted=self._theme.display.inverted)

    def _coloured_image(self, indices: NDArray[np.uint16], background: str | None = None) -> QImage:
        """Signed numbers in the chosen colours.

        Args:
            indices: (height, width), from `colour_indices`, or `EMPTY`.
            background: colour of what is empty; by default the window's.
        """
        empty = QColor(background or self._theme.colours.window)
        rgb = empty.red(), empty.green(), empty.blue()
        return array_image(coloured(indices, self._theme.display.colour_map, rgb))

    @Slot()
    def _refresh(self) -> None:
        """What is shown is another: paint it, put it into words, say what is under a pointer that rests."""
        self._prepare()
        self._describe()
        self.update()
        self._emit_hover_text()

    def _describe(self) -> None:
        """Report screen readers."""
        words = self._message if self._is_empty() else self._in_words()
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _emit_hover_text(self) -> None:
        if self._pointer is not None:
            self.hover_text.emit("" if self._is_empty() else self._text_at(self._pointer))

    def _paint(self, painter: QPainter, ratio: float) -> None:
        painter.fillRect(self.rect(), QColor(self._theme.colours.window))
        if self._is_empty():
            self._paint_message(painter)
            return
        self._paint_content(painter, ratio)
        legend = self._legend(ratio)
        if legend is not None:
            paint_legend(painter, legend, self._theme)

    def _message_bed(self) -> QRect:
        """What lies beneath the sentence: as large as a square image would be."""
        side = min(self.width(), self.height())
        return QRect(0, 0, side, side)

    def _paint_message(self, painter: QPainter) -> None:
        frame = self._message_bed()
        painter.fillRect(frame, QColor(self._theme.colours.plot))
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("body"))
        text = frame.adjusted(GAP_LARGE_PX, GAP_LARGE_PX, -GAP_LARGE_PX, -GAP_LARGE_PX)
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
