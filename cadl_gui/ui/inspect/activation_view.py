"""The activations of one unit for one image."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.images import to_uint8
from cadl_gui.imaging.weights.colour_map import colour_indices
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX
from cadl_gui.ui.widgets.colour_legend import Legend, symmetric_legend
from cadl_gui.ui.widgets.figure_pixels import fitting_scale, paint_pixels, pixel_at
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.ink import ink_on


class ActivationView(FigureView):
    """Shows the image at the left, and at the right the unit's activation map or single activation.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no image.

    Signals:
        hover_text: (str) The activation under the pointer, such as "x 3, y 4 · 0.21".
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._pixels: NDArray[np.uint8] | None = None
        self._values = np.zeros((1, 1), np.float32)
        self._limit = 0.0
        self._input = self._image = QImage()

    @property
    def values(self) -> NDArray[np.float32] | None:
        """The activations shown, (height, width), or None."""
        return None if self._pixels is None else self._values

    @Slot(object, object, float)
    def set_activation(
        self,
        image: NDArray[np.float32] | None,
        values: NDArray[np.float32] | None = None,
        limit: float = 0.0,
    ) -> None:
        """Show an image and one unit's activations.

        Args:
            image: (height, width, 1 or 3) in [0, 1]; None empties the view.
            values: (height, width); (1, 1) for a single number.
            limit: Absolute value mapped to the end of the colour scale.
        """
        self._pixels = None
        if image is not None and values is not None:
            self._pixels = to_uint8(image)
            self._values, self._limit = values, limit
        self._refresh()

    def _is_empty(self) -> bool:
        return self._pixels is None

    def _prepare(self) -> None:
        if self._pixels is not None:
            self._input = self._grey_or_rgb_image(self._pixels)
            self._image = self._coloured_image(colour_indices(self._values, self._limit))

    def _content_area(self, ratio: float) -> QRectF:
        below = self._bottom(ratio) + self._legend_height
        return QRectF(0, 0, self.width(), min(self.height(), below))

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        places = self._places(ratio)
        for place, image in zip(places, (self._input, self._image), strict=True):
            paint_pixels(painter, place, image, ratio)
        if self._values.size == 1:
            painter.setFont(self._theme.font("value"))
            painter.setPen(ink_on(self._image.pixelColor(0, 0)))
            number = number_text(float(self._values[0, 0]), digits=2)
            painter.drawText(places[1], Qt.AlignmentFlag.AlignCenter, number)

    def _legend(self, ratio: float) -> Legend:
        return symmetric_legend(self._bottom(ratio), self.width(), self._limit)

    def _text_at(self, place: QPointF) -> str:
        pixel = pixel_at(self._places(self.devicePixelRatioF())[1], self._values.shape, place)
        if pixel is None:
            return ""
        x, y = pixel
        where = f"x {x}, y {y} · " if self._values.size > 1 else ""
        return f"{where}{number_text(float(self._values[y, x]))}"

    def _places(self, ratio: float) -> tuple[QRectF, QRectF]:
        """Return the rectangles of image and activations, each as large as fits into half the width."""
        room_x = max(1.0, (self.width() - GAP_PX) / 2)
        room_y = max(1.0, self.height() - self._legend_height)
        shapes = (self._input.height(), self._input.width()), self._values.shape
        scaled = []
        for left, (height, width) in zip((0.0, room_x + GAP_PX), shapes, strict=True):
            scale = fitting_scale(room_x, room_y, (height, width), ratio)
            scaled.append(QRectF(left, 0, scale * width, scale * height))
        return scaled[0], scaled[1]

    def _bottom(self, ratio: float) -> float:
        """Return the bottom of the taller of the two, in pixels."""
        return max(place.bottom() for place in self._places(ratio))
