"""Bars for the probabilities that a classifier gives the ten digits."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cadl_gui.domain.formatting import percent_text
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, REGULAR, SEMIBOLD, UNIT_PX
from cadl_gui.ui.widgets.ink import ink_on

N_DIGITS = 10

_EDGE = "#828283"
"""Edge around label colours on a light background, where yellow would not stand out from white."""

_ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HEADINGS = ("p", "−log p / nats")


class _Columns(NamedTuple):
    """Positions of a row's parts, in pixels from the left."""

    badge: float
    bar: QRectF
    percent_right: int
    loss_right: int


class ProbabilityBars(QWidget):
    """Ten rows with a digit, a bar, its probability in percent, and the negative logarithm in nats.

    The logarithm is the classifier's cross-entropy if that digit is the right one.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._probabilities: NDArray[np.float64] | None = None
        self._ranking: NDArray[Any] = np.arange(N_DIGITS)
        self.setAccessibleName("Probability of each digit")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme)
        self._describe()

    @property
    def answer(self) -> int | None:
        """The most probable digit; None without probabilities."""
        return None if self._probabilities is None else int(self._ranking[0])

    @property
    def runner_up(self) -> int | None:
        """The second most probable digit; None without probabilities."""
        return None if self._probabilities is None else int(self._ranking[1])

    @Slot(object)
    def set_probabilities(self, probabilities: NDArray[Any] | None) -> None:
        """Set the probabilities to show.

        Args:
            probabilities: (10,) in [0, 1], summing to 1; None while there is nothing to classify.
        """
        if probabilities is not None and np.shape(probabilities) != (N_DIGITS,):
            raise ValueError(f"Expected (10,). Received: shape={np.shape(probabilities)}")
        self._probabilities = None if probabilities is None else np.asarray(probabilities, np.float64)
        if self._probabilities is not None:
            self._ranking = np.argsort(-self._probabilities, kind="stable")
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Prefer rows as high as other controls."""
        return QSize(11 * self._theme.sizes.control, self._header_height() + N_DIGITS * self._row_height())

    def minimumSizeHint(self) -> QSize:
        """Let bars shrink, but not rows or numbers."""
        return QSize(8 * self._theme.sizes.control, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Show a tooltip for each row, with more decimals."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.text_at(event.pos().y())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def text_at(self, y: int) -> str:
        """Return the full text of the row at this height; "" if there is no row."""
        digit = (y - self._header_height()) // self._row_height()
        if self._probabilities is None or not 0 <= digit < N_DIGITS:
            return ""
        p = float(self._probabilities[digit])
        return f"{digit}: p = {p:.6f}. Cross-entropy for label {digit}: {_loss_text(p)} nats."

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the headings and ten rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = self._columns()
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("caption"))
        header = self._header_height()
        for text, right in zip(_HEADINGS, (columns.percent_right, columns.loss_right), strict=True):
            painter.drawText(QRect(0, 0, right, header), _ALIGN_RIGHT, text)
        for digit in range(N_DIGITS):
            self._paint_row(painter, digit, header + digit * self._row_height(), columns)

    def _paint_row(self, painter: QPainter, digit: int, top: int, columns: _Columns) -> None:
        colour, height = QColor(self._theme.label_colours(self._theme.background)[digit]), self._row_height()
        self._paint_badge(painter, digit, colour, QRectF(0, top, columns.badge, height))
        bar = columns.bar.translated(0, top + (height - columns.bar.height()) / 2)
        painter.fillRect(bar, QColor(self._theme.colours.line))
        if self._probabilities is None:
            return
        p = float(self._probabilities[digit])
        self._set_colour(painter, colour)
        filled = QRectF(bar.x(), bar.y(), p * bar.width(), bar.height())
        if filled.width() >= 1:
            painter.drawRect(filled.adjusted(0.5, 0.5, -0.5, -0.5))
        stands_out = digit in self._ranking[:2]
        painter.setPen(QColor(self._theme.colours.text if stands_out else self._theme.colours.secondary))
        painter.setFont(self._theme.font("body", SEMIBOLD if digit == self.answer else REGULAR))
        painter.drawText(QRect(0, top, columns.percent_right, height), _ALIGN_RIGHT, percent_text(p))
        painter.drawText(QRect(0, top, columns.loss_right, height), _ALIGN_RIGHT, _loss_text(p))

    def _paint_badge(self, painter: QPainter, digit: int, colour: QColor, room: QRectF) -> None:
        side = room.width()
        badge = QRectF(0, 0, side, side)
        badge.moveCenter(room.center())
        self._set_colour(painter, colour)
        painter.drawRoundedRect(badge.adjusted(0.5, 0.5, -0.5, -0.5), UNIT_PX, UNIT_PX)
        painter.setPen(ink_on(colour))
        painter.setFont(self._theme.font("body", SEMIBOLD))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(digit))

    def _set_colour(self, painter: QPainter, colour: QColor) -> None:
        painter.setPen(QPen(QColor(_EDGE) if self._theme.background == "light" else colour, 1))
        painter.setBrush(colour)

    def _columns(self) -> _Columns:
        body, caption = (QFontMetrics(self._theme.font(role)) for role in ("body", "caption"))
        gap = 2 * GAP_SMALL_PX
        loss = max(body.horizontalAdvance("88.88"), caption.horizontalAdvance(_HEADINGS[1]))
        percent = QFontMetrics(self._theme.font("body", SEMIBOLD)).horizontalAdvance("100.0 %")
        badge = self._row_height() - GAP_SMALL_PX
        percent_right = self.width() - loss - gap
        left, right = badge + GAP_SMALL_PX, percent_right - percent - GAP_SMALL_PX
        bar = QRectF(left, 0, max(0, right - left), self._row_height() // 2)
        return _Columns(badge, bar, percent_right, self.width())

    def _row_height(self) -> int:
        return self._theme.sizes.control

    def _header_height(self) -> int:
        return self._theme.sizes.caption + GAP_SMALL_PX

    def _describe(self) -> None:
        """Update the accessible description."""
        if self._probabilities is None:
            self.setAccessibleDescription("There is nothing to classify yet.")
            return
        first, second = (f"{i}, {percent_text(float(self._probabilities[i]))}" for i in self._ranking[:2])
        self.setAccessibleDescription(f"Answer {first}; runner-up {second}.")

    @Slot()
    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()


def _loss_text(p: float) -> str:
    return f"{abs(math.log(p)):.2f}" if p > 0 else "∞"
