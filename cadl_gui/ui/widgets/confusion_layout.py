"""Layout of a confusion matrix in its view."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF

from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, SEMIBOLD, UNIT_PX, TextRole

_HERO_FROM = 10
"""Height of a view, in hero type sizes, from which the accuracy uses hero type; below, cells need room."""

_WRONG_FROM = 16
"""The error count is shown in views at least this many lines high; in others the cells need the room."""

_COUNT_ROLES: tuple[TextRole, ...] = ("value", "section", "body", "caption")
_COUNT_SHARE = 0.8
_HEAD_STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class ConfusionLayout:
    """Layout of one matrix for one size of its view; lengths in pixels of the view.

    Attributes:
        accuracy_font: Font of the accuracy, whose line begins at the top.
        accuracy_height: Height of that line.
        wrong_height: Height of the line with the error count, or 0 if there is no room for it.
        line: Height of one line of a caption.
        head: Thickness of the strips that hold the labels, left of the cells and above them.
        head_step: One label is written every `head_step` labels.
        grid: Rectangle of all cells; its corners lie on device pixels.
        cell: Side of a cell, a whole number of device pixels.
        count_font: Font of the counts, or None if none fits.
        shows_right_counts: Whether the counts on the diagonal fit too.
    """

    accuracy_font: QFont
    accuracy_height: float
    wrong_height: float
    line: float
    head: float
    head_step: int
    grid: QRectF
    cell: float
    count_font: QFont | None
    shows_right_counts: bool

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return the rectangle of one cell."""
        return QRectF(
            self.grid.left() + column * self.cell, self.grid.top() + row * self.cell, self.cell, self.cell
        )


def confusion_layout(matrix: NDArray[np.int64], size: QSize, theme: Theme, ratio: float) -> ConfusionLayout:
    """Lay out a matrix as large as it fits.

    Args:
        matrix: (n, n) counts, n ≥ 1.
        size: Size of the view.
        theme: Supplies the fonts.
        ratio: Device pixels per pixel of the view.
    """
    n = len(matrix)
    sizes = theme.sizes
    accuracy_font = theme.font("hero" if size.height() >= _HERO_FROM * sizes.hero else "value", SEMIBOLD)
    caption = QFontMetricsF(theme.font("caption"))
    head_text = QFontMetricsF(theme.font("caption", SEMIBOLD))
    line, accuracy_height = caption.height(), QFontMetricsF(accuracy_font).height()
    wrong_height = line if size.height() >= _WRONG_FROM * line else 0.0
    widest_head = head_text.horizontalAdvance(str(n - 1)) + UNIT_PX
    head = max(widest_head, head_text.height()) + UNIT_PX
    left = round((line + head) * ratio) / ratio
    top = round((accuracy_height + wrong_height + GAP_SMALL_PX + line + head) * ratio) / ratio
    room = max(0.0, min(size.width() - left, size.height() - top))
    cell = max(1, int(room * ratio / n)) / ratio
    least = max(widest_head, head_text.capHeight() + UNIT_PX)
    count_font, shows_right_counts = _count_font(matrix, cell, theme)
    return ConfusionLayout(
        accuracy_font=accuracy_font,
        accuracy_height=accuracy_height,
        wrong_height=wrong_height,
        line=line,
        head=head,
        head_step=next(step for step in _HEAD_STEPS if step * cell >= least or step == _HEAD_STEPS[-1]),
        grid=QRectF(left, top, n * cell, n * cell),
        cell=cell,
        count_font=count_font,
        shows_right_counts=shows_right_counts,
    )


def _count_font(matrix: NDArray[np.int64], cell: float, theme: Theme) -> tuple[QFont | None, bool]:
    """Return the largest font in which all counts fit, or else the mistakes alone, which matter more."""
    mistakes = matrix[~np.eye(len(matrix), dtype=bool)]
    for counts, all_of_them in ((matrix, True), (mistakes, False)):
        widest = "0" * len(str(int(counts.max(initial=0))))
        for role in _COUNT_ROLES:
            metrics = QFontMetricsF(theme.font(role, SEMIBOLD))
            fits_across = metrics.horizontalAdvance(widest) <= _COUNT_SHARE * cell
            if fits_across and metrics.capHeight() <= _COUNT_SHARE / 2 * cell:
                return theme.font(role, SEMIBOLD), all_of_them
    return None, False
