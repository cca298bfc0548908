"""Pairs of near-duplicates, side by side."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, QSizeF, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QImage, QResizeEvent

from cadl_gui.domain.dataset_answers import DuplicatePair
from cadl_gui.domain.formatting import number_text
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import fitting_scale
from cadl_gui.ui.figures.scrolled_figure import ScrolledFigure
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX

_WIDEST_PX = 200


class PairsView(ScrolledFigure):
    """Shows pairs below each other, and of hundreds has, tells and renders those that are in view.

    Signals:
        image_chosen: (int) An image was clicked.
        page_changed: Other pairs may be in view.
    """

    image_chosen = Signal(int)
    page_changed = Signal()

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._pairs: tuple[DuplicatePair, ...] = ()
        self._images: Mapping[int, NDArray[np.uint8]] = {}
        self._painted: dict[int, QImage] = {}
        self._bar.valueChanged.connect(self._show_page)

    @property
    def shown_pairs(self) -> tuple[DuplicatePair, ...]:
        """The pairs that are in view."""
        return self._pairs[self._in_view]

    def set_pairs(self, pairs: Sequence[DuplicatePair]) -> None:
        """Show these pairs, from the first one on."""
        self._pairs, self._images = tuple(pairs), {}
        self._bar.setValue(0)
        self._show_page()

    def set_images(self, images: Mapping[int, NDArray[np.uint8]]) -> None:
        """Set the images that can be shown, (height, width, 1 or 3) uint8 by their numbers."""
        self._images = images
        self._show_page()

    def sizeHint(self) -> QSize:
        """Prefer three pairs."""
        return QSize(2 * _WIDEST_PX + GAP_SMALL_PX, 3 * round(self._pitch()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the pairs that fit now."""
        super().resizeEvent(event)
        self._show_page()

    @Slot()
    def _show_page(self) -> None:
        self._refresh()
        self.page_changed.emit()

    @property
    def _in_view(self) -> slice:
        top, pitch = self._bar.value(), self._pitch()
        return slice(int(top / pitch), math.ceil((top + self.height()) / pitch))

    def _fit(self) -> None:
        pitch = self._pitch()
        self._set_height(round(len(self._pairs) * pitch), round(pitch / 3))

    def _prepare(self) -> None:
        super()._prepare()
        shown = {number for pair in self.shown_pairs for number in (pair.first, pair.second)}
        self._painted = {
            number: self._grey_or_rgb_image(image)
            for number, image in self._images.items()
            if number in shown
        }

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        size, line = self._size(), self._line()
        below = QFontMetricsF(self._theme.font("caption")).horizontalAdvance
        for i, pair in enumerate(self.shown_pairs, self._in_view.start):
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
        room = self.width() - self._bar_width - GAP_SMALL_PX
        side = max(1, min(_WIDEST_PX, room // 2, int(self.height() - text)))
        image = next(iter(self._images.values()), None)
        if image is None:
            return QSizeF(side, side)
        scale = fitting_scale(side, side, image.shape, self.devicePixelRatioF())
        return QSizeF(image.shape[1] * scale, image.shape[0] * scale)

    def _pitch(self) -> float:
        return self._size().height() + UNIT_PX + 3 * self._line() + GAP_PX

    def _line(self) -> float:
        return QFontMetricsF(self._theme.font("caption")).height()


def _distance_text(pair: DuplicatePair) -> str:
    return _("differ by {distance} of 255").format(distance=number_text(255 * pair.distance, 2))


def _in_words(pair: DuplicatePair) -> str:
    return _("image {first:,} ({first_part}) and image {second:,} ({second_part}) {distance}").format(
        first=pair.first,
        first_part=pair.first_part,
        second=pair.second,
        second_part=pair.second_part,
        distance=_distance_text(pair),
    )
