"""How many images there are of each kind, as bars with numbers."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPen

from cadl_gui.domain.formatting import count_text, percent_text
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import in_proportion
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX

MOST_ROWS = 50
"""Up to so many kinds have rows, if there is room."""

_WIDEST_NAME_SHARE = 0.4
_END_SHARE = 0.45
"""Largest width of the first and the last name where there is no room for all, as a share of the view's."""

_SHORTEST_NAME = "Abc…"
"""Columns that have no room for so much of their names have none."""
_EDGE = "#828283"
"""Edge around label colours on a light background, where yellow would not stand out from white."""


class CountsView(FigureView):
    """Shows a row for each kind: its image, name, bar and number; of more kinds than fit, columns only.

    A click on a row, or the arrow keys, choose it.

    Args:
        rows: How many rows to make room for.

    Signals:
        chosen: (int) A row was chosen.
    """

    _plain_message = "caption"
    chosen = Signal(int)

    def __init__(self, theme: Theme, *, empty_text: str, rows: int) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._n_hinted = rows
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._total = 1
        self._hues: tuple[int, ...] = ()
        self._images: NDArray[np.uint8] | None = None
        self._chosen: int | None = None

    def set_counts(
        self,
        names: Sequence[str],
        counts: Sequence[int],
        hues: Sequence[int],
        images: NDArray[np.uint8] | None = None,
    ) -> None:
        """Show counts.

        Args:
            names: Name of each kind; () empties the view.
            counts: Number of images of each kind.
            hues: The label whose colour each kind has; () for none.
            images: An image for each kind, (n, height, width, 1 or 3) uint8, or None.
        """
        self._names, self._counts, self._hues = tuple(names), tuple(counts), tuple(hues)
        self._images, self._chosen = images, None
        self._total = max(1, sum(counts))
        self._refresh()

    def set_chosen(self, row: int | None) -> None:
        """Mark a row as chosen; None marks none."""
        self._chosen = row
        self._refresh()

    def sizeHint(self) -> QSize:
        """Prefer as many rows as were asked for."""
        return QSize(10 * self._theme.sizes.control, self._n_hinted * self._hinted_row_height())

    def minimumSizeHint(self) -> QSize:
        """Let bars shrink, and rows give way to columns."""
        return QSize(4 * self._theme.sizes.control, min(4, self._n_hinted) * self._theme.line_px)

    def _choose(self, row: int) -> None:
        self.set_chosen(row)
        self.chosen.emit(row)

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        n, are_columns = len(self._counts), not self._are_rows()
        if are_columns:
            yield Item(self._plot(), lambda pen: pen.fill(self._plot(), self._theme.colours.plot))
        for row, count in enumerate(self._counts):
            if are_columns:
                place = QRectF(row * self.width() / n, 0, self.width() / n, self.height())
                paint: Callable[[Pen], object] = partial(self._paint_column, row)
            else:
                height = self._row_height()
                place, paint = QRectF(0, row * height, self.width(), height), self._row_painter(row)
            words = f"{self._names[row]} · {count_text(count, 'image')}, {percent_text(count / self._total)}"
            yield Item(place, paint, words, words, partial(self._choose, row), row == self._chosen)
        if are_columns:
            yield Item(QRectF(self.rect()), self._paint_words)

    def _row_painter(self, row: int) -> Callable[[Pen], object]:
        image = None if self._images is None else self._grey_or_rgb_image(self._images[row])
        return lambda pen: self._paint_row(pen, row, image)

    def _paint_row(self, pen: Pen, row: int, image: QImage | None) -> None:
        height, colours = self._row_height(), self._theme.colours
        place = QRectF(0, row * height, self.width(), height)
        if row == self._chosen:
            pen.fill(place, colours.selected)
        left = 0.0
        if image is not None:
            side = height - 2
            pen.pixels(in_proportion(QRectF(0, place.top() + 1, side, side), image), image)
            left = side + GAP_SMALL_PX
        pen.painter.setFont(self._font())
        names = self._names_width(self.width() - left)
        pen.text(QRectF(left, place.top(), names, height), self._names[row], colours.text)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        pen.text(place.adjusted(0, 0, -UNIT_PX, 0), f"{self._counts[row]:,}", colours.text, right)
        bar_left = left + names + GAP_SMALL_PX
        room = place.right() - UNIT_PX - self._numbers_width() - GAP_SMALL_PX - bar_left
        width = room * self._counts[row] / max(1, *self._counts)
        if width > 0:
            bar = QRectF(bar_left, place.center().y() - height / 4, max(1.0, width), height / 2)
            pen.fill(bar, self._colour(row))
            if self._hues and self._theme.background == "light" and bar.width() > 2:
                pen.painter.setPen(QPen(QColor(_EDGE), 1))
                pen.painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))

    def _plot(self) -> QRectF:
        """Return the place of the columns: above them the largest count, below them names."""
        line = self._line()
        return QRectF(0, line, self.width(), self.height() - 2 * line - UNIT_PX)

    def _line(self) -> float:
        return QFontMetricsF(self._theme.font("caption")).height()

    def _paint_words(self, pen: Pen) -> None:
        plot, line = self._plot(), self._line()
        pen.painter.setFont(self._theme.font("caption"))
        self._paint_most(pen, QRectF(0, 0, plot.width(), line))
        self._paint_below(pen, QRectF(0, plot.bottom() + UNIT_PX, plot.width(), line))

    def _paint_column(self, row: int, pen: Pen) -> None:
        plot, n = self._plot(), len(self._counts)
        left, right = (math.floor(i * plot.width() / n) for i in (row, row + 1))
        height = plot.height() * self._counts[row] / max(1, *self._counts)
        column = QRectF(left, plot.bottom() - height, max(1, right - left - (right - left > 3)), height)
        pen.fill(column, self._theme.colours.accent if row == self._chosen else self._colour(row))

    def _paint_most(self, pen: Pen, place: QRectF) -> None:
        """Paint the largest count over its own column, as far as there is room at its sides."""
        most = max(self._counts)
        width = pen.painter.fontMetrics().horizontalAdvance(f"{most:,}") + 1
        middle = place.width() * (self._counts.index(most) + 0.5) / len(self._counts)
        left = min(max(middle - width / 2, 0), max(0, place.width() - width))
        room = QRectF(left, place.top(), width, place.height())
        pen.text(room, f"{most:,}", self._theme.colours.secondary, Qt.AlignmentFlag.AlignLeft)

    def _paint_below(self, pen: Pen, place: QRectF) -> None:
        """Paint the names of the columns, shortened where they must be, or the first and the last."""
        n, metrics, colour = len(self._names), pen.painter.fontMetrics(), self._theme.colours.secondary
        room = place.width() / n
        widest = max(map(metrics.horizontalAdvance, self._names))
        if min(widest, metrics.horizontalAdvance(_SHORTEST_NAME)) < room:
            for number, name in enumerate(self._names):
                cell = QRectF(place.left() + number * room, place.top(), room, place.height())
                pen.text(cell, name, colour, Qt.AlignmentFlag.AlignHCenter)
            return
        spare = (1 - _END_SHARE) * place.width()
        pen.text(place.adjusted(0, 0, -spare, 0), self._names[0], colour, Qt.AlignmentFlag.AlignLeft)
        pen.text(place.adjusted(spare, 0, 0, 0), self._names[-1], colour, Qt.AlignmentFlag.AlignRight)

    def _colour(self, row: int) -> QColor:
        hues = self._theme.label_colours(self._theme.background)
        return QColor(hues[self._hues[row]] if self._hues else self._theme.colours.field_edge)

    def _are_rows(self) -> bool:
        n = len(self._counts)
        return n <= MOST_ROWS and n * self._row_height() <= self.height()

    def _row_height(self) -> int:
        """Return the height of a row, as large as fits between that of a caption and that of a control."""
        fitting = self.height() // max(1, len(self._counts))
        return max(self._theme.line_px, min(self._hinted_row_height(), fitting))

    def _hinted_row_height(self) -> int:
        return self._theme.sizes.control - UNIT_PX

    def _font(self) -> QFont:
        roomy = self._row_height() >= self._theme.sizes.body + 2 * UNIT_PX
        return self._theme.font("body" if roomy else "caption")

    def _names_width(self, room: float) -> float:
        metrics = QFontMetricsF(self._font())
        widest = max(metrics.horizontalAdvance(name) for name in self._names)
        return min(widest + 1, _WIDEST_NAME_SHARE * room)

    def _numbers_width(self) -> float:
        return QFontMetricsF(self._font()).horizontalAdvance(f"{max(self._counts):,}")
