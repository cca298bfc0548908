"""The output of a network for one image: probabilities of the classes, or a reconstruction."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF, Qt, Signal

from cadl_gui.domain.class_names import are_short, numbered
from cadl_gui.domain.formatting import percent_text
from cadl_gui.domain.images import to_uint8
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.label_glyph import paint_label
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX

_MOST_COLUMNS = 12
"""More classes than these, or long names, are rows: the most probable ones."""


class OutputView(FigureView):
    """Shows a bar for each class above its label, or a reconstruction. A click reports itself.

    Signals:
        clicked: It was clicked.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._probabilities: NDArray[np.float64] | None = None
        self._names: tuple[str, ...] = ()
        self._pixels: NDArray[np.float32] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Output"))

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

    def _items(self, ratio: float) -> Iterator[Item]:
        """Return the picture below, and over it what is hit."""
        if self._pixels is not None:
            image = self._grey_or_rgb_image(to_uint8(self._pixels))
            place = self._fitting(image, ratio)
            yield Item(place, lambda pen: pen.pixels(place, image), image=image)
            words = _("reconstruction")
        elif (shares := self._probabilities) is not None:
            order = np.argsort(-shares, kind="stable").tolist()
            words = ", ".join(f"{self._names[i]}: {percent_text(float(shares[i]))}" for i in order[:3])
            if len(shares) <= _MOST_COLUMNS and are_short(self._names):
                yield from map(self._column, range(len(shares)), shares.tolist())
            else:
                n = max(1, self.height() // self._line)
                yield from (self._row(row, self._names[i], shares[i]) for row, i in enumerate(order[:n]))
        else:
            return
        yield Item(QRectF(self.rect()), None, words, words, self.clicked.emit)

    def _column(self, label: int, share: float) -> Item:
        n, side = len(self._names), self._line - GAP_SMALL_PX + UNIT_PX
        step, height = self.width() / n, self.height() - side - UNIT_PX
        trough = QRectF(round(label * step), 0, round(step) - 2, height)
        bar = trough.adjusted(0, round(height * (1 - share)), 0, 0)
        width = min(float(side), step - 2)
        chip = QRectF(trough.center().x() - width / 2, height + UNIT_PX, width, side)
        colours = self._theme.label_colours(self._theme.background)
        colour = colours[label] if n <= len(colours) else self._theme.colours.field_edge

        def paint(pen: Pen) -> None:
            pen.bar(trough, bar, colour)
            paint_label(pen.painter, chip, label, pen.theme, text=self._names[label])

        return Item(trough.adjusted(0, 0, 0, side + UNIT_PX), paint)

    def _row(self, row: int, name: str, share: float) -> Item:
        """Return one of the most probable classes."""
        place = QRectF(0, row * self._line, self.width(), self._line)
        names = self.width() * 0.45
        trough = place.adjusted(names, UNIT_PX, 0, -UNIT_PX)
        bar = QRectF(trough.topLeft(), QSizeF(trough.width() * share, trough.height()))

        def paint(pen: Pen) -> None:
            pen.painter.setFont(pen.theme.font("caption"))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            room = QRectF(0, place.top(), names - UNIT_PX, place.height())
            pen.text(room, name, pen.theme.colours.text, right)
            pen.bar(trough, bar, pen.theme.colours.field_edge)

        return Item(place, paint)

    @property
    def _line(self) -> int:
        return self._theme.sizes.caption + GAP_SMALL_PX
