"""Placement, painting and labelling of the enlarged pixels of small images."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from cadl_gui.domain.formatting import number_text
from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX

NEAREST_FROM = 3.0
"""Pixels are shown as squares from this magnification on; below it they would look uneven."""

_WIDEST_NUMBER = "−0.055"


def fitting_scale(width: float, height: float, shape: tuple[int, ...], ratio: float) -> float:
    """Return the largest size of a pixel for an image that has to fit; squares are all of equal size.

    Args:
        shape: (height, width) of the image.
    """
    scale = min(width / shape[1], height / shape[0]) * ratio
    return (math.floor(scale) if scale >= NEAREST_FROM else scale) / ratio


def in_proportion(frame: QRectF, image: QImage) -> QRectF:
    """Return the largest rectangle with the proportions of an image in the middle of a frame."""
    size = image.size().toSizeF().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
    if size == frame.size():
        return frame
    place = QRectF(frame.topLeft(), size)
    place.moveCenter(frame.center())
    return place


def paint_pixels(painter: QPainter, place: QRectF, image: QImage, ratio: float) -> None:
    """Paint an image into a rectangle: with square pixels where they are large, else smoothed."""
    smooth = round(place.width() * ratio) < NEAREST_FROM * image.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(place, image)


def pixel_at(place: QRectF, shape: tuple[int, ...], at: QPointF) -> tuple[int, int] | None:
    """Return the column and row of the image pixel at a point, or None if the point is outside.

    Args:
        shape: (height, width) of the image.
        at: The point, in the coordinates of `place`.
    """
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
    """Write each number into its pixel, if all of them fit.

    Args:
        painter: Paints the numbers, in the caption font.
        image: The image beneath, whose colours determine black or white text.
        values: (height, width).
        is_empty: (height, width), true where there is no number.
    """
    side, font = place.width() / image.width(), theme.font("caption")
    if side < QFontMetricsF(font).horizontalAdvance(_WIDEST_NUMBER) + UNIT_PX:
        return
    painter.setFont(font)
    for y, x in np.argwhere(~is_empty).tolist():
        painter.setPen(ink_on(image.pixelColor(x, y)))
        pixel = QRectF(place.left() + x * side, place.top() + y * side, side, side)
        words = number_text(round(float(values[y, x]), 3), digits=2)  # as wide as the widest, or narrower
        painter.drawText(pixel, Qt.AlignmentFlag.AlignCenter, words)
