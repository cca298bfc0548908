"""What one unit makes of one picture."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.images import to_uint8
from cadl_gui.imaging.weights.colour_map import ColourMapName, colour_indices, coloured
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX
from cadl_gui.ui.widgets.colour_legend import legend_height, paint_legend
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.ink import ink_on
from cadl_gui.ui.widgets.picture_image import inverted_image, picture_image

_NEAREST_FROM = 3.0


class ActivationView(FigureView):
    """The picture at the left; at the right the unit's activation map, or its one number.

    Args:
        theme: for colours and type.
        empty_text: what is shown as long as there is no picture.

    Signals:
        pointer_text: (str) the activation under the pointer, such as "x 3, y 4 · 0.21".
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._picture = QImage()
        self._is_inverted = False
        self._values = np.zeros((1, 1), np.float32)
        self._limit = 0.0
        self._colour_map: ColourMapName = "coolwarm"
        self._image = QImage()
        theme.changed.connect(self._show_anew)

    @property
    def values(self) -> NDArray[np.float32] | None:
        """Activations that are shown, (height, width), or None."""
        return None if self._picture.isNull() else self._values

    @Slot(object, object, float)
    def set_activation(
        self,
        picture: NDArray[np.float32] | None,
        values: NDArray[np.float32] | None = None,
        limit: float = 0.0,
    ) -> None:
        """Show a picture and one unit's activations.

        Args:
            picture: (height, width, 1 or 3) in [0, 1]; None empties the view.
            values: (height, width); one number is (1, 1).
            limit: what gets the outermost colour.
        """
        self._picture = QImage()
        if picture is not None and values is not None:
            self._picture = picture_image(to_uint8(picture))
            self._values, self._limit = values, limit
        self._colour()

    def set_inverted(self, inverted: bool) -> None:
        """Show the picture as ink on paper."""
        self._is_inverted = inverted
        self.update()

    def set_colour_map(self, name: ColourMapName) -> None:
        """Show numbers in other colours."""
        self._colour_map = name
        self._colour()

    def _content_area(self, ratio: float) -> QRectF:
        if self._picture.isNull():
            return QRectF()
        picture, activation = self._places(ratio)
        below = picture.bottom() if picture.bottom() > activation.bottom() else activation.bottom()
        return QRectF(0, 0, self.width(), min(self.height(), below + legend_height(self._theme)))

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        places = self._places(ratio)
        picture = inverted_image(self._picture) if self._is_inverted else self._picture
        for place, image in zip(places, (picture, self._image), strict=True):
            smooth = place.width() * ratio < _NEAREST_FROM * image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(place, image)
        if self._values.size == 1:
            painter.setFont(self._theme.font("value"))
            painter.setPen(ink_on(self._image.pixelColor(0, 0)))
            number = number_text(float(self._values[0, 0]), digits=2)
            painter.drawText(places[1], Qt.AlignmentFlag.AlignCenter, number)
        below = max(place.bottom() for place in places)
        legend = QRectF(0, below, self.width(), legend_height(self._theme))
        paint_legend(painter, legend, self._theme, self._colour_map, self._limit)

    def _text_at(self, place: QPointF) -> str:
        if self._picture.isNull():
            return ""
        area = self._places(self.devicePixelRatioF())[1]
        if not area.contains(place):
            return ""
        height, width = self._values.shape
        x = min(width - 1, int((place.x() - area.left()) / area.width() * width))
        y = min(height - 1, int((place.y() - area.top()) / area.height() * height))
        where = f"x {x}, y {y} · " if self._values.size > 1 else ""
        return f"{where}{number_text(float(self._values[y, x]))}"

    def _places(self, ratio: float) -> tuple[QRectF, QRectF]:
        """Two equal rooms side by side, each filled as far as it goes."""
        room_x = max(1.0, (self.width() - GAP_PX) / 2)
        room_y = max(1.0, self.height() - legend_height(self._theme))
        sizes = (
            (self._picture.width(), self._picture.height()),
            (self._values.shape[1], self._values.shape[0]),
        )
        scaled = []
        for left, (width, height) in zip((0.0, room_x + GAP_PX), sizes, strict=True):
            scale = min(room_x / width, room_y / height) * ratio
            scale = (math.floor(scale) if scale >= _NEAREST_FROM else scale) / ratio
            scaled.append(QRectF(left, 0, scale * width, scale * height))
        return scaled[0], scaled[1]

    def _colour(self) -> None:
        background = QColor(self._theme.colours.window)
        rgb = background.red(), background.green(), background.blue()
        indices = colour_indices(self._values, self._limit)
        self._image = picture_image(coloured(indices, self._colour_map, rgb))
        self._show_anew()
