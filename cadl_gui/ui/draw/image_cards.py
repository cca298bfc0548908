"""Small images in rows, each with lines of text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.controls.name_lines import fits, name_lines
from cadl_gui.ui.controls.run_badge import paint_badge
from cadl_gui.ui.draw.card_grid import LEAST_SIDE_PX, READABLE_SIDE_PX, CardGrid, fitting_grid, scrolled_grid
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import in_proportion
from cadl_gui.ui.figures.label_glyph import paint_label
from cadl_gui.ui.figures.scrolled_figure import ScrolledFigure
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, SEMIBOLD, UNIT_PX

_HINT_PX = 96
_LARGEST_PX, _LARGEST_LETTERS = 140, 9
"""Largest side of an image, in pixels or as a multiple of the size of the type."""

_WIDEST_PX, _WIDEST_LETTERS = 128, 10
"""Columns may be wider than their images, up to so many pixels or so many times the size of the type."""

_ANSWER_SHARE = 0.6
"""Size of the type of a short answer, as a share of the height of the image that it replaces."""

_OLD = 0.3
"""Opacity of what is about the drawing before."""

_MARK_PX = 6.0
"""Radius of the mark."""


@dataclass(frozen=True, eq=False)
class Card:
    """An image, or a text in place of an image, with lines beneath it.

    Attributes:
        image: (height, width, 1 or 3) uint8, or None.
        lines: text beneath the image; the first line is beside the badge, and a run's long name takes two.
        brief: replaces the last line, or the refusal, where that does not fit; "" elides it instead.
        answer: large text in place of an image; a long one is smaller.
        refusal: a sentence in place of an image and an answer.
        label: label that the badge shows, or None.
        run: letter of the run that the badge shows, or "".
        is_old: whether it is about another drawing, and pale until a newer one comes.
        is_data: whether *Ink on paper* inverts the image; colour maps are never inverted.
        place: position of a mark, from the left and the top as shares of the image's side; or None.
    """

    image: NDArray[np.uint8] | None
    lines: tuple[str, ...]
    brief: str = ""
    answer: str = ""
    refusal: str = ""
    label: int | None = None
    run: str = ""
    is_old: bool = False
    is_data: bool = True
    place: tuple[float, float] | None = None


class ImageCards(ScrolledFigure):
    """Arranges cards in the number of columns that makes the images largest.

    Cards that would be too small to read are scrolled, if that is allowed.

    Args:
        theme: for colours and fonts.
        empty_text: shown while there are no cards.
        n_lines: lines of text beneath each image, unless a card has more.
        scrolls: whether cards may be scrolled.
    """

    _plain_message = "body"

    def __init__(self, theme: Theme, *, empty_text: str, n_lines: int, scrolls: bool = False) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._n_lines = n_lines
        self._scrolls = scrolls
        self._cards: tuple[Card | None, ...] = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards that are shown."""
        return tuple(filter(None, self._cards))

    def set_cards(self, cards: Sequence[Card | None]) -> None:
        """Show these cards; the place of one that is still to come, None, stays empty."""
        self._cards = tuple(cards)
        self._refresh()

    def sizeHint(self) -> QSize:
        """Prefer one row of ten cards."""
        return QSize(10 * (_HINT_PX + GAP_SMALL_PX), _HINT_PX + self._usual_text_height())

    def minimumSizeHint(self) -> QSize:
        """Let images shrink to half their size, but not the text."""
        columns = 2 if self._scrolls else 5
        return QSize(columns * (LEAST_SIDE_PX + GAP_SMALL_PX), LEAST_SIDE_PX + self._usual_text_height())

    def _fit(self) -> None:
        grid = self._grid()
        self._set_height(grid.height if self._scrolls and self._cards else 0, grid.cell_height // 3)

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        if not self.cards:
            return
        grid = self._grid()
        yield Item(QRectF(0, 0, grid.columns * grid.pitch, grid.height))
        for i, card in enumerate(self._cards):
            if card is not None:
                words = _words(card)
                yield Item(grid.cell(i), partial(self._paint_card, grid, i, card), words, words, beside=words)

    def _paint_card(self, grid: CardGrid, i: int, card: Card, pen: Pen) -> None:
        pen.painter.setOpacity(_OLD if card.is_old else 1)
        cell = grid.cell(i)
        frame = QRectF(cell.x(), cell.y(), grid.side, grid.side)
        if card.refusal:
            room = frame.united(cell.adjusted(0, 0, -UNIT_PX, -grid.text_height))
            self._paint_refusal(pen.painter, card, room)
        elif card.image is None:
            self._paint_answer(pen.painter, card, frame)
        else:
            image = self._grey_or_rgb_image(card.image) if card.is_data else array_image(card.image)
            pen.pixels(in_proportion(frame, image), image)
            if card.place is not None:
                _paint_mark(pen.painter, frame, card.place)
        self._paint_text(pen, card, cell.adjusted(0, grid.side, -1.5 * UNIT_PX, 0))

    def _paint_answer(self, painter: QPainter, card: Card, frame: QRectF) -> None:
        colours = self._theme.colours
        painter.fillRect(frame, QColor(colours.plot))
        painter.setPen(QColor(colours.text))
        if len(card.answer) in {1, 2}:
            painter.setFont(self._theme.font(round(_ANSWER_SHARE * frame.height())))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, card.answer)
            return
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        room = frame.adjusted(UNIT_PX / 2, 0, -UNIT_PX / 2, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, card.answer)

    def _paint_refusal(self, painter: QPainter, card: Card, room: QRectF) -> None:
        """Paint why there is no image, over the whole width of the card; its beginning is never cut off."""
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("caption"))
        at, wrap = Qt.AlignmentFlag.AlignBottom, Qt.TextFlag.TextWordWrap
        sentences = [sentence for sentence in (card.refusal, card.brief) if sentence]
        for sentence in sentences:
            if painter.boundingRect(room, at | wrap, sentence).height() <= room.height():
                painter.drawText(room, at | wrap, sentence)
                return
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | wrap, sentences[-1])

    def _paint_text(self, pen: Pen, card: Card, room: QRectF) -> None:
        painter, line = pen.painter, self._line_height()
        x, y = room.x(), room.y() + GAP_SMALL_PX / 2
        badge = QRectF(x, y, line, line)
        has_badge = card.label is not None or bool(card.run)
        if card.label is not None:
            paint_label(painter, badge, card.label, self._theme)
        elif card.run:
            paint_badge(painter, badge, card.run, self._theme)
        painter.setFont(self._theme.font("caption"))
        metrics = painter.fontMetrics()
        beside = x + line + 4 if has_badge else x
        head, *lines = card.lines
        heads = (
            name_lines(head, int(room.right() - beside), int(room.width()), metrics) if card.run else (head,)
        )
        if card.brief and lines and not fits(lines[-1], int(room.width()), metrics):
            lines[-1] = card.brief
        for i, text in enumerate((*heads, *lines)):
            left = beside if i == 0 else x
            place = QRectF(left, y + i * line, room.right() - left, line)
            is_head = i < len(heads)
            pen.text(place, text, self._theme.colours.text if is_head else self._theme.colours.secondary)

    def _grid(self) -> CardGrid:
        n, text_height = max(1, len(self._cards)), self._text_height()
        widest = max(_WIDEST_PX, _WIDEST_LETTERS * self._theme.sizes.caption)
        largest = max(_LARGEST_PX, _LARGEST_LETTERS * self._theme.sizes.caption)
        grid = fitting_grid(n, self.width(), self.height(), text_height, widest, largest)
        if self._scrolls and grid.side < READABLE_SIDE_PX:
            return scrolled_grid(n, self.width() - self._bar_width, self.height(), text_height, widest)
        if grid.side < LEAST_SIDE_PX:
            # More text than usual takes its room from the images, not from other parts of the window.
            least = LEAST_SIDE_PX + self._usual_text_height() - text_height
            return grid.with_side(max(least, grid.side))
        return grid

    def _line_height(self) -> int:
        return self._theme.sizes.caption + 4

    def _usual_text_height(self) -> int:
        return self._n_lines * self._line_height() + GAP_SMALL_PX

    def _text_height(self) -> int:
        n_lines = max([self._n_lines, *(len(card.lines) for card in self.cards)])
        return n_lines * self._line_height() + GAP_SMALL_PX


def _paint_mark(painter: QPainter, frame: QRectF, place: tuple[float, float]) -> None:
    """Paint a white ring inside a black one, like the handle on the latent plane."""
    centre = QPointF(frame.x() + place[0] * frame.width(), frame.y() + place[1] * frame.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in (("black", 4.0), ("white", 2.0)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawEllipse(centre, _MARK_PX, _MARK_PX)


def _words(card: Card) -> str:
    """Return a card's text for screen readers and the status bar."""
    badge = card.run or ("" if card.label is None else str(card.label))
    return " · ".join(part for part in (badge, card.answer, *card.lines, card.refusal) if part)
