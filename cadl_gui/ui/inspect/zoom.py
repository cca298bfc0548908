"""Looking closer at an image that is larger than its view."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

_SQUARE_FROM = 3.0
"""From this magnification on, pixels are squares of whole device pixels; see `ImageView`."""

_LARGEST_PX = 64.0


class Frame(NamedTuple):
    """What is looked at, and through which window.

    Attributes:
        area: where the image may be painted.
        width: of the image, in its pixels.
        height: likewise.
        ratio: device pixels to each of the area.
    """

    area: QRectF
    width: int
    height: int
    ratio: float


@dataclass
class Zoom:
    """How large an image is, and which part of it is in sight.

    Attributes:
        factor: 1 where the whole image just fits.
        x: what is in the middle of the area, as a share of the image's width.
        y: likewise.
    """

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def place(self, frame: Frame) -> QRectF:
        """Where the whole image goes; it may reach beyond the area. One that fits lies at the top left."""
        scale = self._scale(frame)
        return QRectF(
            _start(frame.area.left(), frame.area.width(), scale * frame.width, self.x),
            _start(frame.area.top(), frame.area.height(), scale * frame.height, self.y),
            scale * frame.width,
            scale * frame.height,
        )

    def zoom(self, factor: float, about: QPointF, frame: Frame) -> None:
        """Be so many times as large around a point that stays; a factor of 0 shows the whole image."""
        before = self.place(frame)
        share_x = (about.x() - before.left()) / before.width()
        share_y = (about.y() - before.top()) / before.height()
        self.factor = min(max(1.0, self.factor * factor), max(1.0, _LARGEST_PX / _fit(frame)))
        after = self.place(frame)
        self._put(about.x() - share_x * after.width(), about.y() - share_y * after.height(), frame)

    def move(self, by: QPointF, frame: Frame) -> None:
        """Move the image, as far as it goes."""
        before = self.place(frame)
        self._put(before.left() + by.x(), before.top() + by.y(), frame)

    def ensure_visible(self, part: QRectF, frame: Frame) -> None:
        """Move the image so little that a part of it, in its pixels, can be seen."""
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


def _fit(frame: Frame) -> float:
    return min(frame.area.width() / frame.width, frame.area.height() / frame.height)


def _start(area_start: float, room: float, length: float, share: float) -> float:
    if length <= room:
        return area_start
    return min(area_start, max(area_start + room - length, area_start + room / 2 - share * length))


def _nudge(start: float, length: float, area_start: float, room: float) -> float:
    if start < area_start:
        return area_start - start
    return min(0.0, area_start + room - start - length)
