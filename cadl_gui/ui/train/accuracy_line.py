"""The accuracy of a classifier as the largest number of a page."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QBoxLayout, QWidget

from cadl_gui.system.words import _
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.parts import label, named, row_in
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_ABOUT = _("Each run keeps images of its own for validation, as many as its settings say.")
_FEW = 100
"""Number of images below which per cent would feign precision."""


class AccuracyLine(QWidget):
    """“99.6 %”, or “3 of 4” of a few images, and how many are wrong.

    Args:
        theme: without Details, the line has no note.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._matrix: NDArray[np.int64] | None = None
        self._images = self._note = ""
        self._percent = named(label("", "accuracyLabel", textRole="hero"), "", says=_("Accuracy"))
        self._wrong = named(wrapped_label("", "wrongLabel", secondary=True), "", _ABOUT)
        self._row = row_in(self, GAP_SMALL_PX, self._percent)
        self._row.addWidget(self._wrong, stretch=1, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._refresh()
        theme.changed.connect(self._refresh)

    def set_confusion(self, matrix: NDArray[np.int64] | None, images: str = "", note: str = "") -> None:
        """Show the accuracy of a confusion matrix.

        Args:
            matrix: (n_classes, n_classes); None shows nothing.
            images: which images these are, such as “validation images”.
            note: a sentence to add, such as one about other figures.
        """
        self._note = note
        self._matrix = matrix if matrix is not None and matrix.sum() else None
        self._images = images
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        is_large = self._theme.stage.has(When.PRESENTING)  # side by side, the text would have no width left
        self._row.setDirection(
            QBoxLayout.Direction.TopToBottom if is_large else QBoxLayout.Direction.LeftToRight
        )
        if self._matrix is None:
            self._percent.clear()
            self._wrong.clear()
            return
        self._percent.setText(right_text(self._matrix))
        wrong = wrong_text(self._matrix, self._images)
        has_note = self._note and self._theme.stage.has(When.DETAILS)
        self._wrong.setText(f"{wrong}. {self._note}" if has_note else wrong)


def right_text(matrix: NDArray[np.int64]) -> str:
    """Return the accuracy as text; never 100 % while any image is wrong, nor per cent of a few images."""
    total = int(matrix.sum())
    n_wrong = total - int(matrix.trace())
    if total < _FEW:
        return _("{right} of {total}").format(right=total - n_wrong, total=total)
    percent = 100 * (total - n_wrong) / total
    return f"{min(percent, 99.9) if n_wrong else percent:.1f} %"


def wrong_text(matrix: NDArray[np.int64], images: str) -> str:
    """Return how many are wrong: “22 of its 6,000 validation images wrong”."""
    total = int(matrix.sum())
    which = _("its {total:,} {images}").format(total=total, images=images) if images else f"{total:,}"
    return _("{total:,} of {which} wrong").format(total=total - int(matrix.trace()), which=which)
