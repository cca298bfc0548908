"""A sentence over the latent plane that says what is to be clicked."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from cadl_gui.ui.controls.overlay import Overlay
from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX


class PlanePrompt(QLabel):
    """Lies over the upper edge of the plane, where the eye is; clicks go through to the plane.

    Args:
        theme: tells that the type has another size.
        plane: The widget to lie on.
    """

    def __init__(self, theme: Theme, plane: QWidget) -> None:
        super().__init__(plane)
        named(self, "planePrompt", textRole="section", notice="information")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(GAP_SMALL_PX, UNIT_PX, GAP_SMALL_PX, UNIT_PX)
        self.hide()
        self._overlay = Overlay(self, plane, _at_the_top)
        theme.changed.connect(self._overlay.follow)

    def ask(self, text: str) -> None:
        """Say what is to be clicked; "" hides the sentence."""
        self.setText(text)
        self.setVisible(bool(text))
        self._overlay.follow()


def _at_the_top(prompt: QWidget, plane: QWidget) -> QRect:
    size = prompt.sizeHint().boundedTo(plane.size())
    return QRect(QPoint((plane.width() - size.width()) // 2, GAP_SMALL_PX), size)
