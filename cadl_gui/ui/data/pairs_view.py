"""Pairs of near-duplicates, side by side."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QKeyEvent, QResizeEvent, QWheelEvent

from cadl_gui.domain.dataset_answers import DuplicatePair
from cadl_gui.domain.formatting import number_text
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import fitting_scale
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX

_WIDEST_PX = 200
_NOTCH = 120
"""Units of a wheel's notch, which scrolls by a pair."""


class PairsView(FigureView):
    """Shows as many pairs as fit, from one on; the wheel and the arrow keys scroll.

    Signals:
        image_chosen: (int) An image was clicked.
        page_changed: Other pairs are shown.
    """

    image_chosen = Signal(int)
    page_changed = Signal()

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
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

    def _prepare(self) -> None:
        shown = {number for pair in self.shown_pairs for number in (pair.first, pair.second)}
        self._painted = {
            number: self._grey_or_rgb_image(image)
            for number, image in self._images.items()
            if number in shown
        }

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        size, line = self._size(), self._line()
        below = QFontMetricsF(self._theme.font("caption")).horizontalAdvance
        for i, pair in enumerate(self.shown_pairs):
            top, words, told = i * self._pitch(), _in_words(pair), _distance_text(pair)
            place = QRectF(0, top + size.height() + UNIT_PX + 2 * line, below(told), line)
            yield Item(place, partial(self._paint_distance, place.top(), told), words=words)
            for x, number, part in (
                (0.0, pair.first, pair.first_part),
                (size.width() + GAP_SMALL_PX, pair.second, pair.second_part),
            ):
                frame = QRectF(x, top, size.width(), size.height())
                paint = partial(self._paint_half, frame, number, part)
                yield Item(frame, paint, words, click=partial(self.image_chosen.emit, number))

    def _paint_half(self, frame: QRectF, number: int, part: str, pen: Pen) -> None:
        line, painter, colours = self._line(), pen.painter, self._theme.colours
        image = self._painted.get(number)
        pen.fill(frame, colours.plot) if image is None else pen.pixels(frame, image)
        painter.setFont(self._theme.font("caption"))
        below = QRectF(frame.left(), frame.bottom() + UNIT_PX, frame.width(), line)
        for text, colour in ((f"{number:,}", colours.text), (part, colours.secondary)):
            pen.text(below, text, colour)
            below.translate(0, line)

    def _paint_distance(self, top: float, told: str, pen: Pen) -> None:
        pen.painter.setFont(self._theme.font("caption"))
        pen.text(QRectF(0, top, self.width(), self._line()), told, self._theme.colours.secondary)

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
