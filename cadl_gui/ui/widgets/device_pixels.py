"""Rectangles of a widget in pixels of its screen, and back; both cover all that they touch."""

import math

from PySide6.QtCore import QRect, QRectF


def to_device(rect: QRect, ratio: float) -> QRect:
    """The device pixels under a part of a widget.

    Args:
        rect: in the widget's own pixels.
        ratio: device pixels to each of the widget's.
    """
    return QRectF(
        rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio
    ).toAlignedRect()


def to_widget(left: int, top: int, right: int, bottom: int, ratio: float) -> QRect:
    """The widget's pixels over device pixels from (left, top) up to, but not including, (right, bottom)."""
    x, y = math.floor(left / ratio), math.floor(top / ratio)
    return QRect(x, y, math.ceil(right / ratio) - x, math.ceil(bottom / ratio) - y)
