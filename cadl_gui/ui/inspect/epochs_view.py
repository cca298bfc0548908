"""The weight distribution of a unit over the course of training."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.position import Position
from cadl_gui.domain.weight_quantiles import SHARES
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.figure_view import FigureView

_BAND_ALPHAS = (60, 110, 190)
"""Opacities of the bands, from all weights to their middle half."""


class _Curves(NamedTuple):
    """Curves to paint, with x in [0, 1] over the positions and y in [-1, 1] within the limit.

    Attributes:
        bands: Bands of the unit, from all its weights to their middle half.
        median: Median of the unit.
        layer: Smallest and largest weight of the layer.
    """

    bands: tuple[QPolygonF, ...]
    median: QPolygonF
    layer: tuple[QPolygonF, ...]


class EpochsView(FigureView):
    """Plots bands of a unit's quantiles over the recorded positions, and the extremes of its layer as lines.

    A click chooses a position.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there are fewer than two positions.

    Signals:
        hover_text: (str) The quantiles at the position under the pointer.
        position_chosen: (`Position`) A position was clicked.
    """

    position_chosen = Signal(object)

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._positions: Sequence[Position] = ()
        self._unit = np.zeros((0, len(SHARES)))
        self._layer = np.zeros((0, len(SHARES)))
        self._curves = _Curves((), QPolygonF(), ())
        self._shown: Position | None = None

    @property
    def positions(self) -> Sequence[Position]:
        """The positions shown."""
        return self._positions

    def set_quantiles(
        self, positions: Sequence[Position], unit: NDArray[np.float64], layer: NDArray[np.float64]
    ) -> None:
        """Show quantiles; fewer than two positions empty the view.

        Args:
            positions: n positions.
            unit: (n, 7) quantiles of the unit at `SHARES`, a row for each position.
            layer: (n, 7) quantiles of its layer.
        """
        self._positions, self._unit, self._layer = positions, unit, layer
        self._curves = _curves(unit, layer, self._limit)
        self._refresh()

    def set_shown(self, position: Position | None) -> None:
        """Mark the position that the window shows; None removes the mark."""
        self._shown = position
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the position under the pointer."""
        number = self._number_at(event.position())
        if number is not None:
            self.position_chosen.emit(self._positions[number])

    def _is_empty(self) -> bool:
        return len(self._positions) < 2

    def _paint_content(self, painter: QPainter, ratio: float) -> None:  # noqa: ARG002 (curves)
        plot, colours = self._plot(), self._theme.colours
        painter.fillRect(plot, QColor(colours.plot))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(plot.left(), plot.center().y())
        painter.scale(plot.width(), -plot.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        for band, alpha in zip(self._curves.bands, _BAND_ALPHAS, strict=True):
            colour = QColor(colours.field_edge)
            colour.setAlpha(alpha)
            painter.setBrush(colour)
            painter.drawPolygon(band)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(colours.text, 1.5))
        painter.drawPolyline(self._curves.median)
        painter.setPen(_pen(colours.secondary, 1))
        for line in self._curves.layer:
            painter.drawPolyline(line)
        painter.restore()
        if self._shown in self._positions:
            x = plot.left() + self._positions.index(self._shown) / (len(self._positions) - 1) * plot.width()
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
        beside = QRectF(0, plot.top(), plot.left() - UNIT_PX, plot.height())
        painter.drawText(beside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, limit)
        painter.drawText(beside, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, f"−{limit}")

    def _text_at(self, place: QPointF) -> str:
        number = self._number_at(place)
        if number is None:
            return ""
        low, _, q1, median, q3, _, high = map(number_text, self._unit[number])
        return f"{self._positions[number]} · from {low} to {high} · half within {q1} … {q3} · median {median}"

    def _number_at(self, place: QPointF) -> int | None:
        plot = self._plot()
        if self._is_empty() or not plot.contains(place):
            return None
        return round((place.x() - plot.left()) / plot.width() * (len(self._positions) - 1))

    @property
    def _limit(self) -> float:
        sizes = np.abs(self._layer[np.isfinite(self._layer)])
        return float(sizes.max(initial=0.0)) or 1.0

    def _plot(self) -> QRectF:
        """Return the plot area, right of the limits; inside it, these would overlap the layer's curves."""
        metrics = QFontMetricsF(self._theme.font("caption"))
        left = round(metrics.horizontalAdvance(f"−{number_text(self._limit)}")) + UNIT_PX
        width, height = self.width() - left, self.height() - self._line_height()
        return QRectF(left, 0, max(1, width), max(1, height))

    def _line_height(self) -> int:
        return self._theme.sizes.caption + UNIT_PX


def _curves(unit: NDArray[np.float64], layer: NDArray[np.float64], limit: float) -> _Curves:
    """Build the curves; cached, since dragging the timeline repaints them many times."""
    if len(unit) < 2:
        return _Curves((), QPolygonF(), ())
    bands = tuple(
        QPolygonF([*_line(unit[:, -1 - i], limit), *reversed(_line(unit[:, i], limit))])
        for i in range(len(_BAND_ALPHAS))
    )
    median = QPolygonF(_line(unit[:, len(SHARES) // 2], limit))
    return _Curves(bands, median, tuple(QPolygonF(_line(layer[:, end], limit)) for end in (0, -1)))


def _line(values: NDArray[np.float64], limit: float) -> list[QPointF]:
    """Return the points whose values are finite."""
    last = len(values) - 1
    numbered = enumerate((values / limit).tolist())
    return [QPointF(i / last, value) for i, value in numbered if np.isfinite(value)]


def _pen(colour: str, width: float) -> QPen:
    """Return a pen whose width does not scale with the painter."""
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    return pen
