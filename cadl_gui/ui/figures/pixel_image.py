"""Conversion between arrays of pixels and `QImage`."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QImageWriter


def pixel_image(pixels: NDArray[np.uint8]) -> QImage:
    """Wrap a contiguous (height, width) or (height, width, 3) array, which must outlive the image."""
    height, width = pixels.shape[:2]
    if pixels.ndim == 2:
        return QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)


def rgba_pixels(image: QImage) -> NDArray[np.uint8]:
    """Return the (height, width, 4) RGBA pixels of an image of any format, not premultiplied."""
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(converted.constBits(), np.uint8).reshape(image.height(), converted.bytesPerLine())
    return lines[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def png_bytes(image: QImage) -> bytes:
    """Return an image as a PNG file; Qt compresses without holding the GIL.

    Raises:
        OSError: if it cannot be written.
    """
    buffer = QBuffer()
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(image):
        raise OSError(writer.errorString())
    return bytes(buffer.data().data())
