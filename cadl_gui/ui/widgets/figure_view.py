"""The base class of all figures that paint themselves; each fits into a `FigurePanel`."""

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
_LEGENDS_FROM = 3
"""Height from which a figure has room for a colour scale, as a multiple of the scale's."""


class FigureView(QWidget):
    """Paints its content at the top left, or a message if there is none, and describes what is hovered.

    It repaints and updates the hover text whenever the theme or a display option changes.

    Abstract. A subclass calls `_refresh` when its content changes, and overrides:

    - `_is_empty`, `_content_area`: whether there is content, and where; by default there is, everywhere.
    - `_prepare`: builds what is reused between paintings; `_grey_or_rgb_image` and `_coloured_image` make
      images in the current colours.
    - `_paint_content`: paints the content.
    - `_legend`: the colour scale, if there is one; `_legend_height` is its height.
    - `_text_at`: describes what is at a point.
    - `_in_words`: describes the whole content for screen readers.

    Copying, saving and holding use the rendered view (`render_image`).

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no content, telling the user what to do.

    Signals:
        hover_text: (str) Describes what is under the pointer; "" once the pointer has left.
    """

    hover_text = Signal(str)

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._message = empty_text
        self._pointer: QPointF | None = None
        self.setAccessibleDescription(empty_text)
        # Otherwise Qt would first paint all that is below it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._refresh)
        theme.display.changed.connect(self._refresh)

    def set_empty_text(self, text: str) -> None:
        """Replace the sentence that is shown while there is no content."""
        self._message = text
        self._refresh()

    def render_image(self, scale: float) -> QImage:
        """Render the content, without its surroundings, with `scale` image pixels per pixel of the view."""
        area = QRectF() if self._is_empty() else self._content_area(scale)
        size = (area.size() * scale).toSize() if not area.isEmpty() else self.size() * scale
        image = QImage(size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        # The content may be larger than the view, which fills no more than itself.
        image.fill(QColor(self._theme.colours.window))
        painter = QPainter(image)
        painter.translate(-area.topLeft())
        self._paint(painter, scale)
        painter.end()
        return image

    def sizeHint(self) -> QSize:
        """Return a size that fits a montage of a hundred images."""
        return _HINT_PX

    def minimumSizeHint(self) -> QSize:
        """Return a size small enough for a narrow window."""
        return _MINIMUM_PX

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the content, or the message if there is none."""
        painter = QPainter(self)
        self._paint(painter, self.devicePixelRatioF())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Update the hover text."""
        self._pointer = event.position()
        self._emit_hover_text()

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hover text."""
        super().leaveEvent(event)
        self._pointer = None
        self.hover_text.emit("")

    def _is_empty(self) -> bool:
        """Return whether there is nothing to show, so that the message appears instead."""
        return False

    def _content_area(self, ratio: float) -> QRectF:  # noqa: ARG002 (the same at every resolution)
        """Return the rectangle of the content; called only if there is content.

        Args:
            ratio: Device pixels per pixel of the view, to align edges.
        """
        return QRectF(self.rect())

    def _prepare(self) -> None:
        """Rebuild cached data after a change of the content, the theme or a display option."""

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        """Paint into the content's area; called only if there is content."""
        raise NotImplementedError

    def _legend(self, ratio: float) -> Legend | None:  # noqa: ARG002 (most have none)
        """Return the colour scale, painted over the content; called only if there is content."""
        return None

    def _text_at(self, place: QPointF) -> str:  # noqa: ARG002 (not every figure tells)
        """Describe what is at a point, "" if nothing is; called only if there is content."""
        return ""

    def _in_words(self) -> str:
        """Describe the content for a screen reader; called only if there is content."""
        return ""

    @property
    def _legend_height(self) -> int:
        """Height for the colour scale; 0 in a low figure, where it would leave little of the image."""
        height = legend_height(self._theme)
        return height if self.height() >= _LEGENDS_FROM * height else 0

    def _grey_or_rgb_image(self, pixels: NDArray[np.uint8]) -> QImage:
        """Convert a dataset image, (height, width, 1 or 3) uint8; inverted if *Ink on paper* is on."""
        return array_image(pixels, inverted=self._theme.display.inverted)

    def _coloured_image(
        self, indices: NDArray[np.uint16], background: str | None = None, colours: str = ""
    ) -> QImage:
        """Convert colour indices to an image in the chosen colour map.

        Args:
            indices: (height, width), from `colour_indices`, or `EMPTY`.
            background: Colour of empty pixels; by default the window's.
            colours: Name of another colour map.
        """
        empty = QColor(background or self._theme.colours.window)
        rgb = empty.red(), empty.green(), empty.blue()
        return array_image(coloured(indices, colours or self._theme.display.colour_map, rgb))

    @Slot()
    def _refresh(self) -> None:
        """Update the painting, the accessible description and the hover text after a change of content."""
        self._prepare()
        self._describe()
        self.update()
        self._emit_hover_text()

    def _describe(self) -> None:
        """Update the accessible description."""
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
        if legend is not None and self._legend_height:
            paint_legend(painter, legend, self._theme)

    def _message_bed(self) -> QRect:
        """Return the background of the message, as large as a square image would be."""
        side = min(self.width(), self.height())
        return QRect(0, 0, side, side)

    def _paint_message(self, painter: QPainter) -> None:
        frame = self._message_bed()
        painter.fillRect(frame, QColor(self._theme.colours.plot))
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("body"))
        text = frame.adjusted(GAP_LARGE_PX, GAP_LARGE_PX, -GAP_LARGE_PX, -GAP_LARGE_PX)
        # Two lines may be higher than what the gaps leave of a low figure.
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextDontClip
        painter.drawText(text, flags, self._message)
