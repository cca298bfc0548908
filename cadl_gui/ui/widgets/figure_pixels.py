"""Enlarged pixels of small images: where they lie, how they are painted, what is written into them."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from cadl_gui.domain.formatting import number_text
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.ink import ink_on

NEAREST_FROM = 3.0
"""From this magnification on pixels are shown as squares; below it they would only look uneven."""

_WIDEST_NUMBER = "−0.055"


def fitting_scale(width: float, height: float, shape: tuple[int, ...], ratio: float) -> float:
    """How large a pixel may be where an image of (height, width) has so much room; squares are all equal.

    Args:
        width: of the room.
        height: of the room.
        shape: of the image.
        ratio: device pixels to each of the room.
    """
    scale = min(width / shape[1], height / shape[0]) * ratio
    return (math.floor(scale) if scale >= NEAREST_FROM else scale) / ratio


def paint_pixels(painter: QPainter, place: QRectF, image: QImage, ratio: float) -> None:
    """Paint an image there: its pixels as squares where they are large, smoothed where they are not."""
    smooth = place.width() * ratio < NEAREST_FROM * image.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(place, image)


def pixel_at(place: QRectF, shape: tuple[int, ...], at: QPointF) -> tuple[int, int] | None:
    """Column and row of the pixel of an image of (height, width) in its place; None beside it."""
    if not place.contains(at):
        return None
    height, width = shape
    x = min(width - 1, int((at.x() - place.left()) / place.width() * width))
    return x, min(height - 1, int((at.y() - place.top()) / place.height() * height))


def paint_numbers(
    painter: QPainter,
    place: QRectF,
    image: QImage,
    values: NDArray[np.float32],
    is_empty: NDArray[np.bool_],
    theme: Theme,
) -> None:
    """Write each number into its pixel, if all have room.

    Args:
        painter: paints them in the small type.
        place: of the whole image.
        image: on whose colours they are to be read.
        values: (height, width).
        is_empty: where there is no number, (height, width).
        theme: for type.
    """
    side, font = place.width() / image.width(), theme.font("caption")
    if side < QFontMetricsF(font).horizontalAdvance(_WIDEST_NUMBER) + UNIT_PX:
        return
    painter.setFont(font)
    for y, x in np.argwhere(~is_empty).tolist():
        painter.setPen(ink_on(image.pixelColor(x, y)))
        pixel = QRectF(place.left() + x * side, place.top() + y * side, side, side)
        painter.drawText(pixel, Qt.AlignmentFlag.AlignCenter, number_text(float(values[y, x]), digits=2))
