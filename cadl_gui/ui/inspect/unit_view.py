"""An enlarged weight image of a unit."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from cadl_gui.imaging.weights.colour_map import EMPTY, colour_indices, signed_rgb
from cadl_gui.imaging.weights.weight_images import WeightImages, values_text
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.array_image import array_image
from cadl_gui.ui.widgets.colour_legend import Legend, symmetric_legend
from cadl_gui.ui.widgets.figure_pixels import fitting_scale, paint_numbers, paint_pixels, pixel_at
from cadl_gui.ui.widgets.figure_view import FigureView


class UnitView(FigureView):
    """Shows the weights of one unit or kernel, with their numbers where these fit into the pixels.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while no unit is chosen.

    Signals:
        hover_text: (str) The weight under the pointer, such as "x 12, y 7 · −0.213".
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._images: WeightImages | None = None
        self._values = np.zeros((1, 1), np.float32)
        self._limit = 0.0
        self._image = QImage()

    @property
    def values(self) -> NDArray[np.float32] | None:
        """The weights shown, (height, width), or (height, width, 3) in colour; or None."""
        return None if self._images is None else self._values

    @Slot(object, int, float)
    def set_unit(self, images: WeightImages | None, tile: int = 0, limit: float = 0.0) -> None:
        """Show one weight image.

        Args:
            images: Weight images of the layer; None empties the view.
            tile: Index of the image, input * units + unit.
            limit: Absolute value mapped to the end of the colour scale.
        """
        self._images, self._limit = images, limit
        if images is not None:
            source, unit = divmod(tile, images.n_units)
            self._values = images.tile(source, unit)
        self._refresh()

    def _is_empty(self) -> bool:
        return self._images is None

    def _prepare(self) -> None:
        if self._images is None:
            return
        if self._images.is_colour:
            self._image = array_image(signed_rgb(self._values, self._limit))
        else:
            indices = colour_indices(self._values, self._limit)
            indices[self._images.is_empty()] = EMPTY
            self._image = self._coloured_image(indices)

    def _content_area(self, ratio: float) -> QRectF:
        place = self._place(ratio)
        legend = QRectF(place.left(), place.bottom(), place.width(), self._legend_height)
        return place | legend

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        assert self._images is not None, "there is an image"
        place = self._place(ratio)
        paint_pixels(painter, place, self._image, ratio)
        if not self._images.is_colour:
            paint_numbers(painter, place, self._image, self._values, self._images.is_empty(), self._theme)

    def _legend(self, ratio: float) -> Legend:
        place, is_finite = self._place(ratio), bool(np.isfinite(self._values).all())
        in_colour = self._images is not None and self._images.is_colour
        return symmetric_legend(
            place.bottom(), place.width(), self._limit, has_not_finite=not is_finite, in_colour=in_colour
        )._replace(left=place.left())

    def _text_at(self, place: QPointF) -> str:
        pixel = pixel_at(self._place(self.devicePixelRatioF()), self._values.shape[:2], place)
        if pixel is None or self._images is None:
            return ""
        x, y = pixel
        if self._images.is_empty()[y, x]:
            return ""
        return f"{self._images.place_text(x, y)} · {values_text(self._values[y, x])}"

    def _place(self, ratio: float) -> QRectF:
        """Return the image's rectangle, centred above the legend; square pixels have equal size."""
        height, width = self._values.shape[:2]
        room = max(1, self.height() - self._legend_height)
        scale = fitting_scale(self.width(), room, (height, width), ratio)
        return QRectF((self.width() - scale * width) // 2, 0, scale * width, scale * height)
