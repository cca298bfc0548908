"""A label as the network is taught it: a one among zeros."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD, UNIT_PX
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.ink import ink_on

_MOST_NAME_LINES = 5
"""Height of the names where they are turned, as a multiple of the caption's line."""

_WIDEST_CELL = 2
"""Largest width of a cell, as a multiple of its height."""


class _Cell(NamedTuple):
    """A cell of the row; `label` is -1 for cells that are left out."""

    label: int
    place: QRectF


class OneHotView(FigureView):
    """Shows a row of cells, one for each class, with a 1 in that of the label and 0 in all others.

    Class names are below their cells, turned where they are wider than these. Of more classes than fit, the
    first, the last and those around the label have cells.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no label.

    Signals:
        hover_text: (str) The class under the pointer, such as "class 3 of 10 · cat · 0".
    """

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._label: int | None = None
        self._class_names: tuple[str, ...] = ()
        self._widest_name = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Class names of the label shown; () if there is none."""
        return self._class_names

    @Slot(object, object)
    def set_label(self, label: int | None, class_names: tuple[str, ...]) -> None:
        """Show a label.

        Args:
            label: Index of a class; None empties the view.
            class_names: Class names by label.
        """
        self._label, self._class_names = label, class_names
        self._refresh()

    def sizeHint(self) -> QSize:
        """Prefer cells as high as other controls, with the names below."""
        return QSize(10 * self._theme.sizes.control, round(self._height()))

    def minimumSizeHint(self) -> QSize:
        """Let cells be narrower, but not lower."""
        return QSize(4 * self._theme.sizes.control, round(self._height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where names have to be turned, or no more."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _is_empty(self) -> bool:
        return self._label is None

    def _prepare(self) -> None:
        # Of all names, so that the height does not change from image to image.
        metrics = QFontMetricsF(self._theme.font("caption", SEMIBOLD))
        self._widest_name = max(map(metrics.horizontalAdvance, self._class_names), default=0.0)
        self.updateGeometry()

    def _in_words(self) -> str:
        assert self._label is not None, "there is a label to describe"
        others = "; every other class is 0" if len(self._class_names) > 1 else ""
        return f"{self._text_of(self._label)}{others}"

    def _content_area(self, ratio: float) -> QRectF:  # noqa: ARG002 (the same at every resolution)
        right = max(cell.place.right() for cell in self._cells())
        return QRectF(0, 0, min(self.width(), right + 1), min(self.height(), self._height()))

    def _paint_content(self, painter: QPainter, ratio: float) -> None:  # noqa: ARG002
        for cell in self._cells():
            if cell.label < 0:
                painter.setPen(QColor(self._theme.colours.secondary))
                painter.setFont(self._theme.font("body"))
                painter.drawText(cell.place, Qt.AlignmentFlag.AlignCenter, "…")
            else:
                self._paint_cell(painter, cell)
                self._paint_name(painter, cell)

    def _paint_message(self, painter: QPainter) -> None:
        """Paint the message without the usual square background."""
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("caption"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._message)

    def _text_at(self, place: QPointF) -> str:
        for cell in self._cells():
            if cell.label >= 0 and cell.place.left() <= place.x() < cell.place.right():
                return self._text_of(cell.label)
        return ""

    def _text_of(self, label: int) -> str:
        name = self._class_names[label]
        named = "" if name == str(label) else f" · {name}"
        return f"class {label} of {len(self._class_names)}{named} · {int(label == self._label)}"

    def _paint_cell(self, painter: QPainter, cell: _Cell) -> None:
        colours = self._theme.colours
        is_one = cell.label == self._label
        painter.setPen(QPen(QColor(colours.field_edge), 1))
        fill = QColor(colours.plot)
        if is_one:
            hues = self._theme.label_colours(self._theme.background)
            fill = QColor(hues[cell.label] if len(self._class_names) <= len(hues) else colours.text)
        painter.setBrush(fill)
        painter.drawRect(cell.place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(ink_on(fill) if is_one else QColor(colours.secondary))
        painter.setFont(self._theme.font("body", SEMIBOLD) if is_one else self._theme.font("body"))
        painter.drawText(cell.place, Qt.AlignmentFlag.AlignCenter, str(int(is_one)))

    def _paint_name(self, painter: QPainter, cell: _Cell) -> None:
        colours, is_one = self._theme.colours, cell.label == self._label
        painter.setPen(QColor(colours.text if is_one else colours.secondary))
        painter.setFont(self._theme.font("caption", SEMIBOLD) if is_one else self._theme.font("caption"))
        room = QRectF(
            cell.place.left(), cell.place.bottom() + UNIT_PX, cell.place.width(), self._name_height()
        )
        name, metrics = self._class_names[cell.label], painter.fontMetrics()
        if not self._are_turned():
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextDontClip, name)
            return
        painter.save()
        painter.translate(room.center().x(), room.top())
        painter.rotate(90)
        fitting = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room.height()))
        along = QRectF(0, -room.width() / 2, room.height(), room.width())
        painter.drawText(along, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, fitting)
        painter.restore()

    def _cells(self) -> Iterator[_Cell]:
        height = self._theme.sizes.control
        labels = self._shown_labels()
        width = min(self.width() / len(labels), _WIDEST_CELL * height)
        edges = [round(i * width) for i in range(len(labels) + 1)]
        for i, label in enumerate(labels):
            # Neighbours share an edge.
            yield _Cell(label, QRectF(edges[i], 0, edges[i + 1] - edges[i] + (i < len(labels) - 1), height))

    def _shown_labels(self) -> list[int]:
        """Return the labels that have a cell, in order; -1 stands for those left out between two."""
        n, label = len(self._class_names), self._label or 0
        most = max(5, int(self.width() / self._least_cell()))
        if n <= most:
            return list(range(n))
        near = (most - 4) // 2
        first = min(max(label - near, 2), n - 2 - (most - 4))
        middle = range(first, first + most - 4)
        before = [0, 1] if middle[0] == 2 else [0, -1]
        after = [n - 2, n - 1] if middle[-1] == n - 3 else [-1, n - 1]
        return [*before, *middle, *after]

    def _least_cell(self) -> float:
        """Return the least width of a cell: a line of turned names, with a gap."""
        return self._theme.sizes.caption + UNIT_PX

    def _are_turned(self) -> bool:
        cells = list(self._cells())
        return self._widest_name > cells[0].place.width() - UNIT_PX

    def _name_height(self) -> float:
        line = QFontMetricsF(self._theme.font("caption", SEMIBOLD)).height()
        if not self._class_names or not self._are_turned():
            return line
        return max(line, min(self._widest_name + 1, _MOST_NAME_LINES * line))

    def _height(self) -> float:
        return self._theme.sizes.control + UNIT_PX + self._name_height()
