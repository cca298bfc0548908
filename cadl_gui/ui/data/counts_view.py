"""How many images there are of each kind, as bars with numbers."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import count_text, percent_text
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX
from cadl_gui.ui.widgets.figure_pixels import paint_pixels
from cadl_gui.ui.widgets.figure_view import FigureView

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
        theme: Colours and type.
        empty_text: A sentence shown while there are no counts.
        rows: How many rows to make room for.

    Signals:
        hover_text: (str) The kind under the pointer, such as "3 · cat · 6,000 images, 10 %".
        chosen: (int) A row was chosen.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, *, empty_text: str, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._n_hinted = rows
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._total = 1
        self._hues: tuple[int, ...] = ()
        self._images: NDArray[np.uint8] | None = None
        self._painted: list[QImage] = []
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
        self.update()

    def sizeHint(self) -> QSize:
        """Prefer as many rows as were asked for."""
        return QSize(10 * self._theme.sizes.control, self._n_hinted * self._hinted_row_height())

    def minimumSizeHint(self) -> QSize:
        """Let bars shrink, and rows give way to columns."""
        return QSize(4 * self._theme.sizes.control, min(4, self._n_hinted) * self._least_row_height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer."""
        row = self._row_at(event.position())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the next or the previous row."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._counts:
            super().keyPressEvent(event)
            return
        first = 0 if step > 0 else len(self._counts) - 1
        row = first if self._chosen is None else self._chosen + step
        self._choose(min(max(row, 0), len(self._counts) - 1))

    def _choose(self, row: int) -> None:
        self.set_chosen(row)
        self.chosen.emit(row)

    def _is_empty(self) -> bool:
        return not self._counts

    def _prepare(self) -> None:
        self._painted = []
        if self._images is not None:
            self._painted = [self._grey_or_rgb_image(image) for image in self._images]

    def _in_words(self) -> str:
        return "; ".join(self._text_of(row) for row in range(len(self._counts)))

    def _content_area(self, ratio: float) -> QRectF:  # noqa: ARG002 (the same at every resolution)
        n = len(self._counts)
        height = n * self._row_height() if self._are_rows() else self.height()
        return QRectF(0, 0, self.width(), height)

    def _text_at(self, place: QPointF) -> str:
        row = self._row_at(place)
        return "" if row is None else self._text_of(row)

    def _text_of(self, row: int) -> str:
        share = self._counts[row] / self._total
        return f"{self._names[row]} · {count_text(self._counts[row], 'image')}, {percent_text(share)}"

    def _row_at(self, place: QPointF) -> int | None:
        n = len(self._counts)
        share = place.y() / self._row_height() if self._are_rows() else place.x() / self.width() * n
        return int(share) if 0 <= share < n else None

    def _paint_message(self, painter: QPainter) -> None:
        """Paint the message without the usual square background."""
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("caption"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._message)

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        if self._are_rows():
            for row in range(len(self._counts)):
                self._paint_row(painter, row, ratio)
        else:
            self._paint_columns(painter)

    def _paint_row(self, painter: QPainter, row: int, ratio: float) -> None:
        height, colours = self._row_height(), self._theme.colours
        place = QRectF(0, row * height, self.width(), height)
        if row == self._chosen:
            painter.fillRect(place, QColor(colours.selected))
        left = place.left()
        if self._painted:
            side = height - 2
            image = self._painted[row]
            frame = QRectF(left, place.top() + 1, side, side)
            if image.width() != image.height():
                shown = image.size().toSizeF().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
                frame.setSize(shown)
                frame.moveCenter(QPointF(left + side / 2, place.center().y()))
            paint_pixels(painter, frame, image, ratio)
            left += side + GAP_SMALL_PX
        painter.setFont(self._font())
        painter.setPen(QColor(colours.text))
        metrics = painter.fontMetrics()
        names = self._names_width(self.width() - left)
        name = metrics.elidedText(self._names[row], Qt.TextElideMode.ElideRight, int(names))
        painter.drawText(QRectF(left, place.top(), names, height), Qt.AlignmentFlag.AlignVCenter, name)
        painter.drawText(
            place.adjusted(0, 0, -UNIT_PX, 0),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            f"{self._counts[row]:,}",
        )
        bar_left = left + names + GAP_SMALL_PX
        room = place.right() - UNIT_PX - self._numbers_width() - GAP_SMALL_PX - bar_left
        if room > 0:
            self._paint_bar(painter, row, QRectF(bar_left, place.center().y() - height / 4, room, height / 2))

    def _paint_bar(self, painter: QPainter, row: int, room: QRectF) -> None:
        width = room.width() * self._counts[row] / max(1, *self._counts)
        if not width:
            return
        bar = QRectF(room.left(), room.top(), max(1.0, width), room.height())
        colour = self._colour(row)
        painter.fillRect(bar, colour)
        if self._hues and self._theme.background == "light" and bar.width() > 2:
            painter.setPen(QPen(QColor(_EDGE), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_columns(self, painter: QPainter) -> None:
        n, most = len(self._counts), max(1, *self._counts)
        line = QFontMetricsF(self._theme.font("caption")).height()
        plot = QRectF(0, line, self.width(), self.height() - 2 * line - UNIT_PX)
        painter.fillRect(plot, QColor(self._theme.colours.plot))
        for row, count in enumerate(self._counts):
            left, right = (math.floor(i * plot.width() / n) for i in (row, row + 1))
            height = plot.height() * count / most
            column = QRectF(left, plot.bottom() - height, max(1, right - left - (right - left > 3)), height)
            is_chosen = row == self._chosen
            painter.fillRect(column, QColor(self._theme.colours.accent) if is_chosen else self._colour(row))
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("caption"))
        self._paint_most(painter, QRectF(0, 0, plot.width(), line))
        self._paint_below(painter, QRectF(0, plot.bottom() + UNIT_PX, plot.width(), line))

    def _paint_most(self, painter: QPainter, place: QRectF) -> None:
        """Paint the largest count over its own column, as far as there is room at its sides."""
        most = max(self._counts)
        width = painter.fontMetrics().horizontalAdvance(f"{most:,}") + 1
        middle = place.width() * (self._counts.index(most) + 0.5) / len(self._counts)
        left = min(max(middle - width / 2, 0), max(0, place.width() - width))
        painter.drawText(
            QRectF(left, place.top(), width, place.height()), Qt.AlignmentFlag.AlignLeft, f"{most:,}"
        )

    def _paint_below(self, painter: QPainter, place: QRectF) -> None:
        """Paint the names of the columns, shortened where they must be, or the first and the last."""
        n, metrics = len(self._names), painter.fontMetrics()
        room = place.width() / n
        widest = max(map(metrics.horizontalAdvance, self._names))
        if min(widest, metrics.horizontalAdvance(_SHORTEST_NAME)) < room:
            for number, name in enumerate(self._names):
                cell = QRectF(place.left() + number * room, place.top(), room, place.height())
                fitting = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room))
                painter.drawText(cell, Qt.AlignmentFlag.AlignHCenter, fitting)
            return
        ends = ((self._names[0], Qt.AlignmentFlag.AlignLeft), (self._names[-1], Qt.AlignmentFlag.AlignRight))
        for name, side in ends:
            fitting = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(_END_SHARE * place.width()))
            painter.drawText(place, side, fitting)

    def _colour(self, row: int) -> QColor:
        hues = self._theme.label_colours(self._theme.background)
        return QColor(hues[self._hues[row]] if self._hues else self._theme.colours.field_edge)

    def _are_rows(self) -> bool:
        n = len(self._counts)
        return n <= MOST_ROWS and n * self._row_height() <= self.height()

    def _row_height(self) -> int:
        """Return the height of a row, as large as fits between that of a caption and that of a control."""
        fitting = self.height() // max(1, len(self._counts))
        return max(self._least_row_height(), min(self._hinted_row_height(), fitting))

    def _hinted_row_height(self) -> int:
        return self._theme.sizes.control - UNIT_PX

    def _least_row_height(self) -> int:
        return self._theme.sizes.caption + UNIT_PX

    def _font(self) -> QFont:
        roomy = self._row_height() >= self._theme.sizes.body + 2 * UNIT_PX
        return self._theme.font("body" if roomy else "caption")

    def _names_width(self, room: float) -> float:
        metrics = QFontMetricsF(self._font())
        widest = max(metrics.horizontalAdvance(name) for name in self._names)
        return min(widest + 1, _WIDEST_NAME_SHARE * room)

    def _numbers_width(self) -> float:
        return QFontMetricsF(self._font()).horizontalAdvance(f"{max(self._counts):,}")
