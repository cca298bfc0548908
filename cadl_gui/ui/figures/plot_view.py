"""The widget for curves.

The axes move in round steps, because rescaling costs a frame. Only losses that measure the same are drawn
together.
"""

import time
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure import rendered
from cadl_gui.ui.figures.figure_item import Item
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.plot_curve import PlotCurve
from cadl_gui.ui.figures.plot_limits import EasedLimits, Limits, next_round, steady_limits
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import AXES_MS

if TYPE_CHECKING:
    from cadl_gui.ui.figures.plot_canvas import PlotCanvas

_HINT_PX = QSize(480, 176)
_MINIMUM_PX = QSize(160, 96)
_X_LABEL = _("epoch")
_LEAST_SPAN_LOG = 0.1
_LEAST_SPAN = 0.02
"""On a linear axis, relative to the values."""

_EPOCH_STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8)
"""Steps of the end of the epoch axis: fine, so that the curve fills most of the width."""


class PlotView(FigureView):
    """Plots curves of a loss over epochs.

    Setters only record changes; `refresh`, called by the owner's display timer, draws them. pyqtgraph takes
    0.3 s to import: until `load`, or the first refresh with data, only a message is shown.

    Args:
        theme: Colours, type, line widths and motion.
        empty_text: A sentence shown while there are no points.
    """

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._canvas: PlotCanvas | None = None
        self._curves: dict[str, PlotCurve] = {}
        self._is_log = False
        self._y_label = _("loss")
        self._highest: float | None = None
        self._marker: float | None = None
        self._limits = EasedLimits()
        self._changed = True
        self._jumps = True
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    @property
    def is_loaded(self) -> bool:
        """Whether the plot has been built."""
        return self._canvas is not None

    def load(self) -> None:
        """Import pyqtgraph and build the plot, unless done already."""
        if self._canvas is not None:
            return
        from cadl_gui.ui.figures.plot_canvas import PlotCanvas

        self._canvas = PlotCanvas(self._theme, _X_LABEL, self._y_label, self)
        self._canvas.hide()
        self._layout.addWidget(self._canvas)
        self._changed = True

    def set_curve(self, key: str, curve: PlotCurve) -> None:
        """Add a curve, or replace the one with the same key, from the next refresh on."""
        self._curves[key] = curve
        self._changed = True

    def clear(self) -> None:
        """Remove all curves from the next refresh on."""
        if self._curves:
            self._curves.clear()
            self._changed = True

    def set_log(self, on: bool) -> None:
        """Choose a logarithmic loss axis, or a linear one."""
        if on != self._is_log:
            self._is_log = on
            self._changed = self._jumps = True

    def set_y_label(self, label: str) -> None:
        """Set the label of the y axis; "loss" by default."""
        self._y_label = label
        if self._canvas is not None:
            self._canvas.set_y_label(label)
        self._changed = self._jumps = True

    def set_highest(self, y: float | None) -> None:
        """Let the y axis end where no value can lie above; None knows no such value."""
        if y != self._highest:
            self._highest = y
            self._changed = self._jumps = True

    def set_marker(self, x: float | None) -> None:
        """Mark the timeline's position, in epochs, by a vertical line; None hides it."""
        self._marker = x
        if self._canvas is not None:
            self._canvas.show_marker(x)

    def refresh(self) -> None:
        """Draw changes and advance the axes' animation; returns at once if there is nothing to do."""
        if not self._changed and self._limits.arrived:
            return
        now_ms = 1000 * time.monotonic()
        if self._changed and not self._redraw(now_ms):
            return
        if self._canvas is not None:
            self._canvas.show_limits(self._limits.at(now_ms))
        self._send_hover_text()

    def render_image(self, scale: float) -> QImage:
        """Render the plot, its axes at rest and no crosshair, with `scale` image pixels per widget pixel."""
        self._layout.activate()
        self.refresh()
        self._limits.arrive()
        self.refresh()
        if self._canvas is not None:
            self._canvas.show_crosshair(None)
        image = rendered(self, scale)
        self._send_hover_text()
        return image

    def sizeHint(self) -> QSize:
        """Return the size of the loss plot of the Train tab."""
        return _HINT_PX

    def minimumSizeHint(self) -> QSize:
        """Return a size that fits a curve and two ticks."""
        return _MINIMUM_PX

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Redraw with the points that the new width can show."""
        super().resizeEvent(event)
        self._changed = self._jumps = True

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the crosshair."""
        super().leaveEvent(event)
        self._send_hover_text()

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the canvas has its own)
        """Return the background of the canvas, which paints the curves."""
        if self._canvas is not None and self._canvas.isVisibleTo(self):
            place, names = QRectF(self.rect()), filter(None, (curve.name for curve in self._curves.values()))
            words = _("{y_label} over epochs: {names}").format(y_label=self._y_label, names=", ".join(names))
            yield Item(place, lambda pen: pen.fill(place, pen.theme.colours.plot), self._text_at, words)

    def _message_bed(self) -> QRect:
        return self.rect()

    def _redraw(self, now_ms: float) -> bool:
        """Draw all curves; returns False if there is nothing to draw."""
        self._changed = False
        has_points = any(curve.has_points(is_log=self._is_log) for curve in self._curves.values())
        if has_points:
            self.load()
        if self._canvas is None:
            return False
        self._canvas.setVisible(has_points)
        if not has_points:
            self._limits.forget()
            self._describe()
            self._send_hover_text()
            return False
        self._describe()
        self._layout.activate()
        self._canvas.settle()
        self._canvas.show_marker(self._marker)
        bounds = self._canvas.show_curves(self._curves, is_log=self._is_log)
        y_limits = self._y_limits(bounds, self._canvas.edge_share)
        if self._canvas.reserve(*y_limits):
            bounds = self._canvas.show_curves(self._curves, is_log=self._is_log)
        limits = Limits(*_x_limits(bounds, self._canvas.name_share), *y_limits)
        self._limits.head_for(limits, now_ms, 0 if self._jumps else self._theme.duration_ms(AXES_MS))
        self._changed = self._jumps = False
        return True

    def _y_limits(self, bounds: QRectF, edge_share: float) -> tuple[float, float]:
        """Return limits around the lowest and highest point, with room for half a dot beyond."""
        middle = bounds.center().y()
        least = _LEAST_SPAN_LOG if self._is_log else _LEAST_SPAN * abs(middle) or 1.0
        half = max(bounds.height(), least) / 2 / (1 - 2 * edge_share)
        low, high = steady_limits(middle - half, middle + half)
        if self._highest is not None:
            high = min(high, self._highest + edge_share * (high - low))
        return low, high

    def _send_hover_text(self) -> str:
        """Emit the hover text, and show the crosshair over the curves."""
        if self._canvas is not None:
            place = None if self._is_empty() else self._pointer
            on_curves = place is not None and self._canvas.x_at(place) is not None
            self._canvas.show_crosshair(place if on_curves else None)
        return super()._send_hover_text()

    def _text_at(self, place: QPointF) -> str:
        x = None if self._canvas is None else self._canvas.x_at(place)
        if x is None:
            return ""
        parts = [f"{_X_LABEL} {x:.2f}"]
        for key, curve in self._curves.items():
            value = curve.nearest(x)
            if value is not None:
                parts.append(f"{curve.name or key} {_four_figures(value)}")
        return " · ".join(parts)

    def _prepare(self) -> None:
        """Apply the theme's lines and type."""
        if self._canvas is not None:
            self._canvas.restyle()
        self._changed = self._jumps = True


def _x_limits(bounds: QRectF, name_share: float) -> tuple[float, float]:
    """Return limits from epoch 0 to the last point, with room for its name."""
    low = min(0.0, bounds.left())
    return low, low + next_round(bounds.right() - low, _EPOCH_STEPS) / (1 - name_share)


def _four_figures(value: float) -> str:
    """Format with four significant digits, so that the text does not jitter: 0.03410, 134.4."""
    return format(Decimal(f"{value:.3e}"), "f")
