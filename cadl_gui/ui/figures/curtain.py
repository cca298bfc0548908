"""A cover that hides an image until the class has guessed."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.system.words import _
from cadl_gui.ui.controls.overlay import Overlay
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD

_TITLE, _HELP = _("Guess first"), _("Press C or click to reveal")


class Curtain(QWidget):
    """Covers another widget with a plain surface.

    Args:
        covered: The widget to cover; the curtain follows its size.
        theme: Colours and type.
        lift: Called when it is clicked with the left button.
        text: How it is lifted.
    """

    _clicked = Signal()

    def __init__(self, covered: QWidget, theme: Theme, lift: Callable[[], object], text: str = _HELP) -> None:
        super().__init__(covered)
        self._clicked.connect(lift)
        self._theme, self._help = theme, text
        self.setAccessibleName(_TITLE)
        self.setAccessibleDescription(text)
        Overlay(self, covered)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the surface with two lines of text in the middle."""
        painter = QPainter(self)
        upper, lower = self.rect(), self.rect()
        upper.setBottom(upper.center().y())
        lower.setTop(upper.bottom())
        painter.fillRect(self.rect(), QColor(self._theme.colours.line))
        painter.setPen(QColor(self._theme.colours.text))
        painter.setFont(self._theme.font("section", SEMIBOLD))
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(upper, Qt.AlignmentFlag.AlignBottom | centred, _TITLE)
        painter.setFont(self._theme.font("caption"))
        painter.drawText(lower, Qt.AlignmentFlag.AlignTop | centred, self._help)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Accept the press, so that the covered widget does not receive it."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Be lifted by a left click; like that of a button, it is taken back by dragging away."""
        is_inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and is_inside:
            self._clicked.emit()
