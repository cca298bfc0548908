"""The confusion matrix of a classifier."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.confusion_table import ConfusionTable, confusion_table
from cadl_gui.domain.formatting import count_text, percent_text
from cadl_gui.system.words import _
from cadl_gui.ui.array_image import array_image, rgb
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX
from cadl_gui.ui.train.accuracy_line import right_text, wrong_text
from cadl_gui.ui.train.confusion_heads import paint_heads
from cadl_gui.ui.train.confusion_layout import ConfusionLayout, confusion_layout

_NO_MATRIX = np.zeros((0, 0), np.int64)
_ROWS, _COLUMNS = _("True"), _("Predicted")
_IMAGES = _("validation images")
_LEGEND = _("share of row")
_LEGEND_SHARES = (1.0, 0.1, 0.01, 0.001)
_RIGHT_STRENGTH = 0.12
"""Intensity of a diagonal cell relative to a mistake of the same share, so that mistakes stand out."""

_LINES_FROM_PX = 12
"""Cells at least this many device pixels wide are separated by lines; among smaller ones lines dominate."""


class ConfusionView(FigureView):
    """Shows a confusion matrix as a heat map with counts, and the accuracy above it.

    The grey of a mistake is the cube root of its share of its row: one in a thousand is still visible, and
    the same share has the same grey at every epoch. What is right has its label's colour, the stronger the
    larger its share; where labels have none, it uses the scale of mistakes, but fainter. Where
    there is no room for the labels of all classes, those confused most have rows of their own, and all
    others one together.

    Args:
        has_heading: Whether the accuracy is written above the matrix.

    Signals:
        chosen: (int or None, int or None) A cell was clicked: its true class, and the predicted one; at the
            head of a row or column one of the two is None.
    """

    chosen = Signal(object, object)

    def __init__(self, theme: Theme, *, empty_text: str, has_heading: bool = True) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._has_heading = has_heading
        self._matrix = _NO_MATRIX
        self._images = _IMAGES
        self._class_names: tuple[str, ...] = ()
        self.setToolTip(_("Click a number to see these images in Data"))

    @Slot(bool)
    def set_heading(self, on: bool) -> None:
        """Write the accuracy above the matrix, or leave it out."""
        self._has_heading = on
        self._refresh()

    @property
    def confusion(self) -> NDArray[np.int64] | None:
        """The matrix shown, (n_classes, n_classes), or None."""
        return self._matrix if self._matrix.size else None

    def set_confusion(
        self,
        matrix: NDArray[np.int64] | None,
        images: str = _IMAGES,
        class_names: tuple[str, ...] = (),
    ) -> None:
        """Show the number of images per true label (row) and predicted label (column).

        Args:
            matrix: (n_classes, n_classes) counts; None, or all zeros, empties the view.
            images: Name of the images that were counted, such as "validation images".

        Raises:
            ValueError: If the matrix is not square.
        """
        if matrix is not None and (matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]):
            raise ValueError(f"Expected (n_labels, n_labels). Received: shape={matrix.shape}")
        self._matrix = matrix if matrix is not None and matrix.sum() else _NO_MATRIX
        self._images = images
        self._class_names = class_names or numbered(len(self._matrix))
        self._refresh()

    def _in_words(self) -> str:
        return _in_words(self._matrix, self._images, self._class_names)

    def _items(self, ratio: float) -> Iterator[Item]:
        if not self._matrix.size:
            return
        layout, table = self._arranged(ratio)
        right = max(self._text_right(layout), self._legend_left(layout) + self._legend_width(layout))
        whole = QRectF(0, 0, min(self.width(), right), min(self.height(), layout.grid.bottom()))
        yield Item(whole, partial(self._paint_matrix, layout, table))
        grid, heads, cell = layout.grid, layout.heads, layout.cell
        for i, label in enumerate(table.labels):
            of_row = QRectF(layout.line, grid.top() + i * cell, heads.row, cell)
            of_column = QRectF(grid.left() + i * cell, grid.top() - heads.column, cell, heads.column)
            n_images = count_text(int(table.counts[:, i].sum()), "image")
            predicted = _("predicted {names}: {n_images}").format(names=table.names[i], n_images=n_images)
            yield Item(of_row, None, _row_text(table, i), click=self._click(label, None))
            yield Item(of_column, None, predicted, click=self._click(None, label))
        yield Item(grid, part_at=partial(self._cell_at, layout, table))

    def _cell_at(self, layout: ConfusionLayout, table: ConfusionTable, place: QPointF) -> Item | None:
        offset = place - layout.grid.topLeft()
        row, column = int(offset.y() // layout.cell), int(offset.x() // layout.cell)
        if max(row, column) >= len(table.labels):
            return None
        label, answer = table.labels[row], table.labels[column]
        click = None if label is None or answer is None else self._click(label, answer)
        return Item(layout.cell_rect(row, column), None, _cell_text(table, row, column), click=click)

    def _click(self, row: int | None, column: int | None) -> Callable[[], object] | None:
        """Return what a click on a cell or a head does; that of the others chooses nothing."""
        return None if row is column is None else partial(self.chosen.emit, row, column)

    def _paint_matrix(self, layout: ConfusionLayout, table: ConfusionTable, pen: Pen) -> None:
        if self._has_heading:
            self._paint_accuracy(pen, layout)
        self._paint_captions(pen, layout)
        paint_heads(pen.painter, layout, table, self._theme, coloured=self._is_coloured)
        self._paint_cells(pen.painter, layout, table, pen.ratio)
        if self._legend_width(layout):
            self._paint_legend(pen.painter, layout)

    @property
    def _is_coloured(self) -> bool:
        return len(self._matrix) <= len(self._theme.label_colours(self._theme.background))

    def _arranged(self, ratio: float) -> tuple[ConfusionLayout, ConfusionTable]:
        """Return the matrix with as many classes as can be read, and its layout."""
        names = self._class_names
        table = ConfusionTable(self._matrix, names, tuple(range(len(names))))
        layout = self._layout_of(table, ratio)
        while len(table.names) > layout.most:
            table = confusion_table(self._matrix, names, layout.most)
            layout = self._layout_of(table, ratio)
        return layout, table

    def _layout_of(self, table: ConfusionTable, ratio: float) -> ConfusionLayout:
        return confusion_layout(
            table.counts,
            self.size(),
            self._theme,
            ratio,
            table.names,
            coloured=self._is_coloured,
            has_heading=self._has_heading,
        )

    def _paint_accuracy(self, pen: Pen, layout: ConfusionLayout) -> None:
        colours, accuracy = self._theme.colours, QRectF(0, 0, self.width(), layout.accuracy_height)
        pen.painter.setFont(layout.accuracy_font)
        pen.text(accuracy, _accuracy_text(self._matrix), colours.text)
        if layout.wrong_height:
            pen.painter.setFont(self._theme.font("caption"))
            wrong = QRectF(0, accuracy.bottom(), self.width(), layout.wrong_height)
            pen.text(wrong, self._wrong_line(), colours.secondary)

    def _paint_captions(self, pen: Pen, layout: ConfusionLayout) -> None:
        grid, line, head = layout.grid, layout.line, layout.heads.column
        colour, painter, top = self._theme.colours.secondary, pen.painter, Qt.AlignmentFlag.AlignTop
        painter.setFont(self._theme.font("caption"))
        columns = QRectF(grid.left(), grid.top() - head - line, self.width() - grid.left(), line)
        pen.text(columns, _COLUMNS, colour, top | Qt.AlignmentFlag.AlignLeft)
        painter.save()
        painter.translate(0, self.height())
        painter.rotate(-90)
        rows = QRectF(0, 0, self.height() - grid.top(), line)
        pen.text(rows, _ROWS, colour, top | Qt.AlignmentFlag.AlignRight)
        painter.restore()

    def _paint_cells(
        self, painter: QPainter, layout: ConfusionLayout, table: ConfusionTable, ratio: float
    ) -> None:
        counts = table.counts
        greys = array_image(self._colours_of(table))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(layout.grid, greys)
        if layout.cell * ratio >= _LINES_FROM_PX:
            self._paint_lines(painter, layout, len(counts), 1 / ratio)
        if layout.count_font is None:
            return
        painter.setFont(layout.count_font)
        for row, column in np.argwhere(counts).tolist():
            if row != column or layout.shows_right_counts:
                painter.setPen(ink_on(greys.pixelColor(column, row)))
                count = str(counts[row, column])
                painter.drawText(layout.cell_rect(row, column), Qt.AlignmentFlag.AlignCenter, count)

    def _paint_lines(self, painter: QPainter, layout: ConfusionLayout, n: int, thickness: float) -> None:
        """Paint a line of one device pixel at the end of each row and column."""
        grid, colour = layout.grid, QColor(self._theme.colours.line)
        for i in range(1, n + 1):
            end = i * layout.cell - thickness
            painter.fillRect(QRectF(grid.left() + end, grid.top(), thickness, grid.height()), colour)
            painter.fillRect(QRectF(grid.left(), grid.top() + end, grid.width(), thickness), colour)

    def _paint_legend(self, painter: QPainter, layout: ConfusionLayout) -> None:
        line, left = layout.line, self._legend_left(layout)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(QColor(self._theme.colours.secondary))
        place = QRectF(left, layout.grid.bottom(), self._legend_width(layout), line)
        swatches = array_image(self._greys(np.cbrt([_LEGEND_SHARES])))
        for i, share in reversed(list(enumerate(_LEGEND_SHARES))):
            place.moveBottom(place.top())
            painter.fillRect(QRectF(left, place.top() + 1, line, line - 2), swatches.pixelColor(i, 0))
            words = place.adjusted(line + UNIT_PX, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, f"{100 * share:g} %")
        place.moveBottom(place.top())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, _LEGEND)

    def _legend_left(self, layout: ConfusionLayout) -> float:
        return layout.grid.right() + GAP_SMALL_PX

    def _legend_width(self, layout: ConfusionLayout) -> float:
        """Width of the legend beside the cells, or 0 if there is no room for it."""
        width = QFontMetricsF(self._theme.font("caption")).horizontalAdvance(_LEGEND) + 1
        fits_below = layout.grid.height() >= (len(_LEGEND_SHARES) + 1) * layout.line
        return width if fits_below and self._legend_left(layout) + width <= self.width() else 0.0

    def _text_right(self, layout: ConfusionLayout) -> float:
        """Right end of the longest line of text."""
        caption = QFontMetricsF(self._theme.font("caption"))
        heading = _accuracy_text(self._matrix) if self._has_heading else ""
        accuracy = QFontMetricsF(layout.accuracy_font).horizontalAdvance(heading)
        wrong = caption.horizontalAdvance(self._wrong_line()) if layout.wrong_height else 0.0
        return 1 + max(accuracy, wrong, layout.grid.left() + caption.horizontalAdvance(_COLUMNS))

    def _wrong_line(self) -> str:
        """Return the error count, in its long form if that fits."""
        full, short = (wrong_text(self._matrix, images) for images in (self._images, ""))
        fits = QFontMetricsF(self._theme.font("caption")).horizontalAdvance(full) <= self.width()
        return full if fits else short

    def _colours_of(self, table: ConfusionTable) -> NDArray[np.uint8]:
        """Return the colour of each cell, (n, n, 3)."""
        colours = self._greys(_strengths(table))
        if not self._is_coloured:
            return colours
        plot = rgb(self._theme.colours.plot).astype(np.float64)
        shares = table.counts.diagonal() / np.maximum(1, table.counts.sum(1))
        for place, (label, share) in enumerate(zip(table.labels, shares, strict=True)):
            if label is not None:
                of_label = rgb(self._theme.label_colours(self._theme.background)[label])
                colours[place, place] = np.rint(plot + share * (of_label - plot))
        return colours

    def _greys(self, strengths: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Map (n, m) strengths to (n, m, 3) colours, from the plot background (0) to the text colour (1)."""
        colours = self._theme.colours
        frame, ink = rgb(colours.plot).astype(np.float64), rgb(colours.text)
        greys: NDArray[np.uint8] = np.rint(frame + strengths[..., np.newaxis] * (ink - frame)).astype(
            np.uint8
        )
        return greys


def _cell_text(table: ConfusionTable, row: int, column: int) -> str:
    count, total = int(table.counts[row, column]), int(table.counts[row].sum())
    share = f" ({percent_text(count / total)})" if total else ""
    is_of_others = table.labels[row] is None and table.labels[column] is None
    right = (
        _("; of these, {n_right_of_others:,} right").format(n_right_of_others=table.n_right_of_others)
        if is_of_others
        else ""
    )
    return _("true {name}, predicted {answer}: {count:,} of {total:,}{share}{right}").format(
        name=table.names[row],
        answer=table.names[column],
        count=count,
        total=total,
        share=share,
        right=right,
    )


def _row_text(table: ConfusionTable, row: int) -> str:
    total = int(table.counts[row].sum())
    right = table.n_right_of_others if table.labels[row] is None else int(table.counts[row, row])
    share = f" ({percent_text(right / total)})" if total else ""
    return _("true {name}: {right:,} of {total:,} right{share}").format(
        name=table.names[row], right=right, total=total, share=share
    )


def _strengths(table: ConfusionTable) -> NDArray[np.float64]:
    """Return how dark each cell is, (n, n) in [0, 1]; mistakes of the others are as dark as any."""
    totals = np.maximum(1, table.counts.sum(1, keepdims=True))
    strengths: NDArray[np.float64] = np.cbrt(table.counts / totals)
    strengths[np.diag_indices_from(strengths)] *= _RIGHT_STRENGTH
    if table.labels[-1] is None:
        wrong = (table.counts[-1, -1] - table.n_right_of_others) / totals[-1, 0]
        strengths[-1, -1] = max(strengths[-1, -1], np.cbrt(wrong))
    return strengths


def _accuracy_text(matrix: NDArray[np.int64]) -> str:
    return _("{right} correct").format(right=right_text(matrix))


def _in_words(matrix: NDArray[np.int64], images: str, names: tuple[str, ...]) -> str:
    """Describe the accuracy and the most frequent mistake."""
    mistakes = matrix - np.diag(matrix.diagonal())
    label, answer = np.unravel_index(mistakes.argmax(), mistakes.shape)
    count = int(mistakes[label, answer])
    often = _(" Most often {name} was predicted as {answer}: {times}.").format(
        name=names[label], answer=names[answer], times=count_text(count, "time")
    )
    return f"{_accuracy_text(matrix)}. {wrong_text(matrix, images)}.{often if count else ''}"
