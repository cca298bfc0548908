"""Curves on a background with two axes. Imports pyqtgraph, so import it when the first plot is built."""

from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPen
from PySide6.QtWidgets import QFrame, QGraphicsItem, QWidget

from cadl_gui.ui.figures.plot_axis import PlotAxis
from cadl_gui.ui.figures.plot_curve import PlotCurve
from cadl_gui.ui.figures.plot_limits import Limits
from cadl_gui.ui.figures.plot_names import most_apart, spread
from cadl_gui.ui.theme.stylesheet import mixed
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, UNIT_PX

_MAX_NAME_SHARE, _TAIL_SHARE = 0.6, 0.03
_MOST_JOINED = 400
_ABOVE_CURVES = 4
_LEAST_MARGIN = 0.1
_PALENESS, _NOISE_PALENESS, _NOISE_PX = 0.5, 0.88, 1
_BED_ALPHA = 0.75
"""Opacity of the background of a name, so that it can be read over another curve."""


class PlotCanvas(pg.GraphicsView):
    """Draws the curves of a `PlotView`. It ignores mouse and keys, so nothing pans or pops up.

    Args:
        theme: Colours, type and line widths.
        x_label: Label of the x axis.
        y_label: Label of the y axis.
    """

    def __init__(self, theme: Theme, x_label: str, y_label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._axes = {
            "bottom": PlotAxis("bottom", x_label, theme),
            "left": PlotAxis("left", y_label, theme),
        }
        self._plot = pg.PlotItem(axisItems=self._axes, enableMenu=False)
        self._plot.hideButtons()
        self.setCentralItem(self._plot)
        self._view = self._plot.getViewBox()
        self._view.setMouseEnabled(x=False, y=False)
        self._view.disableAutoRange()
        self._view.setDefaultPadding(0)
        self._lines: dict[str, pg.PlotCurveItem] = {}
        self._dots: dict[str, pg.ScatterPlotItem] = {}
        self._names: dict[str, pg.TextItem] = {}
        self._ends: dict[str, tuple[float, float]] = {}
        self._limits: Limits | None = None
        self._noise_paleness = _NOISE_PALENESS
        self._marker = self._rule(90, 2)
        self._crosshair = (self._rule(90, 1), self._rule(0, 1))
        self.restyle()

    @property
    def plot_width_px(self) -> int:
        """Width of the plot area, in pixels."""
        return max(1, round(float(self._view.width())))

    @property
    def edge_share(self) -> float:
        """Share of the height, in [0, 0.25], of half a dot at an end."""
        return min(0.25, (self._theme.sizes.point_radius + 1) / max(1.0, float(self._view.height())))

    @property
    def name_share(self) -> float:
        """Share of the width, in [0, 0.6], needed by the names at the ends of the curves."""
        metrics = QFontMetrics(self._theme.font("caption"))
        widths = [metrics.horizontalAdvance(name.toPlainText()) for name in self._names.values()]
        needed_px = self._name_gap_px + max(widths) + 2 * UNIT_PX if widths else 0
        return min(_MAX_NAME_SHARE, needed_px / self.plot_width_px)

    def set_y_label(self, label: str) -> None:
        """Set the label of the y axis."""
        self._axes["left"].rename(label)

    def show_curves(self, curves: Mapping[str, PlotCurve], *, is_log: bool) -> QRectF:
        """Replace the curves drawn; at least one must have points.

        Args:
            curves: The curves by key; of two alike, the first lies over the others.

        Returns:
            The rectangle that should be seen, in axis units: all points of the curves, mostly.
        """
        self._axes["left"].is_log = is_log
        curves = {key: curve for key, curve in curves.items() if curve.has_points(is_log=is_log)}
        # Of a single epoch, only the noise shows how it goes.
        has_epochs = any(curve.thick and curve.x.size > 1 for curve in curves.values())
        omits_start = not is_log and any(curve.has_enough_epochs for curve in curves.values())
        self._noise_paleness = _NOISE_PALENESS if has_epochs else _PALENESS
        extents: list[float] = []
        for curve in curves.values():
            if not (curve.is_noise and has_epochs):
                extents += curve.extent(is_log=is_log, omits_start=omits_start)
        low, high = min(extents), max(extents)
        margin = max(high - low, 0.5 * abs(high), _LEAST_MARGIN)
        ends: list[float] = []
        for key in self._lines.keys() - curves.keys():
            self._remove(key)
        self._ends.clear()
        for number, (key, curve) in enumerate(curves.items()):
            x, y = curve.on_axis(is_log=is_log, max_points=max(4, self.plot_width_px))
            if omits_start and curve.begins_untrained and x[0] == 0 and not low <= y[0] <= high:
                # Its line would rise steeply from below, and that of a worse curve would not be seen.
                x, y = x[1:], y[1:]
            ends += [x[0], x[-1]]
            # Outliers that nobody sees would make the item, and what is kept of it, many times as high.
            seen = y.clip(low - margin, high + margin)
            is_whole = curve.is_noise or bool(np.array_equal(seen, y))
            height = (-1.0 if curve.is_noise else float(curve.thick)) - number / (2 * len(curves))
            self._draw(key, curve, x, seen if curve.is_noise else y, height, cached=is_whole)
        return QRectF(QPointF(min(ends), low), QPointF(max(ends), high))

    def reserve(self, y_low: float, y_high: float) -> bool:
        """Reserve width for the numbers between two limits; return whether curves have another width now."""
        before = self.plot_width_px
        self._axes["left"].reserve(y_low, y_high)
        self.settle()
        return self.plot_width_px != before

    def settle(self) -> None:
        """Activate the layout now, not with the next event."""
        self._plot.layout.activate()

    def show_limits(self, limits: Limits) -> None:
        """Set the visible range, in axis units; on the way to it, too, names lie beside curves."""
        end = max((x for x, _ in self._ends.values()), default=limits.x_low)
        needed = limits.x_low + (end - limits.x_low) / (1 - self.name_share)
        self._limits = limits = limits._replace(x_high=max(limits.x_high, needed))
        self._view.setRange(
            xRange=(limits.x_low, limits.x_high), yRange=(limits.y_low, limits.y_high), padding=0
        )
        # Otherwise the view would apply the limits while painting, and paint everything twice.
        self.scene().prepareForPaint()
        self._place_names()

    def show_marker(self, x: float | None) -> None:
        """Mark an x by a vertical line; None hides the line."""
        self._marker.setVisible(x is not None)
        if x is not None:
            self._marker.setPos(x)

    def show_crosshair(self, position: QPointF | None) -> None:
        """Show a crosshair at a point of the widget, in pixels; hidden outside the plot area."""
        x = None if position is None else self.x_at(position)
        for line in self._crosshair:
            line.setVisible(x is not None)
        if position is not None and x is not None:
            self._crosshair[0].setPos(x)
            self._crosshair[1].setPos(self._in_view(position).y())

    def x_at(self, position: QPointF) -> float | None:
        """Return the x, in axis units, at a point of the widget in pixels, or None outside the plot area."""
        if not self._view.sceneBoundingRect().contains(self.mapToScene(position.toPoint())):
            return None
        return float(self._in_view(position).x())

    def restyle(self) -> None:
        """Apply the theme's colours, type and line widths; `show_curves` does so for the curves."""
        colours = self._theme.colours
        self.setBackground(colours.plot)
        half_a_number = self._theme.sizes.caption // 2
        self._plot.layout.setContentsMargins(UNIT_PX, UNIT_PX + half_a_number, GAP_PX, UNIT_PX)
        for axis in self._axes.values():
            axis.restyle()
        self._marker.setPen(_cosmetic(colours.accent, max(1, round(self._theme.sizes.train_line))))
        for line in self._crosshair:
            line.setPen(_cosmetic(colours.field_edge, 1))

    @property
    def _name_gap_px(self) -> int:
        return self._theme.sizes.point_radius + UNIT_PX

    def _rule(self, angle: int, z: int) -> pg.InfiniteLine:
        line = pg.InfiniteLine(angle=angle)
        line.setZValue(z)
        line.hide()
        self._view.addItem(line, ignoreBounds=True)
        return line

    def _draw(
        self, key: str, curve: PlotCurve, x: np.ndarray, y: np.ndarray, height: float, *, cached: bool
    ) -> None:
        if key not in self._lines:
            self._lines[key] = pg.PlotCurveItem(antialias=curve.thick, skipFiniteCheck=True)
            self._dots[key] = pg.ScatterPlotItem(antialias=True, pen=None)
            for item in (self._lines[key], self._dots[key]):
                self._view.addItem(item, ignoreBounds=True)
        # Moving the marker or crosshair then copies pixels instead of redrawing the curves. Qt misplaces what
        # it keeps of an item that is many times as high as the plot.
        mode = QGraphicsItem.CacheMode.DeviceCoordinateCache if cached else QGraphicsItem.CacheMode.NoCache
        self._lines[key].setCacheMode(mode)
        pen = self._pen(curve)
        self._lines[key].setZValue(height)
        # Qt takes 100 ms for wide, smooth joined lines of many points; single ones look the same in 4 ms.
        self._lines[key].setSegmentedLineMode("on" if x.size > _MOST_JOINED else "off")
        self._lines[key].setData(x, y, pen=pen)
        has_dots = curve.points or x.size == 1
        self._dots[key].setZValue(height)
        self._dots[key].setData(
            x[: x.size if has_dots else 0],
            y[: y.size if has_dots else 0],
            size=self._dot_size(x.size, pen.widthF()),
            brush=QColor(curve.colour),
        )
        self._name(key, curve.name, self._theme.colours.secondary if curve.is_noise else curve.colour)
        self._names[key].setZValue(_ABOVE_CURVES + height)
        # The median, since the name of a noisy curve would jitter with its last point.
        tail = y[x >= x[-1] - _TAIL_SHARE * (x[-1] - x[0])]
        self._ends[key] = (float(x[-1]), float(np.median(tail)))

    def _pen(self, curve: PlotCurve) -> QPen:
        sizes = self._theme.sizes
        is_band = curve.is_noise and self._noise_paleness == _NOISE_PALENESS
        width = sizes.validation_line if curve.thick else sizes.train_line
        pen = _cosmetic(curve.colour, _NOISE_PX if is_band else width)
        if curve.dashes:
            pen.setDashPattern(curve.dashes)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if not curve.thick:
            # Mixed, not transparent: overlaps of single lines would show, and Qt takes 20 times as long.
            paleness = self._noise_paleness if curve.is_noise else _PALENESS
            pen.setColor(QColor(mixed(curve.colour, self._theme.colours.plot, paleness)))
        return pen

    def _dot_size(self, n: int, line_width: float) -> float:
        """Return the diameter of dots, smaller where they would touch each other."""
        diameter = 2.0 * self._theme.sizes.point_radius
        return max(line_width, min(diameter, self.plot_width_px / n / 2))

    def _name(self, key: str, text: str, colour: str) -> None:
        if key not in self._names:
            self._names[key] = pg.TextItem(anchor=(0, 0.5))
            # Otherwise its background would overlap the names above and below.
            self._names[key].textItem.document().setDocumentMargin(0)
            self._view.addItem(self._names[key], ignoreBounds=True)
        item = self._names[key]
        item.setFont(self._theme.font("caption"))
        item.setColor(colour)
        frame = QColor(self._theme.colours.plot)
        frame.setAlphaF(_BED_ALPHA)
        item.fill = pg.mkBrush(frame)
        room = _MAX_NAME_SHARE * self.plot_width_px - self._name_gap_px - 2 * UNIT_PX
        item.setPlainText(
            QFontMetrics(self._theme.font("caption")).elidedText(
                text, Qt.TextElideMode.ElideMiddle, round(room)
            )
        )

    def _remove(self, key: str) -> None:
        for items in (self._lines, self._dots, self._names):
            if key in items:
                self._view.removeItem(items.pop(key))

    def _place_names(self) -> None:
        """Place as many names as fit at the height of their curves' last points, without overlaps.

        All begin where the longest curve ends, so that none lies over another curve.
        """
        limits, height = self._limits, max(1.0, float(self._view.height()))
        # Of curves that end at the same point the upper one is named first.
        keys = sorted(filter(self._is_named, self._ends), key=lambda key: -self._lines[key].zValue())
        if limits is None or not keys:
            return
        x_per_px = (limits.x_high - limits.x_low) / self.plot_width_px
        y_per_px = (limits.y_high - limits.y_low) / height
        line_height = QFontMetrics(self._theme.font("caption")).height()
        widest = max(float(self._names[key].boundingRect().width()) for key in keys)
        end = max(x for x, _ in self._ends.values())
        x = min(end + x_per_px * self._name_gap_px, limits.x_high - x_per_px * widest)
        centres = [(limits.y_high - self._ends[key][1]) / y_per_px for key in keys]
        chosen = most_apart(centres, max(1, int(height / line_height)))
        for index, key in enumerate(keys):
            self._names[key].setVisible(index in chosen)
        places = spread([centres[index] for index in chosen], line_height, height)
        for index, centre in zip(chosen, places, strict=True):
            self._names[keys[index]].setPos(x, limits.y_high - centre * y_per_px)

    def _is_named(self, key: str) -> bool:
        return bool(self._names[key].toPlainText())

    def _in_view(self, position: QPointF) -> QPointF:
        return QPointF(self._view.mapSceneToView(self.mapToScene(position.toPoint())))


def _cosmetic(colour: str, width: float) -> QPen:
    """Return a pen whose width is in pixels at any scale of the view."""
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen
