"""A label as the network is taught it: a one among zeros."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import REGULAR, SEMIBOLD, UNIT_PX

_MOST_NAME_LINES = 5
"""Height of the names where they are turned, as a multiple of the caption's line."""

_WIDEST_CELL = 2
"""Largest width of a cell, as a multiple of its height."""


class OneHotView(FigureView):
    """Shows a row of cells, one for each class, with a 1 in that of the label and 0 in all others.

    Class names are below their cells, turned where they are wider than these. Of more classes than fit, the
    first, the last and those around the label have cells.
    """

    _plain_message = "caption"

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._label: int | None = None
        self._class_names: tuple[str, ...] = ()
        self._widest_name = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Class names of the label shown; () if there is none."""
        return self._class_names

    def set_label(self, label: int | None, class_names: tuple[str, ...]) -> None:
        """Show a label.

        Args:
            label: Index of a class; None empties the view.
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

    def _prepare(self) -> None:
        # Of all names, so that the height does not change from image to image.
        metrics = QFontMetricsF(self._theme.font("caption", SEMIBOLD))
        self._widest_name = max(map(metrics.horizontalAdvance, self._class_names), default=0.0)
        self.updateGeometry()

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        if self._label is None:
            return
        height, others = (
            self._theme.sizes.control,
            _("; every other class is 0") * (len(self._class_names) > 1),
        )
        labels, width = self._shown_labels(), self._cell_width()
        edges = [round(i * width) for i in range(len(labels) + 1)]
        whole = QRectF(0, 0, min(self.width(), edges[-1]), min(self.height(), self._height()))
        yield Item(whole, words=f"{self._text_of(self._label)}{others}")
        for i, label in enumerate(labels):
            place = QRectF(edges[i], 0, edges[i + 1] - edges[i], whole.height())
            # Neighbours share an edge.
            cell = QRectF(edges[i], 0, place.width() + (i < len(labels) - 1), height)
            tip = "" if label < 0 else self._text_of(label)
            yield Item(place, partial(self._paint_cell, label, cell), tip)

    def _text_of(self, label: int) -> str:
        name = self._class_names[label]
        named = "" if name == str(label) else f" · {name}"
        return _("class {label} of {n}{named} · {number}").format(
            label=label, n=len(self._class_names), named=named, number=int(label == self._label)
        )

    def _paint_cell(self, label: int, place: QRectF, pen: Pen) -> None:
        colours, painter = self._theme.colours, pen.painter
        painter.setFont(self._theme.font("body"))
        if label < 0:
            pen.text(place, "…", colours.secondary, Qt.AlignmentFlag.AlignCenter)
            return
        is_one = label == self._label
        weight = SEMIBOLD if is_one else REGULAR
        fill = QColor(colours.plot)
        if is_one:
            hues = self._theme.label_colours(self._theme.background)
            fill = QColor(hues[label] if len(self._class_names) <= len(hues) else colours.text)
        painter.setPen(QPen(QColor(colours.field_edge), 1))
        painter.setBrush(fill)
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(ink_on(fill) if is_one else QColor(colours.secondary))
        painter.setFont(self._theme.font("body", weight))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(int(is_one)))
        painter.setFont(self._theme.font("caption", weight))
        colour, name = colours.text if is_one else colours.secondary, self._class_names[label]
        room = QRectF(place.left(), place.bottom() + UNIT_PX, place.width(), self._name_height())
        if not self._are_turned():
            painter.setPen(QColor(colour))
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextDontClip, name)
            return
        painter.translate(room.center().x(), room.top())
        painter.rotate(90)
        pen.text(QRectF(0, -room.width() / 2, room.height(), room.width()), name, colour)

    def _cell_width(self) -> float:
        return min(self.width() / len(self._shown_labels()), _WIDEST_CELL * self._theme.sizes.control)

    def _shown_labels(self) -> list[int]:
        """Return the labels that have a cell, in order; -1 stands for those left out between two."""
        n, label = len(self._class_names), self._label or 0
        most = max(5, int(self.width() / self._theme.line_px))
        if n <= most:
            return list(range(n))
        near = (most - 4) // 2
        first = min(max(label - near, 2), n - 2 - (most - 4))
        middle = range(first, first + most - 4)
        before = [0, 1] if middle[0] == 2 else [0, -1]
        after = [n - 2, n - 1] if middle[-1] == n - 3 else [-1, n - 1]
        return [*before, *middle, *after]

    def _are_turned(self) -> bool:
        return self._widest_name > round(self._cell_width()) + (len(self._class_names) > 1) - UNIT_PX

    def _name_height(self) -> float:
        line = QFontMetricsF(self._theme.font("caption", SEMIBOLD)).height()
        if not self._class_names or not self._are_turned():
            return line
        return max(line, min(self._widest_name + 1, _MOST_NAME_LINES * line))

    def _height(self) -> float:
        return self._theme.sizes.control + UNIT_PX + self._name_height()
