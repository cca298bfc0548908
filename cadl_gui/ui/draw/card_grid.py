"""Computes the grid of small images with text beneath each."""

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF

from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

LEAST_SIDE_PX, READABLE_SIDE_PX = 48, 64
_SCROLLED_SIDE_PX = 84
_MNIST_SIDE = 28
_WHOLE_FROM_PX = 3 * _MNIST_SIDE
"""From this side on, all pixels of an MNIST image are squares of the same size."""


@dataclass(frozen=True)
class CardGrid:
    """A grid of cards; lengths are in pixels.

    Attributes:
        n: number of cards.
        columns: number of columns.
        pitch: width of a column.
        side: side of an image.
        text_height: height of the text beneath it.
    """

    n: int
    columns: int
    pitch: int
    side: int
    text_height: int

    @property
    def cell_height(self) -> int:
        """Height of a row."""
        return self.side + self.text_height

    @property
    def height(self) -> int:
        """Height of all rows."""
        return math.ceil(self.n / self.columns) * self.cell_height

    def cell(self, i: int) -> QRectF:
        """Return the rectangle of the i-th card."""
        row, column = divmod(i, self.columns)
        return QRectF(column * self.pitch, row * self.cell_height, self.pitch, self.cell_height)

    def with_side(self, side: int) -> "CardGrid":
        """Return the same grid with images of another size."""
        return replace(self, side=side, pitch=max(side + GAP_SMALL_PX, self.pitch))


def fitting_grid(n: int, width: int, height: int, text_height: int, widest: int, largest: int) -> CardGrid:
    """Return the grid with the largest images that fits; of such grids, one with room for text and few rows.

    Args:
        widest: columns may be wider than their images, up to this width.
        largest: largest side of an image.
    """
    sizes = []
    for rows in range(1, n + 1):
        across = width / math.ceil(n / rows) - GAP_SMALL_PX
        side = _whole(min(across, height / rows - text_height, largest))
        sizes.append((side, min(widest, width // math.ceil(n / rows)), -rows))
    side, _, rows = max(sizes)
    return _grid(n, width, math.ceil(n / -rows), side, text_height, widest)


def scrolled_grid(n: int, width: int, height: int, text_height: int, widest: int) -> CardGrid:
    """Return a grid of readable images that fits the width; whole rows of it fill the height.

    See `fitting_grid`.
    """
    columns = max(1, width // (_SCROLLED_SIDE_PX + GAP_SMALL_PX))
    side = _whole(min(2 * _SCROLLED_SIDE_PX, width / columns - GAP_SMALL_PX))
    rows = max(1, round(height / (side + text_height)))
    if height // rows - text_height < min(READABLE_SIDE_PX, side):
        rows = max(1, height // (side + text_height))
    side = min(side, max(LEAST_SIDE_PX, height // rows - text_height))
    return _grid(n, width, columns, side, max(text_height, height // rows - side), widest)


def _grid(n: int, width: int, columns: int, side: int, text_height: int, widest: int) -> CardGrid:
    pitch = max(side + GAP_SMALL_PX, min(widest, width // columns))
    return CardGrid(n, columns, pitch, side, text_height)


def _whole(side: float) -> int:
    """Return the largest side up to this one for which squares are of the same size."""
    side = int(side)
    return side - side % _MNIST_SIDE if side >= _WHOLE_FROM_PX else side
