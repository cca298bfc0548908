"""The output of a network for one image: probabilities of the classes, or a reconstruction."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.class_names import are_short, numbered
from cadl_gui.domain.formatting import percent_text
from cadl_gui.domain.images import to_uint8
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX
from cadl_gui.ui.widgets.figure_pixels import fitting_scale, paint_pixels
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.label_glyph import paint_label

_MOST_COLUMNS = 12
"""More classes than these, or long names, are rows: the most probable ones."""


class OutputView(FigureView):
    """Shows a bar for each class above its label, or a reconstruction. A click reports itself.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no output.

    Signals:
        hover_text: (str) The most probable classes.
        clicked: It was clicked.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._probabilities: NDArray[np.float64] | None = None
        self._names: tuple[str, ...] = ()
        self._pixels: NDArray[np.float32] | None = None
        self._image = QImage()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Output")

    @property
    def probabilities(self) -> NDArray[np.float64] | None:
        """Probability of each class, (classes,), or None."""
        return self._probabilities

    @property
    def image(self) -> NDArray[np.float32] | None:
        """The reconstruction shown, (height, width, channels), or None."""
        return self._pixels

    def set_logits(self, logits: NDArray[np.float32] | None, names: Sequence[str] = ()) -> None:
        """Show the probabilities that logits, (classes,), stand for; None empties the view.

        Args:
            logits: One number for each class.
            names: Names of the classes; () stands for their numbers.
        """
        self._pixels, self._probabilities = None, None
        if logits is not None and np.isfinite(logits).all():
            shares = np.exp(logits.astype(np.float64) - logits.max())
            self._probabilities = shares / shares.sum()
            self._names = tuple(names) if len(names) == len(logits) else numbered(len(logits))
        self._refresh()

    def set_image(self, image: NDArray[np.float32] | None) -> None:
        """Show a reconstruction, (height, width, channels) in [0, 1]; None empties the view."""
        self._probabilities, self._pixels = None, image
        self._refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report a click."""
        event.accept()
        self.clicked.emit()

    def _is_empty(self) -> bool:
        return self._probabilities is None and self._pixels is None

    def _prepare(self) -> None:
        if self._pixels is not None:
            self._image = self._grey_or_rgb_image(to_uint8(self._pixels))

    def _in_words(self) -> str:
        if self._probabilities is None:
            return "reconstruction"
        best = np.argsort(-self._probabilities, kind="stable")[:3]
        return ", ".join(f"{self._names[i]}: {percent_text(float(self._probabilities[i]))}" for i in best)

    def _text_at(self, place: QPointF) -> str:  # noqa: ARG002 (the same everywhere)
        return self._in_words()

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        if self._probabilities is None:
            shape = self._image.height(), self._image.width()
            scale = fitting_scale(self.width(), self.height(), shape, ratio)
            place = QRectF(0, 0, scale * shape[1], scale * shape[0])
            place.moveLeft((self.width() - place.width()) // 2)
            paint_pixels(painter, place, self._image, ratio)
        elif len(self._probabilities) <= _MOST_COLUMNS and are_short(self._names):
            self._paint_columns(painter, self._probabilities)
        else:
            self._paint_rows(painter, self._probabilities)

    def _paint_columns(self, painter: QPainter, probabilities: NDArray[np.float64]) -> None:
        n, side = len(probabilities), self._theme.sizes.caption + UNIT_PX
        step = self.width() / n
        height = self.height() - side - UNIT_PX
        colours = self._theme.label_colours(self._theme.background)
        for label, share in enumerate(probabilities.tolist()):
            column = QRectF(round(label * step), 0, round(step) - 2, height)
            painter.fillRect(column, QColor(self._theme.colours.plot))
            column.setTop(round(height * (1 - share)))
            colour = colours[label] if n <= len(colours) else self._theme.colours.field_edge
            painter.fillRect(column, QColor(colour))
            width = min(float(side), step - 2)
            chip = QRectF(column.center().x() - width / 2, height + UNIT_PX, width, side)
            paint_label(painter, chip, label, self._theme, text=self._names[label])

    def _paint_rows(self, painter: QPainter, probabilities: NDArray[np.float64]) -> None:
        """Paint the most probable classes, with their probabilities."""
        painter.setFont(self._theme.font("caption"))
        line = self._theme.sizes.caption + GAP_SMALL_PX
        n = max(1, self.height() // line)
        metrics = QFontMetricsF(painter.font())
        names = self.width() * 0.45
        for row, i in enumerate(np.argsort(-probabilities, kind="stable")[:n].tolist()):
            share = float(probabilities[i])
            place = QRectF(0, row * line, names - UNIT_PX, line)
            painter.setPen(QColor(self._theme.colours.text))
            name = metrics.elidedText(self._names[i], Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)
            trough = QRectF(names, row * line + UNIT_PX, self.width() - names, line - 2 * UNIT_PX)
            painter.fillRect(trough, QColor(self._theme.colours.plot))
            trough.setWidth(trough.width() * share)
            painter.fillRect(trough, QColor(self._theme.colours.field_edge))
