"""A sentence over the latent plane that says what is to be clicked."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, RADIUS_PX, UNIT_PX


class PlanePrompt(QLabel):
    """Lies over the upper edge of the plane, where the eye is; clicks go through to the plane.

    Args:
        theme: Colours.
        plane: The widget to lie on.
    """

    def __init__(self, theme: Theme, plane: QWidget) -> None:
        super().__init__(plane)
        self._theme = theme
        self._plane = plane
        named(self, "planePrompt", textRole="section")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(GAP_SMALL_PX, UNIT_PX, GAP_SMALL_PX, UNIT_PX)
        self.hide()
        plane.installEventFilter(self)
        theme.changed.connect(self._place)

    def ask(self, text: str) -> None:
        """Say what is to be clicked; "" hides the sentence."""
        self.setText(text)
        self.setVisible(bool(text))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the plane."""
        if event.type() is QEvent.Type.Resize and watched is self._plane:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a surface beneath the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.selected))
        painter.drawRoundedRect(self.rect(), RADIUS_PX, RADIUS_PX)
        painter.end()
        super().paintEvent(event)

    @Slot()
    def _place(self) -> None:
        size = self.sizeHint().boundedTo(self._plane.size())
        self.setGeometry((self._plane.width() - size.width()) // 2, GAP_SMALL_PX, size.width(), size.height())
