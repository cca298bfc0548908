"""The one widget for pictures: one picture, or many as a montage."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.images import grid_shape, montage, to_uint8
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.picture_image import picture_image

_NEAREST_FROM = 3.0
"""From this magnification on pixels are shown as squares; below it they would only look uneven."""


class PictureView(FigureView):
    """Shows pictures honestly: aspect kept, square corners, edges on device pixels.

    Args:
        theme: for the colours around the picture.
        empty_text: what is shown as long as there is no picture: a sentence that says what to do.

    Signals:
        pointer_text: (str) the pixel under the pointer, such as "picture 14 · x 12, y 7 · 0.83"; "" once it
            has left.
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._pictures: NDArray[Any] | None = None
        self._columns = 1
        self._image: QImage | None = None
        self._scaled: QImage | None = None
        self._is_inverted = False

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
        self._show_anew()

    def set_inverted(self, inverted: bool) -> None:
        """*Ink on paper*: black for white, for a bright room."""
        if inverted != self._is_inverted:
            self._is_inverted = inverted
            self.set_pictures(self._pictures, self._columns)

    def _content_area(self, ratio: float) -> QRectF:
        return QRectF() if self._image is None else self._target(ratio)

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        painter.drawImage(0, 0, self._scaled_to(self._target(ratio), ratio))

    def _room(self) -> QSizeF:
        """What the picture may fill, from the top left on."""
        return QSizeF(self.size())

    def _target(self, ratio: float) -> QRectF:
        """Where the picture goes: under its title, as large as fits, on device pixels.

        Where its pixels show as squares, all of them are equally large.
        """
        assert self._image is not None, "there is a picture to place"
        width, height, room = self._image.width(), self._image.height(), self._room()
        fit = min(room.width() * ratio / width, room.height() * ratio / height)
        scale = math.floor(fit) if fit >= _NEAREST_FROM else fit
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
        return picture_image(pixels, inverted=self._is_inverted)

    def _text_at(self, place: QPointF) -> str:
        pixel = self._pixel_at(place)
        if pixel is None or self._pictures is None:
            return ""
        column, row = pixel
        n, height, width, _ = self._pictures.shape
        i = row // height * self._columns + column // width
        if i >= n:
            return ""
        x, y = column % width, row % height
        value = " ".join(_value_text(number) for number in self._pictures[i, y, x])
        where = f"x {x}, y {y} · {value}"
        return where if n == 1 else f"picture {i + 1} · {where}"

    def _pixel_at(self, place: QPointF) -> tuple[int, int] | None:
        """Column and row of the whole montage, or None beside it."""
        if self._image is None:
            return None
        target = self._target(self.devicePixelRatioF())
        if not target.contains(place):
            return None
        width, height = self._image.width(), self._image.height()
        column = min(width - 1, int((place.x() - target.left()) / target.width() * width))
        return column, min(height - 1, int((place.y() - target.top()) / target.height() * height))


def _value_text(number: Any) -> str:
    """A pixel in [0, 1], to two decimals; bytes are such numbers too."""
    return f"{number / 255 if isinstance(number, np.integer) else number:.2f}"
