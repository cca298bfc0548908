"""An image and its reconstruction, side by side."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from cadl_gui.ui.widgets.image_view import ImageView

_NAMES = ("image", "reconstruction")


class PairView(ImageView):
    """Shows an image and, at its right, its reconstruction.

    Signals:
        hover_text: (str) The pixel under the pointer: "reconstruction · x 12, y 7 · 0.83".
    """

    def set_pair(
        self, image: NDArray[np.uint8] | None, reconstruction: NDArray[np.uint8] | None = None
    ) -> None:
        """Show an image, alone or with its reconstruction, (height, width, 1 or 3) uint8; None shows none."""
        pair = [each for each in (image, reconstruction) if each is not None]
        self.set_images(np.stack(pair) if pair else None, columns=len(pair))

    def _in_words(self) -> str:
        is_pair = self._images is not None and len(self._images) == len(_NAMES)
        return "The image, and its reconstruction at its right." if is_pair else "The image alone."

    def _text_at(self, place: QPointF) -> str:
        text = super()._text_at(place)
        for number, name in enumerate(_NAMES, 1):
            text = text.replace(f"image {number} ", f"{name} ", 1)
        return text
