"""The weight histogram of a unit, compared with its layer."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from cadl_gui.domain.formatting import count_text, number_text, percent_text
from cadl_gui.imaging.weights.statistics import Statistics, histogram, statistics
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme

_N_BINS = 41
"""Odd, so that zero lies in the middle of a bin."""


class HistogramView(FigureView):
    """Shows bars for the unit and an outline for the whole layer, on an axis that is symmetric about zero.

    The unit's statistics are below it. Heights are shares of the weights; the highest bin fills the plot.
    """

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._limit = 0.0
        self._unit: NDArray[np.float64] | None = None
        self._layer = np.zeros(_N_BINS)
        self._layer_line = ""
        self._counted: NDArray[np.float32] | None = None
        self._lines: tuple[str, ...] = ()

    def set_weights(
        self,
        unit: NDArray[np.float32] | None,
        layer: NDArray[np.float32] | None = None,
        limit: float = 0.0,
        bias: float | None = None,
    ) -> None:
        """Show the weights of a unit and its layer.

        Args:
            unit: Weights of the unit, any shape; None empties the view.
            limit: The axis extends from -limit to limit; the outermost bars have what is beyond.
            bias: Bias of the unit, if it has one.
        """
        self._unit = None if unit is None else histogram(unit, limit, _N_BINS)
        if layer is not self._counted or limit != self._limit:
            self._count(layer, limit)
        self._lines = () if unit is None else _in_words(statistics(unit), bias)
        if layer is not None:
            self._lines += (self._layer_line,)
        self._refresh()

    def _count(self, layer: NDArray[np.float32] | None, limit: float) -> None:
        """Compute the histogram and statistics of a layer, once for all its units."""
        self._counted, self._limit = layer, limit
        self._layer = np.zeros(_N_BINS) if layer is None else histogram(layer, limit, _N_BINS)
        if layer is not None:
            whole = statistics(layer)
            mean, deviation = number_text(whole.mean), number_text(whole.deviation)
            self._layer_line = _("layer: mean {mean} · deviation {deviation}").format(
                mean=mean, deviation=deviation
            )

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        if self._unit is not None:
            plot = self._plot()
            yield Item(
                QRectF(self.rect()), partial(self._paint_plot, self._unit, plot), words=", ".join(self._lines)
            )
            yield Item(plot, tip=partial(self._tell, self._unit, plot))

    def _paint_plot(self, unit: NDArray[np.float64], plot: QRectF, pen: Pen) -> None:
        painter, colours = pen.painter, self._theme.colours
        highest = max(unit.max(), self._layer.max()) or 1.0
        pen.fill(plot, colours.plot)
        width = plot.width() / _N_BINS
        for i, share in enumerate(unit):
            height = plot.height() * share / highest
            bar = QRectF(plot.left() + i * width, plot.bottom() - height, width - 1 / pen.ratio, height)
            pen.fill(bar, colours.field_edge)
        outline = QPolygonF()
        for i, share in enumerate(self._layer):
            top = plot.bottom() - plot.height() * share / highest
            outline.append(QPointF(plot.left() + i * width, top))
            outline.append(QPointF(plot.left() + (i + 1) * width, top))
        painter.setPen(QPen(QColor(colours.text), 1))
        painter.drawPolyline(outline)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(QColor(self._theme.colours.secondary))
        line = QRectF(plot.left(), plot.bottom(), plot.width(), self._theme.line_px)
        limit = number_text(self._limit)
        for text, side in (
            (f"≤ −{limit}", Qt.AlignmentFlag.AlignLeft),
            ("0", Qt.AlignmentFlag.AlignHCenter),
            (f"≥ {limit}", Qt.AlignmentFlag.AlignRight),
        ):
            painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QColor(self._theme.colours.text))
        for words in self._lines:
            line.translate(0, self._theme.line_px)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _tell(self, unit: NDArray[np.float64], plot: QRectF, place: QPointF) -> str:
        i = min(_N_BINS - 1, int((place.x() - plot.left()) / plot.width() * _N_BINS))
        low, high = (number_text(self._limit * (2 * edge / _N_BINS - 1)) for edge in (i, i + 1))
        weights = f"≤ {high}" if i == 0 else f"≥ {low}" if i == _N_BINS - 1 else f"{low} … {high}"
        return _("{weights} · unit {unit}, layer {layer}").format(
            weights=weights, unit=percent_text(unit[i]), layer=percent_text(self._layer[i])
        )

    def _plot(self) -> QRectF:
        below = (1 + len(self._lines)) * self._theme.line_px
        return QRectF(0, 0, self.width(), max(1, self.height() - below))


def _in_words(found: Statistics, bias: float | None) -> tuple[str, ...]:
    """Return the statistics as three short lines."""
    numbers = (found.mean, found.deviation, found.minimum, found.maximum, found.norm)
    mean, deviation, minimum, maximum, norm = map(number_text, numbers)
    counted = count_text(found.n, "weight")
    if found.n_not_finite:
        counted += _(", {n_not_finite:,} not finite").format(n_not_finite=found.n_not_finite)
    offset = "" if bias is None else _(" · bias {bias}").format(bias=number_text(bias))
    return (
        _("mean {mean} · deviation {deviation}").format(mean=mean, deviation=deviation),
        _("from {minimum} to {maximum} · norm {norm}").format(minimum=minimum, maximum=maximum, norm=norm),
        f"{counted}{offset}",
    )
