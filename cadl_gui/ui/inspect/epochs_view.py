"""The weight distribution of a unit over the course of training."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.position import Position
from cadl_gui.domain.weight_quantiles import SHARES
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX

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

    Signals:
        position_chosen: (`Position`) A position was clicked.
    """

    position_chosen = Signal(object)

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
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
        self._refresh()

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (curves)
        n, plot = len(self._positions), self._plot()
        if n < 2:
            return
        yield Item(QRectF(self.rect()), self._paint_words)
        yield Item(plot, self._paint_curves)
        step = plot.width() / (n - 1)
        for number, position in enumerate(self._positions):
            x = plot.left() + number * step
            place = QRectF(x - step / 2, plot.top(), step, plot.height()) & plot
            paint = partial(_paint_mark, plot, x) if position == self._shown else None
            tip = partial(self._tell, number)
            yield Item(place, paint, tip, click=partial(self.position_chosen.emit, position))

    def _tell(self, number: int, _place: QPointF) -> str:
        low, _low, q1, median, q3, _high, high = map(number_text, self._unit[number])
        return _("{positions} · from {low} to {high} · half within {q1} … {q3} · median {median}").format(
            positions=self._positions[number], low=low, high=high, q1=q1, q3=q3, median=median
        )

    def _paint_curves(self, pen: Pen) -> None:
        plot, colours, painter = self._plot(), self._theme.colours, pen.painter
        pen.fill(plot, colours.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(plot.left(), plot.center().y())
        painter.scale(plot.width(), -plot.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        for band, alpha in zip(self._curves.bands, _BAND_ALPHAS, strict=True):
            colour = QColor(colours.field_edge)
            colour.setAlpha(alpha)
            painter.setBrush(colour)
            painter.drawPolygon(band)
        painter.setPen(_pen(colours.text, 1.5))
        painter.drawPolyline(self._curves.median)
        painter.setPen(_pen(colours.secondary, 1))
        for line in self._curves.layer:
            painter.drawPolyline(line)

    def _paint_words(self, pen: Pen) -> None:
        plot, colour, limit = self._plot(), self._theme.colours.secondary, number_text(self._limit)
        pen.painter.setFont(self._theme.font("caption"))
        line = QRectF(plot.left(), plot.bottom(), plot.width(), self._theme.line_px)
        pen.text(line, str(self._positions[0]), colour)
        right = Qt.AlignmentFlag.AlignRight
        pen.text(line, str(self._positions[-1]), colour, right | Qt.AlignmentFlag.AlignVCenter)
        beside = QRectF(0, plot.top(), plot.left() - UNIT_PX, plot.height())
        pen.text(beside, limit, colour, right | Qt.AlignmentFlag.AlignTop)
        pen.text(beside, f"−{limit}", colour, right | Qt.AlignmentFlag.AlignBottom)

    @property
    def _limit(self) -> float:
        sizes = np.abs(self._layer[np.isfinite(self._layer)])
        return float(sizes.max(initial=0.0)) or 1.0

    def _plot(self) -> QRectF:
        """Return the plot area, right of the limits; inside it, these would overlap the layer's curves."""
        metrics = QFontMetricsF(self._theme.font("caption"))
        left = round(metrics.horizontalAdvance(f"−{number_text(self._limit)}")) + UNIT_PX
        width, height = self.width() - left, self.height() - self._theme.line_px
        return QRectF(left, 0, max(1, width), max(1, height))


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


def _paint_mark(plot: QRectF, x: float, pen: Pen) -> None:
    pen.painter.setPen(QPen(QColor(pen.theme.colours.text), 1))
    pen.painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))


def _pen(colour: str, width: float) -> QPen:
    """Return a pen whose width does not scale with the painter."""
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    return pen
