"""An overlay that shows one widget on a whole page."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cadl_gui.system.words import _
from cadl_gui.ui.controls.overlay import Overlay
from cadl_gui.ui.controls.parts import push_button
from cadl_gui.ui.theme.tokens import PAGE_MARGIN_PX

_HOST_PROPERTY = "spotlightHost"
FILLS_PAGE = "fillsPage"
"""Property of a figure that tells whether it does."""


class Spotlight(QWidget):
    """Covers its host with one widget, and follows the host's size.

    Args:
        host: The widget to cover.
        content: The widget that fills the host; the caller must take it back.

    Attributes:
        back: The button that leaves it, which Esc clicks, wherever the focus is in the window.

    Signals:
        shown: It is visible again, as its host is.
    """

    shown = Signal()

    def __init__(self, host: QWidget, content: QWidget) -> None:
        super().__init__(host)
        self.setAutoFillBackground(True)
        self.back = push_button(_("Close"), "leaveSpotlightButton", _("Leave Spotlight (Esc)"))
        self.back.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space is the key of Spotlight
        layout = QHBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        layout.addWidget(content, stretch=1)
        layout.addWidget(self.back, alignment=Qt.AlignmentFlag.AlignTop)
        Overlay(self, host)
        host.window().installEventFilter(self)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt)
        """While visible, take Esc before a shortcut or the window does."""
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or not self.isVisible():
            return False
        if event.type() is QEvent.Type.KeyPress:
            self.back.click()
        event.accept()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Emit `shown`."""
        super().showEvent(event)
        self.shown.emit()


def spotlight_host(widget: QWidget) -> QWidget:
    """Return the nearest ancestor with the property `spotlightHost`, or else the window."""
    ancestor = widget.parentWidget()
    while ancestor is not None:
        if ancestor.property(_HOST_PROPERTY) or ancestor.isWindow():
            return ancestor
        ancestor = ancestor.parentWidget()
    return widget
