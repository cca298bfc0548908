"""Layout of a confusion matrix in its view."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from cadl_gui.domain.class_names import are_short, numbered
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, NORMAL, SEMIBOLD, UNIT_PX, TextRole

_HERO_FROM = 10
"""Height of a view, in hero type sizes, from which the accuracy uses hero type; below, cells need room."""

_WRONG_FROM = 16
"""The error count is shown in views at least this many lines high; in others the cells need the room."""

_COUNT_ROLES: tuple[TextRole, ...] = ("value", "section", "body", "caption", "small")
_COUNT_MARGIN_PX, _LEAST_COUNT_MARGIN_PX = 3, 0.5
"""The second is that of the smallest fonts."""
_HEAD_STEPS = (1, 2, 5, 10, 20, 50, 100)
_WIDEST_ROW, _TALLEST_COLUMN = 0.36, 0.28
"""Largest shares of the view's width and height for class names, which are elided beyond."""

_LEAST_NUMBERED_PX = 5.0
"""Smallest cell where heads are numbers, of which some may be left out: it still can be pointed at."""

_FEWEST = 4
"""Fewest classes with names that are shown, however small the view."""

_FEWEST_SHORT = 10


class ConfusionHeads(NamedTuple):
    """Sizes of the labels left of the cells and above them, in pixels of the view.

    Attributes:
        row: Width of the strip that holds the labels left of the cells.
        column: Height of the strip that holds the labels above the cells.
        pitch: Smallest distance of two labels that are both written.
        swatch: Side of the chip of colour beside a name, or 0; labels without a name are on the chip.
        has_names: Whether the labels are names; in columns they are turned.
        has_column_names: Whether there is room for names above the cells, too.
        least: Smallest side of a cell.
    """

    row: float
    column: float
    pitch: float
    swatch: float
    has_names: bool
    has_column_names: bool
    least: float


@dataclass(frozen=True)
class ConfusionLayout:
    """Layout of one matrix for one size of its view; lengths in pixels of the view.

    Attributes:
        accuracy_font: Font of the accuracy, whose line begins at the top.
        accuracy_height: Height of that line, or 0 if it is written elsewhere.
        wrong_height: Height of the line with the error count, or 0 if there is no room for it.
        line: Height of one line of a caption.
        heads: Sizes of the labels.
        head_step: One label is written every `head_step` labels.
        grid: Rectangle of all cells; its corners lie on device pixels.
        cell: Side of a cell, a whole number of device pixels.
        most: How many classes have room here; at least four, and ten with short labels.
        count_font: Font of the counts, or None if none fits.
        shows_right_counts: Whether the counts on the diagonal fit too.
    """

    accuracy_font: QFont
    accuracy_height: float
    wrong_height: float
    line: float
    heads: ConfusionHeads
    head_step: int
    grid: QRectF
    cell: float
    most: int
    count_font: QFont | None
    shows_right_counts: bool

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return the rectangle of one cell."""
        return QRectF(
            self.grid.left() + column * self.cell, self.grid.top() + row * self.cell, self.cell, self.cell
        )


def confusion_layout(
    matrix: NDArray[np.int64],
    size: QSize,
    theme: Theme,
    ratio: float,
    names: Sequence[str] = (),
    *,
    coloured: bool = False,
    has_heading: bool = True,
) -> ConfusionLayout:
    """Lay out a matrix as large as it fits.

    Args:
        matrix: (n, n) counts, n ≥ 1.
        ratio: Device pixels per pixel of the view.
        names: Name of each row and column; () uses their numbers.
        has_heading: Whether the accuracy and the error count have lines above the matrix.
    """
    n = len(matrix)
    sizes = theme.sizes
    accuracy_font = theme.font("hero" if size.height() >= _HERO_FROM * sizes.hero else "value", SEMIBOLD)
    line = QFontMetricsF(theme.font("caption")).height()
    accuracy_height = QFontMetricsF(accuracy_font).height() if has_heading else 0.0
    wrong_height = line if has_heading and size.height() >= _WRONG_FROM * line else 0.0
    above = accuracy_height + wrong_height + (GAP_SMALL_PX if has_heading else 0) + line
    room = QSizeF(size.width() - line, size.height() - above)
    heads = _heads(tuple(names) or numbered(n), room, theme, coloured=coloured)
    left = round((line + heads.row) * ratio) / ratio
    top = round((above + heads.column) * ratio) / ratio
    side = max(0.0, min(size.width() - left, size.height() - top))
    cell = max(1, int(side * ratio / n)) / ratio
    count_font, shows_right_counts = _count_font(matrix, cell, theme)
    return ConfusionLayout(
        accuracy_font=accuracy_font,
        accuracy_height=accuracy_height,
        wrong_height=wrong_height,
        line=line,
        heads=heads,
        head_step=next(step for step in _HEAD_STEPS if step * cell >= heads.pitch or step == _HEAD_STEPS[-1]),
        grid=QRectF(left, top, n * cell, n * cell),
        cell=cell,
        most=max(_FEWEST if heads.has_names else _FEWEST_SHORT, int(side / heads.least)),
        count_font=count_font,
        shows_right_counts=shows_right_counts,
    )


def _heads(names: tuple[str, ...], room: QSizeF, theme: Theme, *, coloured: bool) -> ConfusionHeads:
    """Return the sizes of the labels; short ones, such as digits, are on chips of equal width and height."""
    metrics = QFontMetricsF(theme.font("caption", SEMIBOLD))
    least = metrics.capHeight() + UNIT_PX
    if are_short(names):
        widest = max(map(metrics.horizontalAdvance, names)) + UNIT_PX
        head = max(widest, metrics.height()) + UNIT_PX
        pitch = max(widest, least)
        smallest = _LEAST_NUMBERED_PX if names == numbered(len(names)) else pitch
        return ConfusionHeads(head, head, pitch, 0.0, False, False, smallest)
    metrics = QFontMetricsF(theme.font("caption"))
    least = max(least, metrics.capHeight() + metrics.descent() + 1)  # a y does not reach the b below it
    widest = max(map(metrics.horizontalAdvance, names)) + 1
    swatch = metrics.capHeight() + UNIT_PX if coloured else 0.0
    beside = swatch + UNIT_PX
    row = min(widest + beside, _WIDEST_ROW * room.width())
    column = min(widest + beside, _TALLEST_COLUMN * room.height())
    # Colours alone, in the order of the rows, where names above would leave too little for the cells.
    has_column_names = not coloured or room.height() - column >= len(names) * least
    return ConfusionHeads(
        row, column if has_column_names else beside, 0.0, swatch, True, has_column_names, least
    )


def _count_font(matrix: NDArray[np.int64], cell: float, theme: Theme) -> tuple[QFont | None, bool]:
    """Return the largest font in which all counts fit, or else the mistakes alone, which matter more.

    For a class, mistakes that the last row can read come before all counts, and smaller numbers before none.
    """
    mistakes = matrix[~np.eye(len(matrix), dtype=bool)]
    sizes = {getattr(sizes, role) for sizes in (theme.sizes, NORMAL) for role in _COUNT_ROLES}
    which = (matrix, True), (mistakes, False)
    for least, (counts, all_of_them) in product((theme.sizes.small, 0), which):
        widest = "0" * len(str(int(counts.max(initial=0))))
        for size in sorted((size for size in sizes if size >= least), reverse=True):
            font = theme.font(size, SEMIBOLD)
            metrics = QFontMetricsF(font)
            margin = _LEAST_COUNT_MARGIN_PX if size <= theme.sizes.small else _COUNT_MARGIN_PX
            room = cell - 2 * margin
            if metrics.horizontalAdvance(widest) <= room and metrics.capHeight() <= room / 2:
                return font, all_of_them
    return None, False
