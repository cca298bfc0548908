"""Pairs of near-duplicates, side by side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.dataset_answers import DuplicatePair
from cadl_gui.domain.formatting import number_text
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX
from cadl_gui.ui.widgets.figure_pixels import fitting_scale, paint_pixels
from cadl_gui.ui.widgets.figure_view import FigureView

_WIDEST_PX = 200
_NOTCH = 120
"""Units of a wheel's notch, which scrolls by a pair."""


class _Half(NamedTuple):
    """One image of a pair."""

    pair: int
    number: int
    part: str
    frame: QRectF


class PairsView(FigureView):
    """Shows as many pairs as fit, from one on; the wheel and the arrow keys scroll.

    Signals:
        hover_text: (str) The image under the pointer and its pair.
        image_chosen: (int) An image was clicked.
        page_changed: Other pairs are shown.
    """

    image_chosen = Signal(int)
    page_changed = Signal()

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._pairs: tuple[DuplicatePair, ...] = ()
        self._images: Mapping[int, NDArray[np.uint8]] = {}
        self._painted: dict[int, QImage] = {}
        self._first = 0
        self._turned = 0

    @property
    def first(self) -> int:
        """Index of the first pair that is shown."""
        return self._first

    @property
    def n_fitting(self) -> int:
        """How many pairs fit, at least 1."""
        return max(1, int((self.height() + GAP_PX) / self._pitch()))

    @property
    def shown_pairs(self) -> tuple[DuplicatePair, ...]:
        """The pairs that are shown."""
        return self._pairs[self._first : self._first + self.n_fitting]

    def set_pairs(self, pairs: Sequence[DuplicatePair]) -> None:
        """Show these pairs, from the first one on."""
        self._pairs, self._images = tuple(pairs), {}
        self._first = 0
        self._refresh()
        self.page_changed.emit()

    def set_images(self, images: Mapping[int, NDArray[np.uint8]]) -> None:
        """Set the images that can be shown, (height, width, 1 or 3) uint8 by their numbers."""
        n_fitting, self._images = self.n_fitting, images
        self._refresh()
        if self.n_fitting != n_fitting:
            self.scroll_to(self._first)
            self.page_changed.emit()

    def scroll_to(self, first: int) -> None:
        """Show the pairs from this one on, or the last ones."""
        first = max(0, min(first, len(self._pairs) - self.n_fitting))
        if first != self._first:
            self._first = first
            self._refresh()
            self.page_changed.emit()

    def sizeHint(self) -> QSize:
        """Prefer three pairs."""
        return QSize(2 * _WIDEST_PX + GAP_SMALL_PX, 3 * round(self._pitch()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the pairs that fit now."""
        super().resizeEvent(event)
        self.scroll_to(self._first)
        self._describe()
        self.page_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the image under the pointer."""
        half = self._half_at(event.position())
        if half is not None and event.button() == Qt.MouseButton.LeftButton:
            self.image_chosen.emit(half.number)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by a pair for each notch."""
        self._turned += event.angleDelta().y()
        notches, self._turned = int(self._turned / _NOTCH), int(np.fmod(self._turned, _NOTCH))
        self.scroll_to(self._first - notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by a pair, a page, or to an end."""
        page, last = self.n_fitting, len(self._pairs)
        firsts = {
            Qt.Key.Key_Down: self._first + 1,
            Qt.Key.Key_Up: self._first - 1,
            Qt.Key.Key_PageDown: self._first + page,
            Qt.Key.Key_PageUp: self._first - page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        first = firsts.get(Qt.Key(event.key()))
        if first is None:
            super().keyPressEvent(event)
            return
        self.scroll_to(first)

    def _is_empty(self) -> bool:
        return not self._pairs

    def _prepare(self) -> None:
        shown = {number for pair in self.shown_pairs for number in (pair.first, pair.second)}
        self._painted = {
            number: self._grey_or_rgb_image(image)
            for number, image in self._images.items()
            if number in shown
        }

    def _in_words(self) -> str:
        return "; ".join(_in_words(pair) for pair in self.shown_pairs)

    def _content_area(self, ratio: float) -> QRectF:  # noqa: ARG002 (the same at every resolution)
        height = len(self.shown_pairs) * self._pitch() - GAP_PX
        metrics = QFontMetricsF(self._theme.font("caption"))
        below = max(metrics.horizontalAdvance(_distance_text(pair)) for pair in self.shown_pairs)
        width = max(below, 2 * self._size().width() + GAP_SMALL_PX)
        return QRectF(0, 0, min(self.width(), width), min(self.height(), height))

    def _text_at(self, place: QPointF) -> str:
        half = self._half_at(place)
        return "" if half is None else _in_words(self._pairs[half.pair])

    def _half_at(self, place: QPointF) -> _Half | None:
        return next((half for half in self._halves() if half.frame.contains(place)), None)

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        line, colours = self._line(), self._theme.colours
        painter.setFont(self._theme.font("caption"))
        metrics = painter.fontMetrics()
        for half in self._halves():
            image = self._painted.get(half.number)
            if image is None:
                painter.fillRect(half.frame, QColor(colours.plot))
            else:
                paint_pixels(painter, half.frame, image, ratio)
            below = QRectF(half.frame.left(), half.frame.bottom() + UNIT_PX, half.frame.width(), line)
            for text, colour in ((f"{half.number:,}", colours.text), (half.part, colours.secondary)):
                painter.setPen(QColor(colour))
                fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(below.width()))
                painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, fitting)
                below.translate(0, line)
        painter.setPen(QColor(colours.secondary))
        for i, pair in enumerate(self.shown_pairs):
            top = i * self._pitch() + self._size().height() + UNIT_PX + 2 * line
            room = QRectF(0, top, self.width(), line)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _distance_text(pair))

    def _halves(self) -> Iterator[_Half]:
        size = self._size()
        for i, pair in enumerate(self.shown_pairs):
            top = i * self._pitch()
            for x, number, part in (
                (0.0, pair.first, pair.first_part),
                (size.width() + GAP_SMALL_PX, pair.second, pair.second_part),
            ):
                yield _Half(self._first + i, number, part, QRectF(QPointF(x, top), size))

    def _size(self) -> QSizeF:
        """Return the size of an image; all have the same. Before there is one, it is as large as fits."""
        text = UNIT_PX + 3 * self._line()
        side = max(1, min(_WIDEST_PX, (self.width() - GAP_SMALL_PX) // 2, int(self.height() - text)))
        image = next(iter(self._painted.values()), None)
        if image is None:
            return QSizeF(side, side)
        scale = fitting_scale(side, side, (image.height(), image.width()), self.devicePixelRatioF())
        return QSizeF(image.width() * scale, image.height() * scale)

    def _pitch(self) -> float:
        return self._size().height() + UNIT_PX + 3 * self._line() + GAP_PX

    def _line(self) -> float:
        return QFontMetricsF(self._theme.font("caption")).height()


def _distance_text(pair: DuplicatePair) -> str:
    return f"differ by {number_text(255 * pair.distance, 2)} of 255"


def _in_words(pair: DuplicatePair) -> str:
    return (
        f"image {pair.first:,} ({pair.first_part}) and image {pair.second:,} ({pair.second_part}) "
        f"{_distance_text(pair)}"
    )
