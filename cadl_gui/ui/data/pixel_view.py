"""One image, large, whose pixels can be read."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.images import to_uint8
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.image_view import ImageView


class PixelView(ImageView):
    """Shows one image, and tells the values of the pixel under the pointer.

    Args:
        theme: Supplies the colours around the image.
        empty_text: A sentence shown while there is no image, telling the user what to do.

    Signals:
        hover_text: (str) The pixel under the pointer: "x 12, y 7 · 211 · 0.83", with the byte of each channel
            and the number in [0, 1] that networks see; only the latter for an image of floats.
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._white = 1.0

    def set_image(self, image: NDArray[Any] | None, white: float = 1.0) -> None:
        """Show an image.

        Args:
            image: (height, width, 1 or 3) uint8, or float in [0, 1]; None empties the view.
            white: The number that is shown as white, for an image of floats.
        """
        self._white = white
        super().set_image(image)

    def _prepare(self) -> None:
        super()._prepare()
        if self._images is not None and self._white != 1.0:
            self._image = self._grey_or_rgb_image(to_uint8(self._images[0] / self._white))

    def _in_words(self) -> str:
        assert self._images is not None, "there is an image to describe"
        height, width, channels = self._images.shape[1:]
        return f"{height} rows of {width} pixels, {'grey' if channels == 1 else 'in colour'}"

    def _text_at(self, place: QPointF) -> str:
        pixel = self._pixel_at(place)
        if pixel is None or self._images is None:
            return ""
        x, y = pixel
        values = self._images[0, y, x]
        is_bytes = values.dtype == np.uint8
        parts = [f"x {x}, y {y}", *([_joined(values, "d")] if is_bytes else [])]
        return " · ".join([*parts, _joined(values / 255 if is_bytes else values, ".2f")])


def _joined(values: NDArray[Any], how: str) -> str:
    return " ".join(format(value, how) for value in values.tolist())
