"""All kernels of a convolution, as shown in the lecture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import number_text
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.lecture_montage import (
    kernel_pixel,
    lecture_montage,
    lowest_and_highest,
    stretched,
)
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.array_image import array_image
from cadl_gui.ui.widgets.colour_legend import Legend, stretched_legend
from cadl_gui.ui.widgets.image_view import ImageView


class LectureView(ImageView):
    """Shows the lecture's montage of kernels, and a legend below it.

    Signals:
        hover_text: (str) The number under the pointer, such as "unit 3 · x 1, y 2 · −0.213".
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._own: LayerWeights | None = None
        self._numbers = np.zeros((1, 1), np.float32)

    @property
    def numbers(self) -> NDArray[np.float32]:
        """The montage shown, (height, width)."""
        return self._numbers

    def set_kernels(self, own: LayerWeights | None, *, is_first: bool = False) -> None:
        """Show a convolution; see `lecture_montage`. None empties the view."""
        self._own = own
        if own is None:
            self.set_image(None)
            return
        self._numbers = lecture_montage(own, is_first=is_first)
        self._refresh()

    def _prepare(self) -> None:
        if self._own is not None:
            self._images = stretched(self._numbers, self._theme.display.colour_map)[np.newaxis]
        super()._prepare()

    def _grey_or_rgb_image(self, pixels: NDArray[np.uint8]) -> QImage:
        """Convert without *Ink on paper*, since coloured weights are not a dataset image."""
        return array_image(pixels)

    def _room(self) -> QSizeF:
        return QSizeF(self.width(), max(1, self.height() - self._legend_height))

    def _content_area(self, ratio: float) -> QRectF:
        return super()._content_area(ratio).adjusted(0, 0, 0, self._legend_height)

    def _legend(self, ratio: float) -> Legend:
        image = self._target(ratio)
        return stretched_legend(self._below(image), *lowest_and_highest(self._numbers))

    def _text_at(self, place: QPointF) -> str:
        at = self._pixel_at(place)
        found = None if at is None or self._own is None else kernel_pixel(self._own.layer, *at)
        if at is None or found is None or self._own is None:
            return ""
        source = f" · input {found.source}" if self._own.layer.input_shape[-1] > 1 else ""
        value = number_text(float(self._numbers[at[1], at[0]]))
        return f"unit {found.unit}{source} · x {found.x}, y {found.y} · {value}"
