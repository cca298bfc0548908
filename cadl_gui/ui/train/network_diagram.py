"""A small diagram of a network's architecture."""

import math
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.system.words import _
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.parts import column_in
from cadl_gui.ui.figures.network_bars import Bar, network_bars, network_caption
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD, UNIT_PX

_NOTHING = _("The network appears once all fields are valid.")
_SAMPLE = "~"
_HEIGHT_EMS = 5.5
_LEAST_SHARE = 0.12
"""Height of the layer with the fewest activations, as a share of the drawing's height."""

_BAR_SHARE, _SHEET_SHARE = 0.4, 0.16
"""Widths of a dense layer and of one sheet of a convolution, as shares of a column."""

_MOST_COLUMN_SHARE = 0.4
"""Limit of the width of bars, for wide columns, as a share of the drawing's height."""

_MOST_SHEETS = 5


class NetworkDiagram(QWidget):
    """Shows the layers of a network from left to right, and their shapes in a line below.

    A dense layer is a bar, a convolution a stack of sheets. Heights are proportional to the logarithm of the
    number of activations; the latent vector, or the logits, is the darkest. The caller sets the width, and
    the height above a minimum.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._stage = theme.stage
        self._drawing = _Drawing(theme)
        self._caption = wrapped_label("", "networkCaption", secondary=True)
        column_in(self, UNIT_PX, self._drawing, self._caption)
        self.setAccessibleName(_("Network"))
        self.set_spec(None)

    def set_spec(self, spec: ModelSpec | None, empty_text: str = _NOTHING) -> None:
        """Show a network.

        Args:
            spec: Its specification; None if it cannot be known.
            empty_text: A sentence shown then, which says what is missing.
        """
        bars = () if spec is None else network_bars(spec)
        self._drawing.set_bars(bars)
        self._drawing.setVisible(spec is not None)
        self._caption.setText(empty_text if spec is None else network_caption(spec))
        self._stage.put(When.ALWAYS if spec is None else When.DETAILS, self._caption)
        self.setAccessibleDescription("; ".join(bar.about for bar in bars))


class _Drawing(QWidget):
    """Paints the bars, and describes the one under the pointer."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_bars(self, bars: tuple[Bar, ...]) -> None:
        self._bars = bars
        self.update()

    def event(self, event: QEvent) -> bool:
        """Show a tooltip for the bar under the pointer."""
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().event(event)
        place = QPointF(event.pos())
        bar = self._bar_at(place)
        if bar is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPos(), bar.about, self, self._reach(bar).toRect())
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the connections between layers, the layers, and the size of the latent vector."""
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_flow(painter)
        for bar in self._bars:
            self._paint_bar(painter, bar)
        self._paint_latent_size(painter)

    @Slot()
    def _restyle(self) -> None:
        self.setMinimumHeight(round(_HEIGHT_EMS * self._theme.sizes.body))
        self.update()

    def _paint_flow(self, painter: QPainter) -> None:
        columns: dict[int, QRectF] = {}
        for bar in self._bars:
            columns[bar.column] = columns.get(bar.column, QRectF()).united(self._rect(bar))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.line))
        for before, after in pairwise(columns.values()):
            corners = [before.topRight(), after.topLeft(), after.bottomLeft(), before.bottomRight()]
            painter.drawPolygon(QPolygonF(corners))

    def _paint_bar(self, painter: QPainter, bar: Bar) -> None:
        colours, rect = self._theme.colours, self._rect(bar)
        if len(bar.shape) == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.text if bar.is_latent else colours.field_edge))
            painter.drawRect(rect)
            return
        painter.setPen(QPen(QColor(colours.window if bar.is_latent else colours.field_edge), 1))
        painter.setBrush(QColor(colours.text if bar.is_latent else colours.raised))
        n = _n_sheets(bar)
        width = self._unit_px * _SHEET_SHARE
        step = (rect.width() - width) / max(1, n - 1)
        for i in reversed(range(n)):
            # Each sheet shows above the one in front of it.
            sheet = QRectF(rect.left() + i * step, rect.top() + n - 1 - i, width, rect.height() - n + 1)
            painter.drawRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_latent_size(self, painter: QPainter) -> None:
        """Write the size above the latent vector, and the sampling sign before a VAE's decoder."""
        painter.setPen(QColor(self._theme.colours.text))
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        latent = next(bar for bar in self._bars if bar.is_latent)
        rect, line = self._rect(latent), QFontMetricsF(painter.font()).height()
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
        if rect.top() >= line:
            size = QRectF(rect.left(), rect.top() - line, rect.width(), line)
            painter.drawText(size, flags, str(math.prod(latent.shape)))
        if latent.part != "whole":
            painter.setFont(self._theme.font("section", SEMIBOLD))
            middle = QPointF((latent.column + 1.5) * self._column_px, self.height() / 2)
            painter.drawText(QRectF(middle, middle), flags, _SAMPLE)

    @property
    def _column_px(self) -> float:
        return self.width() / (self._bars[-1].column + 1)

    @property
    def _unit_px(self) -> float:
        return min(self._column_px, _MOST_COLUMN_SHARE * self.height())

    def _bar_at(self, place: QPointF) -> Bar | None:
        return next((bar for bar in self._bars if self._reach(bar).contains(place)), None)

    def _reach(self, bar: Bar) -> QRectF:
        """Return the hover area of a bar, which is larger than the bar."""
        column = QRectF(bar.column * self._column_px, 0, self._column_px, self.height())
        if bar.part == "upper":
            column.setBottom(column.center().y())
        elif bar.part == "lower":
            column.setTop(column.center().y())
        return column

    def _rect(self, bar: Bar) -> QRectF:
        height = round(self.height() * self._height_share(bar))
        share = _BAR_SHARE if len(bar.shape) == 1 else _SHEET_SHARE * (1 + (_n_sheets(bar) - 1) / 2)
        width = share * self._unit_px
        left = (bar.column + 0.5) * self._column_px - width / 2
        top = (self.height() - height) / 2
        if bar.part == "upper":
            top = self.height() / 2 - UNIT_PX / 2 - height
        elif bar.part == "lower":
            top = self.height() / 2 + UNIT_PX / 2
        return QRectF(round(left), round(top), max(2, round(width)), height)

    def _height_share(self, bar: Bar) -> float:
        """Return the height on a log scale of the number of activations; mean and variance get half."""
        counts = [math.log(math.prod(one.shape)) for one in self._bars]
        low, high = min(counts), max(counts)
        place = (math.log(math.prod(bar.shape)) - low) / (high - low) if high > low else 1.0
        share = _LEAST_SHARE + (1 - _LEAST_SHARE) * place
        return share if bar.part == "whole" else min(share, 0.5 - UNIT_PX / 2 / self.height())


def _n_sheets(bar: Bar) -> int:
    """Return the number of sheets: one for a grey image, more for more channels."""
    return min(_MOST_SHEETS, 1 + round(math.log2(bar.shape[-1])))
