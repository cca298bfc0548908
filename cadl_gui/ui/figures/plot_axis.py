"""An axis with few ticks and plain numbers. Imports pyqtgraph."""

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from cadl_gui.ui.figures.plot_ticks import MAX_TICKS, tick_text, tick_values
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX


class PlotAxis(pg.AxisItem):
    """An axis with at most five ticks at round numbers, linear or logarithmic, and no axis line.

    The linked view is in axis units: decimal logarithms on a log axis.

    Args:
        orientation: "left" or "bottom".
        label: Label of the axis.
        theme: Colours and type.
    """

    def __init__(self, orientation: str, label: str, theme: Theme) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(enable=False)
        self._label = label
        self._theme = theme
        self.is_log = False
        self.restyle()

    def rename(self, label: str) -> None:
        """Change the label."""
        self._label = label
        self.restyle()

    def restyle(self) -> None:
        """Apply the theme's colours and type."""
        colours, font = self._theme.colours, self._theme.font("caption")
        self.setPen(None)
        self.setTickPen(colours.line)
        self.setTextPen(colours.secondary)
        self.setStyle(
            tickFont=font,
            tickLength=UNIT_PX,
            tickTextOffset=UNIT_PX,
            tickTextHeight=QFontMetrics(font).height(),
            autoExpandTextSpace=False,
            # How far the numbers at the ends may extend beyond the axis.
            hideOverlappingLabels=4 * self._theme.sizes.caption,
        )
        if self.orientation == "left":
            self.setLabel(
                self._label, color=colours.secondary, **{"font-size": f"{self._theme.sizes.caption}px"}
            )

    def reserve(self, low: float, high: float) -> None:
        """Reserve width for the numbers between two limits, in axis units, in steps that seldom change."""
        metrics = QFontMetrics(self._theme.font("caption"))
        texts = self.tickStrings(tick_values(low, high, is_log=self.is_log), 1.0, 1.0)
        needed = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        step = metrics.horizontalAdvance("00")
        reserved = step * math.ceil(needed / step)
        if reserved != self.style["tickTextWidth"]:
            self.setStyle(tickTextWidth=reserved)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[Any]:  # noqa: N803 (pyqtgraph)
        """Return a single level of ticks, as many as their numbers have room for."""
        per_tick = (2 if self.orientation == "left" else 4) * self._theme.sizes.caption
        most = min(MAX_TICKS, max(2, int(size / per_tick)))
        return [(1.0, tick_values(minVal, maxVal, is_log=self.is_log, most=most))]

    def generateDrawSpecs(self, p: QPainter) -> Any:  # noqa: N802 (pyqtgraph)
        """Drop overlapping numbers; place the label of a horizontal axis among them, to save a row."""
        specs = super().generateDrawSpecs(p)
        if specs is None:
            return None
        line, ticks, texts = specs
        texts = [text for i, text in enumerate(texts) if not i or not text[0].intersects(texts[i - 1][0])]
        if self.orientation == "left":
            return line, ticks, texts
        metrics = QFontMetrics(self._theme.font("caption"))
        width, top = metrics.horizontalAdvance(self._label), 2.0 * UNIT_PX
        end = QRectF(self.size().width() - width, top, width, metrics.height())
        taken = end.adjusted(-2 * UNIT_PX, 0, 0, 0)
        texts = [text for text in texts if not text[0].intersects(taken)]
        return (
            line,
            ticks,
            [*texts, (end, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextDontClip, self._label)],
        )

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002 (pyqtgraph)
        """Format the values themselves, not their logarithms."""
        return [tick_text(round(10**value, 12) if self.is_log else value) for value in values]
