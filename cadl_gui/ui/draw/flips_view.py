"""Shows a drawing before and after some of its pixels were inverted."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from cadl_gui.domain.drawing import Pixels
from cadl_gui.domain.images import to_uint8
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import fitting_scale
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, REGULAR, SEMIBOLD, UNIT_PX, TextRole

_ARROW_PX = 32
_LEAST_LETTERS, _MOST_LETTERS = 5, 9
"""Width of the texts, as multiples of the size of their type."""

_LEAST_IMAGE_PX = 84
"""Width that the texts leave to an image."""

_RED = 2
"""The label whose colour the edges have."""


class FlipsView(FigureView):
    """Two images with an arrow between them and a text for each; inverted pixels have an edge.

    The texts are beside the images or, where that leaves larger ones, the first two beneath them in one line.

    Args:
        theme: for colours and fonts.
        empty_text: shown while there is no drawing.
    """

    _plain_message = "body"

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._before: NDArray[np.float32] | None = None
        self._after: NDArray[np.float32] | None = None
        self._flips: Pixels = frozenset()
        self._texts: tuple[Sequence[str], Sequence[str]] = ((), ())

    def set_images(
        self, before: NDArray[np.float32] | None, after: NDArray[np.float32] | None, flips: Pixels
    ) -> None:
        """Show an image before and after pixels were inverted.

        Args:
            before: (height, width, 1) in [0, 1]; None for no drawing.
            after: the same with inverted pixels.
            flips: rows and columns of those pixels.
        """
        self._before, self._after, self._flips = before, after, flips
        self._refresh()

    def set_texts(self, before: Sequence[str], after: Sequence[str]) -> None:
        """Show what the network says of both: lines of text, the first one large."""
        if (before, after) != self._texts:
            self._texts = before, after
            self._refresh()

    def sizeHint(self) -> QSize:
        """Prefer five pixels for each of an MNIST image."""
        return QSize(2 * (140 + _MOST_LETTERS * self._theme.sizes.caption) + _ARROW_PX, 140)

    def minimumSizeHint(self) -> QSize:
        """Let the images shrink."""
        return QSize(2 * (56 + _LEAST_LETTERS * self._theme.sizes.caption) + _ARROW_PX, 56)

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        if self._before is not None and self._after is not None:
            words = " → ".join(", ".join(lines) for lines in self._texts if lines)
            yield Item(QRectF(self.rect()), partial(self._paint_pair, self._before, self._after), words=words)

    def _paint_pair(self, before: NDArray[np.float32], after: NDArray[np.float32], pen: Pen) -> None:
        (height, width, _), painter = before.shape, pen.painter
        across, size = (self.width() - _ARROW_PX) / 2 - 2 * GAP_SMALL_PX, (height, width)
        beside = fitting_scale(across - self._text_width(), self.height(), size, pen.ratio)
        below = fitting_scale(across, self.height() - self._text_height(), size, pen.ratio)
        is_below, scale = below > beside, max(beside, below)
        pair = max if is_below else sum
        pitch = round(pair((scale * width, self._text_width())) + _ARROW_PX + 3 * GAP_SMALL_PX)
        for i, (image, lines) in enumerate(zip((before, after), self._texts, strict=True)):
            place = QRectF(i * pitch, 0, scale * width, scale * height)
            pen.pixels(place, self._grey_or_rgb_image(to_uint8(image)))
            if is_below:
                self._paint_text(painter, lines[:2], place.bottomLeft(), in_line=True)
            else:
                self._paint_text(painter, lines, place.topRight() + QPointF(GAP_SMALL_PX, 0))
        self._paint_arrow(painter, QPointF(pitch - _ARROW_PX - GAP_SMALL_PX, scale * height / 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        edge = QColor(self._theme.label_colours("dark")[_RED])
        painter.setPen(QPen(edge, 1, j=Qt.PenJoinStyle.MiterJoin))
        for row, column in self._flips:
            pixel = QRectF(pitch + column * scale, row * scale, scale, scale)
            painter.drawRect(pixel.adjusted(-1, -1, 0, 0))

    def _paint_text(
        self, painter: QPainter, lines: Sequence[str], at: QPointF, *, in_line: bool = False
    ) -> None:
        """Paint the lines, the last one, which is beside it, too, only where it fits."""
        for i, text in enumerate(lines):
            role: TextRole = "caption" if i else "body" if in_line else "value"
            painter.setFont(self._theme.font(role, REGULAR if i else SEMIBOLD))
            painter.setPen(QColor(self._theme.colours.secondary if i else self._theme.colours.text))
            height = painter.fontMetrics().height()
            if i > 1 and painter.fontMetrics().horizontalAdvance(text) > self._text_width():
                return
            fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self._text_width())
            painter.drawText(QRectF(at.x(), at.y(), self._text_width(), height), fitting)
            width = painter.fontMetrics().horizontalAdvance(text)
            at += QPointF(width + GAP_SMALL_PX, 0) if in_line else QPointF(0, height + UNIT_PX)

    def _paint_arrow(self, painter: QPainter, start: QPointF) -> None:
        tip = start + QPointF(_ARROW_PX - GAP_SMALL_PX, 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.colours.secondary), self._theme.sizes.icon_stroke))
        painter.drawLine(start, tip)
        for side in (-1, 1):
            painter.drawLine(tip, tip + QPointF(-UNIT_PX, side * UNIT_PX))

    def _text_height(self) -> int:
        """Return the height of the first two texts in one line."""
        return QFontMetrics(self._theme.font("body", SEMIBOLD)).height() + UNIT_PX

    def _text_width(self) -> int:
        """Return the width of the texts, which leave room for the images."""
        room = (self.width() - _ARROW_PX) // 2 - _LEAST_IMAGE_PX - 2 * GAP_SMALL_PX
        least, most = (n * self._theme.sizes.caption for n in (_LEAST_LETTERS, _MOST_LETTERS))
        return min(most, max(least, room))
