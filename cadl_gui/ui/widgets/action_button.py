"""Buttons that do what an action does, and look as it does."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from cadl_gui.ui.theme.style_property import set_style_property


class ActionButton(QPushButton):
    """Shows an action's words; named after it: `pinAction` has the `pinButton`.

    Args:
        action: to do.
        flat: whether it is one of the less important ones.
        text: what it is called here; what the action is called, if "".
    """

    def __init__(
        self, action: QAction, *, flat: bool = False, text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._action = action
        self._text = text
        self.setObjectName(f"{action.objectName().removesuffix('Action')}Button")
        self.setCheckable(action.isCheckable())
        set_style_property(self, "flat", value=flat)
        action.changed.connect(self._refresh)
        # A click has toggled the button before the action answers, which then tells how it stands.
        self.clicked.connect(action.trigger)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self.setText(self._text or self._action.text())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())


def tool_button(action: QAction) -> QToolButton:
    """A button with an action's icon, or its words where it has none; named as an `ActionButton` is."""
    button = QToolButton()
    button.setObjectName(f"{action.objectName().removesuffix('Action')}Button")
    button.setAccessibleName(action.text().removesuffix("…"))
    button.setDefaultAction(action)
    return button
