"""Conversion of arrays to images for painting."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from cadl_gui.domain.images import to_uint8


def rgb_image(image: NDArray[Any]) -> QImage:
    """Convert a (height, width, 1 or 3) array in [0, 1] or uint8 to an opaque image that owns its pixels."""
    return rgb_images(image[np.newaxis])[0]


def rgb_images(images: NDArray[Any]) -> list[QImage]:
    """Convert (n, height, width, 1 or 3) arrays in [0, 1] or uint8 to opaque images that own their pixels."""
    pixels = images if images.dtype == np.uint8 else to_uint8(images)
    n, height, width, channels = pixels.shape
    packed = np.empty((n, height, width, 4), np.uint8)
    for place, channel in enumerate((2, 1, 0) if channels == 3 else (0, 0, 0)):
        packed[..., place] = pixels[..., channel]  # a channel at a time is ten times as fast as all reversed
    packed[..., 3] = 255
    layout = QImage.Format.Format_RGB32
    return [QImage(one.data, width, height, 4 * width, layout).copy() for one in packed]


def squared(images: NDArray[Any]) -> NDArray[Any]:
    """Put images, (n, height, width, channels), in the middle of black squares, unless they are square."""
    n, height, width, channels = images.shape
    side = max(height, width)
    if height == width:
        return images
    squares = np.zeros((n, side, side, channels), images.dtype)
    top, left = (side - height) // 2, (side - width) // 2
    squares[:, top : top + height, left : left + width] = images
    return squares


def tinted_image(colours: NDArray[np.uint8], alpha: NDArray[Any]) -> QImage:
    """Return a translucent image that owns its pixels.

    Args:
        colours: (height, width, 3) red, green, blue, or (3,) for one colour throughout.
        alpha: (height, width) in [0, 1]; not-a-number is transparent.
    """
    height, width = alpha.shape
    opacity = np.clip(np.nan_to_num(alpha), 0, 1)[..., np.newaxis]
    packed = np.empty((height, width, 4), np.uint8)
    packed[..., :3] = np.rint(colours[..., ::-1] * opacity)
    packed[..., 3:] = np.rint(255 * opacity)
    layout = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(packed.data, width, height, 4 * width, layout).copy()


def paint_smoothed(painter: QPainter, target: QRect, image: QImage) -> None:
    """Paint an image into a rectangle of device pixels, smoothed however large."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, image)
