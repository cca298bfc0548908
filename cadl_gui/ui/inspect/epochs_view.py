"""How the weights of a unit spread, from the untrained network to the last epoch."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from cadl_gui.core.position import Position
from cadl_gui.core.weights.survey import SHARES
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.number_text import number_text
from cadl_gui.ui.widgets.stage_view import StageView

_BAND_ALPHAS = (60, 110, 190)
"""From all weights to their middle half."""


class EpochsView(StageView):
    """Bands of a unit's quantiles over the kept positions; lines show where those of its layer end.

    A click shows the position.

    Args:
        theme: for colours and type.
        empty_text: what is shown as long as there are not two positions.

    Signals:
        pointer_text: (str) the quantiles at the position under the pointer.
        position_chosen: (`Position`) one was clicked.
    """

    position_chosen = Signal(object)

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._positions: Sequence[Position] = ()
        self._unit = np.zeros((0, len(SHARES)))
        self._layer = np.zeros((0, len(SHARES)))
        self._shown: Position | None = None

    @property
    def positions(self) -> Sequence[Position]:
        """Those that are shown."""
        return self._positions

    def set_quantiles(
        self, positions: Sequence[Position], unit: NDArray[np.float64], layer: NDArray[np.float64]
    ) -> None:
        """Show quantiles at `SHARES`, (n, 7) each, one row for each position; with none the view is empty."""
        self._positions, self._unit, self._layer = positions, unit, layer
        self._show_anew()

    def set_shown(self, position: Position | None) -> None:
        """Mark the position that is shown everywhere."""
        self._shown = position
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the position under the pointer."""
        number = self._number_at(event.position())
        if number is not None:
            self.position_chosen.emit(self._positions[number])

    def _content_area(self, ratio: float) -> QRectF:  # noqa: ARG002 (it fills the view)
        return QRectF(self.rect()) if len(self._positions) > 1 else QRectF()

    def _paint_content(self, painter: QPainter, ratio: float) -> None:  # noqa: ARG002 (curves)
        plot, colours = self._plot(), self._theme.colours
        painter.fillRect(plot, QColor(colours.plot))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for i, alpha in enumerate(_BAND_ALPHAS):
            colour = QColor(colours.field_edge)
            colour.setAlpha(alpha)
            painter.setBrush(colour)
            upper, lower = self._line(self._unit[:, -1 - i]), self._line(self._unit[:, i])
            painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.text), 1.5))
        painter.drawPolyline(QPolygonF(self._line(self._unit[:, len(SHARES) // 2])))
        painter.setPen(QPen(QColor(colours.secondary), 1))
        for end in (0, -1):
            painter.drawPolyline(QPolygonF(self._line(self._layer[:, end])))
        if self._shown in self._positions:
            x = self._x(self._positions.index(self._shown))
            painter.setPen(QPen(QColor(colours.text), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        self._paint_words(painter, plot)

    def _paint_words(self, painter: QPainter, plot: QRectF) -> None:
        painter.setFont(self._theme.font("caption"))
        painter.setPen(QColor(self._theme.colours.secondary))
        line = QRectF(plot.left(), plot.bottom(), plot.width(), self._line_height())
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, centre | Qt.AlignmentFlag.AlignLeft, str(self._positions[0]))
        painter.drawText(line, centre | Qt.AlignmentFlag.AlignRight, str(self._positions[-1]))
        limit = number_text(self._limit)
        inside = plot.adjusted(UNIT_PX, 0, -UNIT_PX, 0)
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, limit)
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, f"−{limit}")

    def _text_at(self, place: QPointF) -> str:
        number = self._number_at(place)
        if number is None:
            return ""
        low, _, q1, median, q3, _, high = map(number_text, self._unit[number])
        return f"{self._positions[number]} · from {low} to {high} · half within {q1} … {q3} · median {median}"

    def _number_at(self, place: QPointF) -> int | None:
        plot, n = self._plot(), len(self._positions)
        if n < 2 or not plot.contains(place):
            return None
        return round((place.x() - plot.left()) / plot.width() * (n - 1))

    def _line(self, values: NDArray[np.float64]) -> list[QPointF]:
        """Through what is finite."""
        plot, limit = self._plot(), self._limit
        middle, scale = plot.center().y(), plot.height() / 2 / limit
        numbered = enumerate(values.tolist())
        return [QPointF(self._x(i), middle - scale * value) for i, value in numbered if np.isfinite(value)]

    def _x(self, number: int) -> float:
        plot = self._plot()
        return plot.left() + number / (len(self._positions) - 1) * plot.width()

    @property
    def _limit(self) -> float:
        sizes = np.abs(self._layer[np.isfinite(self._layer)])
        return float(sizes.max(initial=0.0)) or 1.0

    def _plot(self) -> QRectF:
        return QRectF(0, 0, self.width(), max(1, self.height() - self._line_height()))

    def _line_height(self) -> int:
        return self._theme.sizes.caption + UNIT_PX
