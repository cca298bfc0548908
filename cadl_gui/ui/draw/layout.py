"""The layout of the Draw tab for every window size.

A grid layout kept the heights of present mode.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from cadl_gui.domain.class_names import MOST_SHOWN
from cadl_gui.ui.controls.parts import column_in
from cadl_gui.ui.draw.drawing_answer import DrawingAnswer
from cadl_gui.ui.draw.sections import Sections
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX

_LEAST_CANVAS_PX = 196
_LEAST_BAR = 5
"""Least width of the toolbar, as a multiple of a control's height: a button clears a small canvas, too."""

_LEAST_SECTION_PX, _LARGEST_SECTION_PX, _SECTION_SHARE = 140, 260, 0.25
_LEAST_MIDDLE_PX, _LARGEST_MIDDLE_PX, _MIDDLE_SHARE = 250, 400, 0.27
_LEAST_TOP_PX = 390
"""Height for the answer and ten bars."""

_NETWORKS_PX = 276
"""Width for three cards side by side."""

_PRESENT_SHARE = 0.4
"""Largest share of the width that the canvas takes in present mode."""

_PRESENT_SECTION_SHARE = 0.6
"""Share of the canvas's height that a section beside it takes in present mode."""

_PRESENT_SECTIONS = "seen", "evidence", "history", "fool"
_WIDE, _WIDE_ABOVE_SECTION = 8, 12
"""Width from which the bars are beside the answer in a low window, as a multiple of the largest type."""

_LEAST_SIZE = QSize(720, 480)


@dataclass(frozen=True)
class DrawParts:
    """The widgets of the tab.

    Attributes:
        canvas: the canvas.
        bar: its toolbar.
        answer: the answer of the run shown, large.
        details: the bars beneath it, or the reconstruction.
        bars: the bars.
        networks: what each network says.
        sections: the buttons of what explains the answer, one at a time.
    """

    canvas: QWidget
    bar: QWidget
    answer: DrawingAnswer
    details: QStackedWidget
    bars: QWidget
    networks: QWidget
    sections: Sections


class DrawLayout(QWidget):
    """Places the canvas, the answer and the networks side by side, and the open section beneath them.

    Present mode shows the canvas and, at its right, the answer with its bars; and below them, one of a few
    sections, which takes the place of bars that would be too small. The canvas stays as it is.
    """

    def __init__(self, parts: DrawParts, theme: Theme) -> None:
        super().__init__()
        self._parts = parts
        self._theme = theme
        self._canvas_column, self._middle = QWidget(), QWidget()
        column = column_in(self._canvas_column, GAP_SMALL_PX, parts.canvas, parts.bar, None)
        column.setAlignment(parts.canvas, Qt.AlignmentFlag.AlignLeft)
        column_in(self._middle, GAP_SMALL_PX, parts.answer, (parts.details, 1))
        theme.stage.put(When.AT_A_DESK, parts.networks)
        for part in (self._canvas_column, self._middle, parts.networks, parts.sections, parts.sections.pages):
            part.setParent(self)
        parts.sections.folded.connect(self._arrange)
        parts.details.currentChanged.connect(self._arrange)
        theme.changed.connect(self._arrange)

    def minimumSizeHint(self) -> QSize:
        """Return a fixed size, so that the canvas uses the available space but requires none."""
        return _LEAST_SIZE

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts for the new size."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Arrange the parts anew when one of them needs another size, or did while the page was hidden."""
        is_done = super().event(event)
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            self._arrange()
        return is_done

    @Slot()
    def _arrange(self) -> None:
        sections, present = self._parts.sections, self._theme.present
        sections.offer_only(*(_PRESENT_SECTIONS if present else ()))
        sections.pages.setVisible(sections.is_open)
        (self._present if present else self._fit)()

    def _fit(self) -> None:
        """Divide the page: the section beneath has a quarter, and the canvas is as large as fits above."""
        room, control = self._room(), self._theme.sizes.control
        section = _clamped(_SECTION_SHARE * self.height(), _LEAST_SECTION_PX, _LARGEST_SECTION_PX)
        middle = _clamped(_MIDDLE_SHARE * room.width(), _LEAST_MIDDLE_PX, _LARGEST_MIDDLE_PX)
        bar, switch = GAP_SMALL_PX + control, GAP_PX + control + GAP_SMALL_PX
        top = room.height() - section - switch
        side = max(_LEAST_CANVAS_PX, min(top - bar, room.width() - middle - 2 * GAP_PX - _NETWORKS_PX))
        # In a high window, what the canvas cannot use is left to the section.
        top = max(side + bar, min(top, max(_LEAST_TOP_PX, side + bar)))
        x = self._place_canvas(side, top)
        self._place_middle(QRect(x, room.y(), middle, top))
        x += middle + GAP_PX
        self._parts.networks.setGeometry(x, room.y(), room.right() + 1 - x, top)
        y = room.y() + top + GAP_PX
        self._parts.sections.setGeometry(room.x(), y, room.width(), control)
        y += control + GAP_SMALL_PX
        self._parts.sections.pages.setGeometry(room.x(), y, room.width(), room.bottom() + 1 - y)

    def _present(self) -> None:
        """Make the canvas as large as fits beside the answer, below which is the open section."""
        room, control, sections = self._room(), self._theme.sizes.control, self._parts.sections
        row = sections.row_height
        sections.setGeometry(room.x(), room.bottom() + 1 - row, room.width(), row)
        height = room.height() - row - GAP_SMALL_PX
        x = self._place_canvas(
            min(height - GAP_SMALL_PX - control, round(_PRESENT_SHARE * room.width())), height
        )
        top = QRect(x, room.y(), room.right() + 1 - x, height)
        if sections.is_open:
            top.setHeight(height - round(_PRESENT_SECTION_SHARE * height))
        self._place_middle(top, above_section=sections.is_open)
        top.setTop(self._middle.geometry().bottom() + 1 + GAP_SMALL_PX)
        sections.pages.setGeometry(top.adjusted(0, 0, 0, room.y() + height - top.bottom() - 1))

    def _place_middle(self, room: QRect, *, above_section: bool = False) -> None:
        """Place the answer above its bars or, where ten do not fit, beside them; or let it be compact.

        Args:
            room: where; above a section, bars that do not fit leave theirs to it.
        """
        sizes, details, answer = self._theme.sizes, self._parts.details, self._parts.answer
        lacks_room = answer.full_height + GAP_SMALL_PX + MOST_SHOWN * sizes.body > room.height()
        wide = _WIDE_ABOVE_SECTION if above_section else _WIDE
        is_low = lacks_room and room.width() >= wide * sizes.hero
        is_small = lacks_room and not is_low
        leaves_out = above_section and is_small and details.currentWidget() is self._parts.bars
        details.setVisible(not leaves_out)
        answer.set_compact(is_small and not leaves_out)
        if leaves_out:
            room = QRect(
                room.x(), room.y(), room.width(), max(answer.full_height, answer.sizeHint().height())
            )
        row = self._middle.layout()
        assert isinstance(row, QBoxLayout), "made by column_in"
        row.setDirection(QBoxLayout.Direction.LeftToRight if is_low else QBoxLayout.Direction.TopToBottom)
        row.setStretch(0, int(is_low))  # setStretchFactor would ask for the layout again, and so forever
        self._middle.setGeometry(room)

    def _place_canvas(self, side: int, height: int) -> int:
        """Place the canvas in a column of this height; return where the next column begins."""
        room = self._room()
        self._parts.canvas.setFixedSize(side, side)
        width = max(side, _LEAST_BAR * self._theme.sizes.control)
        self._parts.bar.setFixedWidth(width)
        self._canvas_column.setGeometry(room.x(), room.y(), width, height)
        return room.x() + width + GAP_PX

    def _room(self) -> QRect:
        return self.rect().adjusted(PAGE_MARGIN_PX, GAP_SMALL_PX, -PAGE_MARGIN_PX, -GAP_SMALL_PX)


def _clamped(share: float, least: int, most: int) -> int:
    return min(most, max(least, round(share)))
