"""One picture of a layer's weights, large."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import number_text
from cadl_gui.imaging.weights.colour_map import EMPTY, ColourMapName, colour_indices, coloured
from cadl_gui.imaging.weights.weight_pictures import WeightPictures
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.colour_legend import legend_height, legend_width, paint_legend
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.ink import ink_on
from cadl_gui.ui.widgets.picture_image import picture_image

_NEAREST_FROM = 3.0
_WIDEST_NUMBER = "−0.055"


class UnitView(FigureView):
    """The weights of one unit, or one kernel; its numbers too, where its pixels have room for them.

    Args:
        theme: for colours and type.
        empty_text: what is shown as long as nothing is chosen.

    Signals:
        pointer_text: (str) the weight under the pointer, such as "x 12, y 7 · −0.213".
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._pictures: WeightPictures | None = None
        self._values = np.zeros((1, 1), np.float32)
        self._limit = 0.0
        self._colour_map: ColourMapName = "coolwarm"
        self._image = QImage()
        theme.changed.connect(self._colour)

    @property
    def values(self) -> NDArray[np.float32] | None:
        """What is shown, (height, width), or None."""
        return None if self._pictures is None else self._values

    @Slot(object, int, float)
    def set_unit(self, pictures: WeightPictures | None, tile: int = 0, limit: float = 0.0) -> None:
        """Show one picture.

        Args:
            pictures: of the layer; None empties the view.
            tile: number of the picture, input * units + unit.
            limit: what gets the outermost colour.
        """
        self._pictures, self._limit = pictures, limit
        if pictures is not None:
            source, unit = divmod(tile, pictures.n_units)
            self._values = pictures.tile(source, unit)
        self._colour()

    def set_colour_map(self, name: ColourMapName) -> None:
        """Show numbers in other colours."""
        self._colour_map = name
        self._colour()

    def _content_area(self, ratio: float) -> QRectF:
        if self._pictures is None:
            return QRectF()
        place = self._place(ratio)
        return place | QRectF(
            0, place.bottom(), legend_width(self._theme, self.width()), legend_height(self._theme)
        )

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        place = self._place(ratio)
        smooth = place.width() * ratio < _NEAREST_FROM * self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, self._image)
        self._paint_numbers(painter, place)
        legend = QRectF(0, place.bottom(), min(self.width(), place.width()), legend_height(self._theme))
        has_not_finite = not np.isfinite(self._values).all()
        paint_legend(
            painter, legend, self._theme, self._colour_map, self._limit, has_not_finite=has_not_finite
        )

    def _paint_numbers(self, painter: QPainter, place: QRectF) -> None:
        """Write each weight into its pixel, if all have room."""
        assert self._pictures is not None, "there is a picture"
        side = place.width() / self._image.width()
        font = self._theme.font("caption")
        if side < QFontMetricsF(font).horizontalAdvance(_WIDEST_NUMBER) + UNIT_PX:
            return
        painter.setFont(font)
        for y, x in np.argwhere(~self._pictures.is_empty()).tolist():
            painter.setPen(ink_on(self._image.pixelColor(x, y)))
            pixel = QRectF(place.left() + x * side, place.top() + y * side, side, side)
            painter.drawText(
                pixel, Qt.AlignmentFlag.AlignCenter, number_text(float(self._values[y, x]), digits=2)
            )

    def _text_at(self, place: QPointF) -> str:
        area = self._place(self.devicePixelRatioF())
        if self._pictures is None or not area.contains(place):
            return ""
        height, width = self._values.shape
        x = min(width - 1, int((place.x() - area.left()) / area.width() * width))
        y = min(height - 1, int((place.y() - area.top()) / area.height() * height))
        if self._pictures.is_empty()[y, x]:
            return ""
        return f"{self._pictures.place_text(x, y)} · {number_text(float(self._values[y, x]))}"

    def _place(self, ratio: float) -> QRectF:
        """As large as fits above the legend; where pixels show as squares, all are equally large."""
        height, width = self._values.shape
        room = max(1, self.height() - legend_height(self._theme))
        scale = min(self.width() / width, room / height) * ratio
        scale = (math.floor(scale) if scale >= _NEAREST_FROM else scale) / ratio
        return QRectF(0, 0, scale * width, scale * height)

    @Slot()
    def _colour(self) -> None:
        if self._pictures is not None:
            indices = colour_indices(self._values, self._limit)
            indices[self._pictures.is_empty()] = EMPTY
            background = QColor(self._theme.colours.window)
            rgb = background.red(), background.green(), background.blue()
            self._image = picture_image(coloured(indices, self._colour_map, rgb))
        self._show_anew()
