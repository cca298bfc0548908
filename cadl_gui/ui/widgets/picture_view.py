"""The one widget for pictures: one picture, or many as a montage."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cadl_gui.core.images import grid_shape, montage, to_uint8
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_LARGE_PX

_NEAREST_FROM = 3.0
"""From this magnification on pixels are shown as squares; below it they would only look uneven."""

_HINT_PX = QSize(280, 280)
_MINIMUM_PX = QSize(112, 112)


class PictureView(QWidget):
    """Shows pictures honestly: aspect kept, square corners, edges on device pixels.

    Args:
        theme: for the colours around the picture.
        empty_text: what is shown as long as there is no picture: a sentence that says what to do.

    Signals:
        pointer_text: (str) the pixel under the pointer, such as "picture 14 · x 12, y 7 · 0.83"; "" once it
            has left.
    """

    pointer_text = Signal(str)

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._empty_text = empty_text
        self._pictures: NDArray[Any] | None = None
        self._columns = 1
        self._image: QImage | None = None
        self._scaled: QImage | None = None
        self._is_inverted = False
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def pictures(self) -> NDArray[Any] | None:
        """What is shown, (n, height, width, channels), or None."""
        return self._pictures

    @Slot(object)
    def set_picture(self, picture: NDArray[Any] | None) -> None:
        """Show one picture, (height, width, channels), in [0, 1] or uint8; None empties the view."""
        self.set_pictures(None if picture is None else picture[np.newaxis])

    @Slot(object)
    def set_pictures(self, pictures: NDArray[Any] | None, columns: int | None = None) -> None:
        """Show pictures as a montage.

        Args:
            pictures: (n, height, width, 1 or 3) float in [0, 1], or uint8; None empties the view.
            columns: pictures in a row; by default the squarest grid.
        """
        if pictures is not None and (pictures.ndim != 4 or pictures.shape[3] not in {1, 3}):
            raise ValueError(f"Expected (n, height, width, 1 or 3). Received: shape={pictures.shape}")
        self._pictures = pictures
        self._image = self._scaled = None
        if pictures is not None and len(pictures):
            self._columns = columns or grid_shape(len(pictures))[1]
            self._image = self._to_image(pictures)
        self.update()
        self._tell_pointer()

    def set_inverted(self, inverted: bool) -> None:
        """*Ink on paper*: black for white, for a bright room."""
        if inverted != self._is_inverted:
            self._is_inverted = inverted
            self.set_pictures(self._pictures, self._columns)

    def render_image(self, scale: float) -> QImage:
        """The picture as it is shown, `scale` image pixels to each of the view, and nothing around it."""
        if self._image is not None:
            return self._scaled_to(self._target(scale), scale).copy()
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
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
        """The picture, or the sentence in its place."""
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

    def _paint(self, painter: QPainter, ratio: float) -> None:
        painter.fillRect(self.rect(), QColor(self._theme.colours.window))
        if self._image is None:
            self._paint_empty(painter)
            return
        painter.drawImage(0, 0, self._scaled_to(self._target(ratio), ratio))

    def _paint_empty(self, painter: QPainter) -> None:
        bed = self._empty_bed()
        painter.fillRect(bed, QColor(self._theme.colours.plot))
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("body"))
        text = bed.adjusted(GAP_LARGE_PX, GAP_LARGE_PX, -GAP_LARGE_PX, -GAP_LARGE_PX)
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)

    def _empty_bed(self) -> QRect:
        """Where a square picture would be."""
        side = min(self.width(), self.height())
        return QRect(0, 0, side, side)

    def _target(self, ratio: float) -> QRectF:
        """Where the picture goes: under its title, as large as fits, on device pixels.

        Where its pixels show as squares, all of them are equally large.
        """
        assert self._image is not None, "there is a picture to place"
        width, height = self._image.width(), self._image.height()
        room = min(self.width() * ratio / width, self.height() * ratio / height)
        scale = math.floor(room) if room >= _NEAREST_FROM else room
        across, down = round(width * scale), round(height * scale)
        return QRectF(0, 0, across / ratio, down / ratio)

    def _scaled_to(self, target: QRectF, ratio: float) -> QImage:
        """The image in the size of its target; kept, since it is painted more often than it changes."""
        assert self._image is not None, "there is a picture to scale"
        size = (target.size() * ratio).toSize()
        if self._scaled is None or self._scaled.size() != size or self._scaled.devicePixelRatio() != ratio:
            scaled = QImage(size, QImage.Format.Format_RGB32)
            painter = QPainter(scaled)
            smooth = size.width() < _NEAREST_FROM * self._image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(scaled.rect(), self._image)
            painter.end()
            scaled.setDevicePixelRatio(ratio)
            self._scaled = scaled
        return self._scaled

    def _to_image(self, pictures: NDArray[Any]) -> QImage:
        """The montage as an image that owns its pixels."""
        pixels = montage(pictures, columns=self._columns)
        if pixels.dtype != np.uint8:
            pixels = to_uint8(pixels)
        if self._is_inverted:
            pixels = 255 - pixels
        pixels = np.ascontiguousarray(pixels)
        height, width, channels = pixels.shape
        layout = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
        return QImage(pixels.data, width, height, channels * width, layout).copy()

    def _tell_pointer(self) -> None:
        if self._pointer is None:
            return
        self.pointer_text.emit(self._text_at(self._pointer))

    def _text_at(self, place: QPointF) -> str:
        if self._image is None or self._pictures is None:
            return ""
        target = self._target(self.devicePixelRatioF())
        if not target.contains(place):
            return ""
        n, height, width, _ = self._pictures.shape
        column = int((place.x() - target.left()) / target.width() * self._image.width())
        row = int((place.y() - target.top()) / target.height() * self._image.height())
        i = row // height * self._columns + column // width
        if i >= n:
            return ""
        x, y = column % width, row % height
        value = " ".join(_value_text(number) for number in self._pictures[i, y, x])
        where = f"x {x}, y {y} · {value}"
        return where if n == 1 else f"picture {i + 1} · {where}"


def _value_text(number: Any) -> str:
    """A pixel in [0, 1], to two decimals; bytes are such numbers too."""
    return f"{number / 255 if isinstance(number, np.integer) else number:.2f}"
