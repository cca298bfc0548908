"""Conversion of arrays to images for painting."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from cadl_gui.domain.images import to_uint8

NEAREST_FROM = 3.0
"""From this magnification on pixels are shown as squares, as in `ImageView`."""


def rgb(colour: str) -> NDArray[np.uint8]:
    """Convert `#RRGGBB` to (3,) red, green, blue."""
    return np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)


def rgb_image(image: NDArray[Any]) -> QImage:
    """Convert a (height, width, 1 or 3) array in [0, 1] or uint8 to an opaque image that owns its pixels."""
    pixels = image if image.dtype == np.uint8 else to_uint8(image)
    height, width, channels = pixels.shape
    packed = np.full((height, width, 4), 255, np.uint8)
    packed[..., :3] = pixels[..., ::-1] if channels == 3 else pixels
    return QImage(packed.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


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


def paint_scaled(painter: QPainter, target: QRect, image: QImage, *, smooth: bool = False) -> None:
    """Paint an image into a rectangle of device pixels, with square pixels if large enough, else smoothed."""
    is_small = target.width() < NEAREST_FROM * image.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth or is_small)
    painter.drawImage(target, image)
