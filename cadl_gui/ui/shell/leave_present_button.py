"""The visible way out of present mode, in the corner beside the tabs."""

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme


class LeavePresentButton(QToolButton):
    """Switches present mode off; visible in present mode only.

    Args:
        action: The action that switches present mode on and off.
        theme: Knows whether present mode is on.
    """

    def __init__(self, action: QAction, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("leavePresentButton")
        self.setAccessibleName("Leave present mode")
        self.setToolTip("Leave present mode (Esc or F5)")
        self.setIcon(icon("x", theme, "secondary"))
        self.setAutoRaise(True)
        self._theme = theme
        self.clicked.connect(action.trigger)
        theme.changed.connect(self._restyle)
        self._restyle()
        theme.stage.put(When.PRESENTING, self)

    @Slot()
    def _restyle(self) -> None:
        sizes = self._theme.sizes
        self.setIconSize(QSize(sizes.icon, sizes.icon))
        self.setFixedSize(sizes.control, sizes.control)
