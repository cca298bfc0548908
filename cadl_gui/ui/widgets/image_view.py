"""The widget for images: a single one, or many as a montage."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.images import grid_shape, montage, to_uint8
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.figure_pixels import NEAREST_FROM, pixel_at
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.spotlight import FILLS_PAGE


class ImageView(FigureView):
    """Shows images undistorted: aspect ratio preserved, square corners, edges on device pixels.

    Args:
        is_centred: Whether the image is in the middle of the width, as in Spotlight, or at the left.

    Signals:
        hover_text: (str) The pixel under the pointer, such as "image 14 · x 12, y 7 · 0.83"; "" once the
            pointer has left.
    """

    def __init__(
        self, theme: Theme, *, empty_text: str, is_centred: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._is_centred = is_centred
        self._images: NDArray[Any] | None = None
        self._columns = 1
        self._image: QImage | None = None
        self._scaled: QImage | None = None

    @property
    def images(self) -> NDArray[Any] | None:
        """The images shown, (n, height, width, channels), or None."""
        return self._images

    @Slot(object)
    def set_image(self, image: NDArray[Any] | None) -> None:
        """Show one image, (height, width, channels), in [0, 1] or uint8; None empties the view."""
        self.set_images(None if image is None else image[np.newaxis])

    @Slot(object)
    def set_images(self, images: NDArray[Any] | None, columns: int | None = None) -> None:
        """Show images as a montage.

        Args:
            images: (n, height, width, 1 or 3) float in [0, 1], or uint8; None empties the view.
            columns: Images per row; by default the squarest grid.

        Raises:
            ValueError: If the shape is a different one.
        """
        if images is not None and (images.ndim != 4 or images.shape[3] not in {1, 3}):
            raise ValueError(f"Expected (n, height, width, 1 or 3). Received: shape={images.shape}")
        self._images = images
        if images is not None and len(images):
            self._columns = columns or grid_shape(len(images))[1]
        self._refresh()

    def _is_empty(self) -> bool:
        return self._image is None

    def _prepare(self) -> None:
        self._image = self._scaled = None
        if self._images is not None and len(self._images):
            pixels = montage(self._images, columns=self._columns)
            self._image = self._grey_or_rgb_image(pixels if pixels.dtype == np.uint8 else to_uint8(pixels))

    def _content_area(self, ratio: float) -> QRectF:
        return self._target(ratio)

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        target = self._target(ratio)
        painter.drawImage(target.topLeft(), self._scaled_to(target, ratio))

    def _room(self) -> QSizeF:
        """Return the available size, from the top left."""
        return QSizeF(self.size())

    def _target(self, ratio: float) -> QRectF:
        """Return the rectangle of the image, as large as fits, aligned to device pixels.

        Pixels that show as squares are all of equal size.
        """
        assert self._image is not None, "there is an image to place"
        width, height, room = self._image.width(), self._image.height(), self._room()
        fit = min(room.width() * ratio / width, room.height() * ratio / height)
        scale = math.floor(fit) if fit >= NEAREST_FROM else fit
        across, down = round(width * scale), round(height * scale)
        is_centred = self._is_centred or bool(self.property(FILLS_PAGE))
        left = (room.width() - across / ratio) // 2 if is_centred else 0.0
        return QRectF(left, 0, across / ratio, down / ratio)

    def _scaled_to(self, target: QRectF, ratio: float) -> QImage:
        """Return the image scaled to its target; cached, since it is painted more often than it changes."""
        assert self._image is not None, "there is an image to scale"
        size = (target.size() * ratio).toSize()
        if self._scaled is None or self._scaled.size() != size or self._scaled.devicePixelRatio() != ratio:
            scaled = QImage(size, QImage.Format.Format_RGB32)
            painter = QPainter(scaled)
            smooth = size.width() < NEAREST_FROM * self._image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(scaled.rect(), self._image)
            painter.end()
            scaled.setDevicePixelRatio(ratio)
            self._scaled = scaled
        return self._scaled

    def _text_at(self, place: QPointF) -> str:
        pixel = self._pixel_at(place)
        if pixel is None or self._images is None:
            return ""
        column, row = pixel
        n, height, width, _ = self._images.shape
        i = row // height * self._columns + column // width
        if i >= n:
            return ""
        x, y = column % width, row % height
        value = " ".join(_value_text(number) for number in self._images[i, y, x])
        where = f"x {x}, y {y} · {value}"
        return where if n == 1 else f"image {i + 1} · {where}"

    def _pixel_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return the column and row of a pixel of the whole montage, or None outside."""
        if self._image is None:
            return None
        shape = self._image.height(), self._image.width()
        return pixel_at(self._target(self.devicePixelRatioF()), shape, place)


def _value_text(number: Any) -> str:
    """Format a pixel in [0, 1] to two decimals; bytes are scaled to [0, 1]."""
    return f"{number / 255 if isinstance(number, np.integer) else number:.2f}"
