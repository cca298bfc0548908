"""Painting of the labels of a confusion matrix, left of its cells and above them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cadl_gui.domain.confusion_table import ConfusionTable
from cadl_gui.ui.figures.label_glyph import paint_label
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.train.confusion_layout import ConfusionLayout


def paint_heads(
    painter: QPainter, layout: ConfusionLayout, table: ConfusionTable, theme: Theme, *, coloured: bool
) -> None:
    """Paint every label that has room: names beside chips of their colours, or short labels on these.

    Args:
        painter: Its state is restored.
    """
    painter.save()
    if layout.heads.has_names:
        _paint_names(painter, layout, table, theme)
    else:
        _paint_chips(painter, layout, table, theme, coloured=coloured)
    painter.restore()


def _paint_chips(
    painter: QPainter, layout: ConfusionLayout, table: ConfusionTable, theme: Theme, *, coloured: bool
) -> None:
    grid, side = layout.grid, layout.heads.row - UNIT_PX
    span = min(layout.head_step * layout.cell - 1, side)
    for label in range(0, len(table.names), layout.head_step):
        middle, name = layout.cell_rect(label, label).center(), table.names[label]
        row = QRectF(layout.line + UNIT_PX / 2, middle.y() - span / 2, side, span)
        column = QRectF(middle.x() - span / 2, grid.top() - layout.heads.column + UNIT_PX / 2, span, side)
        paint_label(painter, row, label, theme, coloured=coloured, text=name)
        paint_label(painter, column, label, theme, coloured=coloured, text=name)


def _paint_names(painter: QPainter, layout: ConfusionLayout, table: ConfusionTable, theme: Theme) -> None:
    """Paint names that end at their chips: those of rows beside them, those of columns turned above them."""
    heads, grid = layout.heads, layout.grid
    for place, (name, label) in enumerate(zip(table.names, table.labels, strict=True)):
        middle = layout.cell_rect(place, place).center()
        ends = QPointF(grid.left() - UNIT_PX / 2, middle.y()), QPointF(middle.x(), grid.top() - UNIT_PX / 2)
        for end, room, angle in zip(ends, (heads.row, heads.column), (0, -90), strict=True):
            painter.save()
            painter.translate(end)
            painter.rotate(angle)
            if heads.swatch and label is not None:
                side = heads.swatch - UNIT_PX
                left = -side if angle == 0 else 0.0
                paint_label(painter, QRectF(left, -side / 2, side, side), label, theme, text="")
            if angle == 0 or heads.has_column_names:
                _write_name(painter, name, room - UNIT_PX, heads.swatch, theme, is_turned=angle != 0)
            painter.restore()


def _write_name(
    painter: QPainter, name: str, room: float, swatch: float, theme: Theme, *, is_turned: bool
) -> None:
    """Write as much of a name as fits, up to the origin, or from there if it is turned."""
    painter.setFont(theme.font("caption"))
    painter.setPen(QColor(theme.colours.text))
    width, height = max(0.0, room - swatch), painter.fontMetrics().height()
    shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(width + 1))
    side = Qt.AlignmentFlag.AlignLeft if is_turned else Qt.AlignmentFlag.AlignRight
    place = QRectF(swatch if is_turned else -swatch - width, -height / 2, width, height)
    painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, shown)
