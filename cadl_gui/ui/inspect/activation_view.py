"""The activations of one unit for one image."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import number_text
from cadl_gui.imaging.weights.colour_map import activation_colour_map, colour_indices
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.colour_legend import Legend, activation_legend
from cadl_gui.ui.widgets.figure_pixels import fitting_scale, paint_pixels, pixel_at
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.ink import ink_on


class ActivationView(FigureView):
    """Shows the unit's activation map, or its single activation.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no image.

    Signals:
        hover_text: (str) The activation under the pointer, such as "x 3, y 4 · 0.21".
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._values: NDArray[np.float32] | None = None
        self._limit = 0.0
        self._least = np.float32(0)
        self._colours = ""
        self._image = QImage()

    @property
    def values(self) -> NDArray[np.float32] | None:
        """The activations shown, (height, width), or None."""
        return self._values

    @Slot(object, float)
    def set_activation(
        self, values: NDArray[np.float32] | None, limit: float = 0.0, *, has_negative: bool = False
    ) -> None:
        """Show one unit's activations.

        Args:
            values: (height, width); (1, 1) for a single number; None empties the view.
            limit: Absolute value mapped to the end of the colour scale.
            has_negative: Whether the scale reaches below zero, for other units of the layer.
        """
        self._values, self._limit = values, limit
        self._least = np.float32(-1 if has_negative else 0)
        self._refresh()

    def _is_empty(self) -> bool:
        return self._values is None

    def _prepare(self) -> None:
        if self._values is not None:
            display, seen = self._theme.display, np.append(self._values, self._least)
            self._colours = activation_colour_map(seen, display.colour_map, is_dark=self._theme.is_dark)
            self._image = self._coloured_image(
                colour_indices(self._values, self._limit), colours=self._colours
            )

    def _content_area(self, ratio: float) -> QRectF:
        return self._place(ratio).adjusted(0, 0, 0, self._legend_height)

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        assert self._values is not None, "there is something to paint"
        place = self._place(ratio)
        paint_pixels(painter, place, self._image, ratio)
        if self._values.size == 1:
            painter.setFont(self._theme.font("value"))
            painter.setPen(ink_on(self._image.pixelColor(0, 0)))
            number = number_text(float(self._values[0, 0]), digits=2)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)

    def _legend(self, ratio: float) -> Legend:
        place = self._place(ratio)
        legend = activation_legend(place.bottom(), place.width(), self._limit, self._colours)
        return legend._replace(left=place.left())

    def _text_at(self, place: QPointF) -> str:
        if self._values is None:
            return ""
        pixel = pixel_at(self._place(self.devicePixelRatioF()), self._values.shape, place)
        if pixel is None:
            return ""
        x, y = pixel
        where = f"x {x}, y {y} · " if self._values.size > 1 else ""
        return f"{where}{number_text(float(self._values[y, x]))}"

    def _place(self, ratio: float) -> QRectF:
        """Return the rectangle of the activations, in the middle above the legend."""
        assert self._values is not None, "there is something to place"
        height, width = self._values.shape
        scale = fitting_scale(
            self.width(), max(1.0, self.height() - self._legend_height), (height, width), ratio
        )
        return QRectF((self.width() - scale * width) // 2, 0, scale * width, scale * height)
