"""Conversion of rectangles between widget and device pixels, rounded outwards."""

import math

from PySide6.QtCore import QRect, QRectF


def to_device(rect: QRect, ratio: float) -> QRect:
    """Return the device pixels that a rectangle of a widget touches.

    Args:
        rect: Rectangle in widget pixels.
    """
    return QRectF(
        rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio
    ).toAlignedRect()


def to_widget(left: int, top: int, right: int, bottom: int, ratio: float) -> QRect:
    """Return the widget pixels that touch a rectangle of device pixels.

    Args:
        left: Left edge, in device pixels.
        top: Top edge.
        right: Right edge, exclusive.
        bottom: Bottom edge, exclusive.
    """
    x, y = math.floor(left / ratio), math.floor(top / ratio)
    return QRect(x, y, math.ceil(right / ratio) - x, math.ceil(bottom / ratio) - y)
