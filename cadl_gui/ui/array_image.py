"""Arrays as images that Qt can paint."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def rgb(colour: str) -> NDArray[np.uint8]:
    """Convert `#RRGGBB` to (3,) red, green, blue."""
    return np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)


def array_image(pixels: NDArray[np.uint8], *, inverted: bool = False) -> QImage:
    """Convert an array to a `QImage` that owns its pixels.

    Args:
        pixels: (height, width, 1 or 3) uint8.
        inverted: Whether to invert the pixels, black for white (*Ink on paper*).
    """
    pixels = np.ascontiguousarray(255 - pixels if inverted else pixels)
    height, width, channels = pixels.shape
    layout = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, channels * width, layout).copy()
