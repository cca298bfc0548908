"""One step of a unit's arithmetic: the factors, and their sum."""

import math
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QToolTip

from cadl_gui.domain.formatting import number_text
from cadl_gui.imaging.weights.arithmetic import Arithmetic, Panel, UnitComputation
from cadl_gui.imaging.weights.colour_map import EMPTY, colour_indices
from cadl_gui.system.glossary import explained
from cadl_gui.ui.figures.colour_legend import legend_width, symmetric_legend
from cadl_gui.ui.figures.figure_item import Item, Pen, pixels_item
from cadl_gui.ui.figures.figure_pixels import fitting_scale, paint_numbers, pixel_at
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, GAP_PX, SEMIBOLD, UNIT_PX


class _Placed(NamedTuple):
    panel: Panel
    title: QRectF
    place: QRectF


class ArithmeticView(FigureView):
    """Shows panels of numbers in colours, and below them the sum as text.

    While the pointer is on a pixel that stands for a step, that step is shown; a click or a drag chooses it.

    Signals:
        step_pointed: (int) The step under the pointer, or -1 if there is none.
        step_chosen: (int) The step under the pointer while its button is pressed.
    """

    step_pointed = Signal(int)
    step_chosen = Signal(int)

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._shown: Arithmetic | None = None

    @property
    def shown(self) -> Arithmetic | None:
        """The step shown, or None."""
        return self._shown

    def set_step(self, work: UnitComputation | None, step: int = 0) -> None:
        """Show one step of a unit's computation; None empties the view."""
        self._shown = None if work is None else work.at(step)
        self._refresh()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the step under the pointer."""
        super().mouseMoveEvent(event)
        self._point(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the step that is clicked, or touched, since touch screens have no hovering."""
        self._point(event)

    def event(self, event: QEvent) -> bool:
        """Explain words at the top: beside the pointer, the tip lay over the controls and took a click."""
        if event.type() is not QEvent.Type.ToolTip:
            return super().event(event)
        QToolTip.showText(self.mapToGlobal(QPoint()), self.toolTip(), self)
        return True

    def leaveEvent(self, event: QEvent) -> None:
        """Return to the current step."""
        super().leaveEvent(event)
        self.step_pointed.emit(-1)

    def _point(self, event: QMouseEvent) -> None:
        place = event.position()
        text = () if self._shown is None or place.y() < self._words_top() else self._shown.text
        self.setToolTip(explained("", " ".join(text)))
        found = self._pixel_at(place)
        step = None if found is None else found[0].step_at(found[1], found[2])
        self.step_pointed.emit(-1 if step is None else step)
        if step is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.step_chosen.emit(step)

    def _items(self, ratio: float) -> Iterator[Item]:
        if self._shown is None:
            return
        yield Item(QRectF(self.rect()), partial(self._paint_text, self._shown.text))
        for panel, title, place in self._places(ratio):
            indices = colour_indices(panel.values, panel.limit)
            indices[np.isnan(panel.values)] = EMPTY
            image = self._coloured_image(indices, self._theme.colours.plot)
            yield Item(title, partial(self._paint_title, panel, title))
            tell, write = partial(_tell, panel), partial(self._paint_numbers, panel, place, image)
            yield pixels_item(place, image, tell, write)
        width, height = legend_width(self._theme, self.width()), self._legend_height
        foot = QRectF((self.width() - width) // 2, self.height() - height, width, height)
        yield self._legend_item(symmetric_legend(foot, "largest"))

    def _paint_text(self, text: tuple[str, ...], pen: Pen) -> None:
        pen.painter.setFont(self._theme.font("body"))
        line = QRectF(0, self._words_top(), self.width(), self._line_height())
        for words in text:
            pen.text(line, words, self._theme.colours.text, Qt.AlignmentFlag.AlignCenter)
            line.translate(0, line.height())

    def _paint_title(self, panel: Panel, place: QRectF, pen: Pen) -> None:
        """Paint the title of a panel, with the limit of its colours if it fits; a long one in small type."""
        pen.painter.setFont(self._theme.font("caption", SEMIBOLD))
        words = self._theme.stage.words(panel.title, f"± {number_text(panel.limit)}")
        fits = pen.painter.fontMetrics().horizontalAdvance(words) <= place.width()
        title = words if fits else panel.title
        if pen.painter.fontMetrics().horizontalAdvance(title) > place.width():
            pen.painter.setFont(self._theme.font("small", SEMIBOLD))
        pen.text(place, title, self._theme.colours.text, Qt.AlignmentFlag.AlignCenter)

    def _paint_numbers(self, panel: Panel, place: QRectF, image: QImage, pen: Pen) -> None:
        is_empty = np.isnan(panel.values)
        paint_numbers(pen.painter, place, image, panel.values, is_empty, self._theme)
        self._paint_mark(pen, panel, place)

    def _paint_mark(self, pen: Pen, panel: Panel, place: QRectF) -> None:
        """Outline the operands; the outline is clipped at the image's edges, to keep clear of titles."""
        if panel.mark is None:
            return
        side = place.width() / panel.values.shape[1]
        x, y, width, height = panel.mark
        rect = QRectF(place.left() + x * side, place.top() + y * side, width * side, height * side)
        room = place.adjusted(-FOCUS_RING_PX, -FOCUS_RING_PX, FOCUS_RING_PX, FOCUS_RING_PX)
        pen.ring_on_images(rect, room)

    def _pixel_at(self, at: QPointF) -> tuple[Panel, int, int] | None:
        for panel, _, place in self._places(self.devicePixelRatioF()):
            pixel = pixel_at(place, panel.values.shape, at)
            if pixel is not None:
                return panel, *pixel
        return None

    def _places(self, ratio: float) -> list[_Placed]:
        """Lay out the panels in their rows, or all in one row, as in a low figure, if they are larger so."""
        if self._shown is None:
            return []
        rows = self._shown.rows
        layouts = (self._rows_of(rows, ratio), self._rows_of((tuple(chain(*rows)),), ratio))
        return max(layouts, key=lambda placed: min(each.place.height() for each in placed))

    def _rows_of(self, rows: tuple[tuple[Panel, ...], ...], ratio: float) -> list[_Placed]:
        """Lay out rows of equal height, each with panels of equal width, filled as far as they fit."""
        placed = []
        line = self._theme.sizes.caption + 2 * UNIT_PX
        row_height = self._words_top() / len(rows)
        for number, row in enumerate(rows):
            room = (self.width() - (len(row) - 1) * GAP_PX) / len(row)
            for i, panel in enumerate(row):
                height, width = panel.values.shape
                scale = fitting_scale(room, max(1.0, row_height - line - GAP_PX), (height, width), ratio)
                left, top = i * (room + GAP_PX), number * row_height
                title = QRectF(left, top, room, line)
                middle = left + (room - scale * width) // 2
                place = QRectF(middle, top + line, scale * width, scale * height)
                placed.append(_Placed(panel, title, place))
        return placed

    def _words_top(self) -> float:
        n_sums = 0 if self._shown is None else len(self._shown.text)
        return max(1.0, self.height() - n_sums * self._line_height() - self._legend_height)

    def _line_height(self) -> int:
        return self._theme.sizes.body + 2 * UNIT_PX


def _tell(panel: Panel, x: int, y: int) -> str:
    value = float(panel.values[y, x])
    return "" if math.isnan(value) else f"{panel.title} · x {x}, y {y} · {number_text(value)}"
