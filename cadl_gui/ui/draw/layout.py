"""The layout of the Draw tab for every window size."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cadl_gui.ui.draw.sections import Sections
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX

_LEAST_CANVAS_PX = 196
_LEAST_SECTION_PX, _LARGEST_SECTION_PX, _SECTION_SHARE = 140, 260, 0.25
_LEAST_MIDDLE_PX, _LARGEST_MIDDLE_PX, _MIDDLE_SHARE = 250, 400, 0.27
_LEAST_TOP_PX = 390
"""Height for the answer and ten bars."""

_NETWORKS_PX = 276
"""Width for three cards side by side."""

_PRESENT_SHARE = 0.42
"""Largest share of the width that the canvas takes in present mode."""

_LEAST_SIZE = QSize(720, 480)
_NO_LIMIT = 2**24 - 1


@dataclass(frozen=True)
class DrawParts:
    """The widgets of the tab.

    Attributes:
        canvas: the canvas.
        bar: its toolbar.
        answer: the answer of the run shown, large.
        details: the bars beneath it, or the reconstruction.
        networks: what each network says.
        sections: what explains the answer, one at a time.
    """

    canvas: QWidget
    bar: QWidget
    answer: QWidget
    details: QWidget
    networks: QWidget
    sections: Sections


class DrawLayout(QWidget):
    """Places the canvas, the answer and the networks side by side, and the open section beneath them.

    Present mode shows the canvas and, at its right, the answer above the networks.
    """

    def __init__(self, parts: DrawParts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._theme = theme
        self._is_presented: bool | None = None
        for part in (parts.networks, parts.sections):
            part.setParent(self)
        self._canvas_column = _column(parts.canvas, parts.bar)
        self._middle = _column(parts.answer, parts.details, is_filled=True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        self._grid.setHorizontalSpacing(GAP_PX)
        self._grid.setVerticalSpacing(GAP_PX)
        theme.changed.connect(self._arrange)

    def minimumSizeHint(self) -> QSize:
        """Return a fixed size, so that the canvas uses the available space but requires none."""
        return _LEAST_SIZE

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts for the new size."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        if self._is_presented != self._theme.present:
            self._is_presented = self._theme.present
            self._place()
        (self._present if self._theme.present else self._fit)()

    def _place(self) -> None:
        """Put all parts into the cells for the mode."""
        grid, presented = self._grid, self._theme.present
        while grid.count():
            grid.takeAt(0)
        grid.addWidget(self._canvas_column, 0, 0, 2 if presented else 1, 1)
        grid.addWidget(self._middle, 0, 1)
        if presented:
            grid.addWidget(self._parts.networks, 1, 1)
        else:
            grid.addWidget(self._parts.networks, 0, 2)
            grid.addWidget(self._parts.sections, 1, 0, 1, 3)
        # Once it has a place: shown before, it would be a window.
        self._parts.sections.setVisible(not presented)
        for row, stretch in enumerate((0, 1)):
            grid.setRowStretch(row, stretch)
        for column in range(3):
            grid.setColumnStretch(column, int(column == (1 if presented else 2)))

    def _fit(self) -> None:
        """Divide the page: the section beneath has a quarter, and the canvas is as large as fits above."""
        width, height, control = self._room().width(), self._room().height(), self._theme.sizes.control
        section = _clamped(_SECTION_SHARE * self.height(), _LEAST_SECTION_PX, _LARGEST_SECTION_PX)
        middle = _clamped(_MIDDLE_SHARE * width, _LEAST_MIDDLE_PX, _LARGEST_MIDDLE_PX)
        bar, switch = GAP_SMALL_PX + control, GAP_PX + control + GAP_SMALL_PX
        top = height - section - switch
        side = max(_LEAST_CANVAS_PX, min(top - bar, width - middle - 2 * GAP_PX - _NETWORKS_PX))
        # In a high window, what the canvas cannot use is left to the section.
        top = min(top, max(_LEAST_TOP_PX, side + bar))
        self._set_canvas(side, side)
        self._middle.setFixedWidth(middle)
        for widget in (self._canvas_column, self._middle, self._parts.networks):
            widget.setFixedHeight(max(0, top))
        # However much its text would like: it would take the room from the canvas.
        self._parts.sections.setFixedHeight(max(0, height - top - GAP_PX))

    def _present(self) -> None:
        """Make the canvas as large as fits beside the answer."""
        room = self._room()
        across = round(_PRESENT_SHARE * room.width())
        side = max(_LEAST_CANVAS_PX, min(room.height() - GAP_SMALL_PX - self._theme.sizes.control, across))
        self._set_canvas(side, side)
        for widget in (self._canvas_column, self._middle, self._parts.networks):
            widget.setMinimumHeight(0)
            widget.setMaximumHeight(_NO_LIMIT)
        self._middle.setMinimumWidth(0)
        self._middle.setMaximumWidth(_NO_LIMIT)
        self._middle.setMaximumHeight(room.height() // 2)

    def _set_canvas(self, side: int, width: int) -> None:
        self._parts.canvas.setFixedSize(side, side)
        self._parts.bar.setFixedWidth(side)
        self._canvas_column.setFixedWidth(width)

    def _room(self) -> QSize:
        return self.size() - QSize(2 * PAGE_MARGIN_PX, 2 * GAP_SMALL_PX)


def _clamped(share: float, least: int, most: int) -> int:
    return min(most, max(least, round(share)))


def _column(*widgets: QWidget, is_filled: bool = False) -> QWidget:
    """Stack widgets; the last one fills the column, or there is space beneath it."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP_SMALL_PX)
    for widget in widgets:
        layout.addWidget(widget, stretch=int(is_filled and widget is widgets[-1]))
    layout.addStretch(0 if is_filled else 1)
    return column
