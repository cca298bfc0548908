"""Zooming and panning of an image in a view."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

_SQUARE_FROM = 3.0
"""From this magnification on, pixels are squares of whole device pixels; see `ImageView`."""

_LARGEST_PX = 64.0


class Frame(NamedTuple):
    """The image and the area that shows it.

    Attributes:
        area: The area for the image.
        width: Width of the image, in its pixels.
        height: Height of the image.
        ratio: Device pixels per pixel of the area.
    """

    area: QRectF
    width: int
    height: int
    ratio: float


@dataclass
class Zoom:
    """The magnification of an image, and the part of it that is visible.

    Attributes:
        factor: Magnification; 1 fits the whole image.
        x: Image position at the centre of the area, as a share of the image's width.
        y: The same, as a share of its height.
        is_centred: Whether an image that fits is in the middle of the area, or at its top left.
    """

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5
    is_centred: bool = False

    def place(self, frame: Frame) -> QRectF:
        """Return the rectangle of the whole image, which may exceed the area."""
        scale = self._scale(frame)
        return QRectF(
            self._start(frame.area.left(), frame.area.width(), scale * frame.width, self.x),
            self._start(frame.area.top(), frame.area.height(), scale * frame.height, self.y),
            scale * frame.width,
            scale * frame.height,
        )

    def zoom(self, factor: float, about: QPointF, frame: Frame) -> None:
        """Multiply the magnification, keeping a point fixed.

        Args:
            factor: Relative to the current magnification; 0 fits the whole image.
            about: The point that stays fixed, in the coordinates of the area.
            frame: The image and its area.
        """
        before = self.place(frame)
        share_x = (about.x() - before.left()) / before.width()
        share_y = (about.y() - before.top()) / before.height()
        self.factor = min(max(1.0, self.factor * factor), max(1.0, _LARGEST_PX / _fit(frame)))
        after = self.place(frame)
        self._put(about.x() - share_x * after.width(), about.y() - share_y * after.height(), frame)

    def move(self, by: QPointF, frame: Frame) -> None:
        """Pan the image, within its limits."""
        before = self.place(frame)
        self._put(before.left() + by.x(), before.top() + by.y(), frame)

    def ensure_visible(self, part: QRectF, frame: Frame) -> None:
        """Pan the image by the minimum that makes a part of it, in image pixels, visible."""
        place, scale = self.place(frame), self._scale(frame)
        left, top = place.left() + scale * part.left(), place.top() + scale * part.top()
        by_x = _nudge(left, scale * part.width(), frame.area.left(), frame.area.width())
        by_y = _nudge(top, scale * part.height(), frame.area.top(), frame.area.height())
        self.move(QPointF(by_x, by_y), frame)

    def _scale(self, frame: Frame) -> float:
        device = _fit(frame) * self.factor * frame.ratio
        return (math.floor(device) if device >= _SQUARE_FROM else device) / frame.ratio

    def _put(self, left: float, top: float, frame: Frame) -> None:
        place, middle = self.place(frame), frame.area.center()
        self.x = (middle.x() - left) / place.width()
        self.y = (middle.y() - top) / place.height()
        settled = self.place(frame)
        self.x = (middle.x() - settled.left()) / place.width()
        self.y = (middle.y() - settled.top()) / place.height()

    def _start(self, area_start: float, room: float, length: float, share: float) -> float:
        if length <= room:
            return area_start + ((room - length) // 2 if self.is_centred else 0)
        return min(area_start, max(area_start + room - length, area_start + room / 2 - share * length))


def _fit(frame: Frame) -> float:
    return min(frame.area.width() / frame.width, frame.area.height() / frame.height)


def _nudge(start: float, length: float, area_start: float, room: float) -> float:
    if start < area_start:
        return area_start - start
    return min(0.0, area_start + room - start - length)
