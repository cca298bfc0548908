"""The layout of the Draw tab for every window size."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX

_WIDE_FROM_PX = 1100
_ANSWER_PX = 360
_LEAST_CANVAS_PX = 196
_PREVIEW_PX, _SMALL_PREVIEW_PX = 112, 84
"""Four and three pixels for each pixel of an MNIST image."""

_LEAST_SIZE = QSize(720, 480)


@dataclass(frozen=True)
class DrawParts:
    """The widgets of the tab. The preview is a child of the answer.

    The last four are panels; a narrow window shows one at a time.
    """

    canvas: QWidget
    bar: QWidget
    answer: QWidget
    preview: QWidget
    bars: QWidget
    seen: QWidget
    models: QWidget
    nearest: QWidget
    evidence: QWidget


PANELS = ("seen", "models", "nearest", "evidence")


class DrawLayout(QWidget):
    """Places canvas and answer on top; beside and beneath them the panels, or a switch and one panel.

    Present mode shows only canvas and answer, as large as possible.
    """

    def __init__(self, parts: DrawParts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._theme = theme
        self._panel = PANELS[0]
        self._mode = ""
        self._beneath, self._canvas_column = _column(parts.canvas, parts.bar)
        self._beside, self._answer_column = _column(parts.answer, parts.bars)
        self._switch = self._build_switch()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        self._grid.setHorizontalSpacing(GAP_PX)
        self._grid.setVerticalSpacing(GAP_SMALL_PX)
        theme.changed.connect(self._arrange)

    def minimumSizeHint(self) -> QSize:
        """Return a fixed size, so that the canvas uses the available space but requires none."""
        return _LEAST_SIZE

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts for the new size."""
        super().resizeEvent(event)
        self._arrange()

    def _build_switch(self) -> QWidget:
        switch = QWidget()
        row = QHBoxLayout(switch)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        group = QButtonGroup(switch)
        for name in PANELS:
            button = QPushButton(name.capitalize())
            button.setObjectName(f"{name}PanelButton")
            button.setCheckable(True)
            button.setChecked(name == self._panel)
            button.clicked.connect(lambda _, name=name: self._choose(name))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return switch

    def _choose(self, panel: str) -> None:
        self._panel = panel
        self._show_panels()

    @Slot()
    def _arrange(self) -> None:
        mode = "present" if self._theme.present else "wide" if self.width() >= _WIDE_FROM_PX else "narrow"
        if mode != self._mode:
            self._mode = mode
            self._place()
            self._show_panels()
        self._resize_canvas()

    def _place(self) -> None:
        """Put all parts into the cells for the mode."""
        parts, grid = self._parts, self._grid
        while grid.count():
            grid.takeAt(0)
        self._beside.insertWidget(0, parts.answer)
        places = {"canvas": (0, 0, 2, 1), "answer": (0, 1, 2, 1), "switch": (2, 0, 1, 2)}
        places |= dict.fromkeys(PANELS, (3, 0, 1, 2))
        if self._mode == "wide":
            places |= {"evidence": (0, 2, 2, 1), "nearest": (2, 2, 2, 1)}
            places |= {"seen": (2, 0, 1, 2), "models": (3, 0, 1, 2)}
        elif self._mode == "present":
            self._beneath.addWidget(parts.answer)
        widgets = {"canvas": self._canvas_column, "answer": self._answer_column, "switch": self._switch}
        widgets |= {name: getattr(parts, name) for name in PANELS}
        for name, (row, column, rows, columns) in places.items():
            grid.addWidget(widgets[name], row, column, rows, columns)
        wide = self._mode == "wide"
        self._answer_column.setMaximumWidth(_ANSWER_PX if wide else 2**24 - 1)
        grid.setRowStretch(3, 1)
        for column in range(3):
            grid.setColumnStretch(column, int(column == (2 if wide else 1)))

    def _show_panels(self) -> None:
        self._switch.setVisible(self._mode == "narrow")
        for name in PANELS:
            shown = self._mode == "wide" or (self._mode == "narrow" and name == self._panel)
            getattr(self._parts, name).setVisible(shown)

    def _resize_canvas(self) -> None:
        """Make the canvas a square, as large as the parts beneath it allow.

        In present mode, these include the answer, which is half the window wide whatever the canvas needs.
        """
        parts, sizes = self._parts, self._theme.sizes
        half = (self.width() - 2 * PAGE_MARGIN_PX - GAP_PX) // 2
        preview = _PREVIEW_PX if self._mode == "wide" else _SMALL_PREVIEW_PX
        parts.preview.setFixedSize(preview, preview)
        beneath = 2 * GAP_SMALL_PX + GAP_SMALL_PX + sizes.control
        if self._mode == "present":
            answer = parts.answer
            beneath += max(answer.sizeHint().height(), answer.heightForWidth(half)) + GAP_SMALL_PX
        elif self._mode == "wide":
            beneath += 2 * GAP_SMALL_PX + parts.seen.sizeHint().height() + parts.models.sizeHint().height()
        else:
            beneath += 2 * GAP_SMALL_PX + sizes.control + parts.models.sizeHint().height()
        room = min(self.height() - beneath, half)
        side = max(_LEAST_CANVAS_PX, room)
        parts.canvas.setFixedSize(side, side)
        parts.bar.setFixedWidth(side)
        self._canvas_column.setFixedWidth(half if self._mode == "present" else side)


def _column(*widgets: QWidget) -> tuple[QVBoxLayout, QWidget]:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP_SMALL_PX)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return layout, column
