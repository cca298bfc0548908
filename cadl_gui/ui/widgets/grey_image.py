"""Arrays of grey pixels as Qt's images, and back."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def grey_image(pixels: NDArray[np.uint8]) -> QImage:
    """A view of (height, width) contiguous bytes as an image; valid as long as the array lives."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)


def rgba_pixels(image: QImage) -> NDArray[np.uint8]:
    """(height, width, 4) red, green, blue and opacity of an image of any kind, not premultiplied."""
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(converted.constBits(), np.uint8).reshape(image.height(), converted.bytesPerLine())
    return lines[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()
