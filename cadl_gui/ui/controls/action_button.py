"""Buttons that trigger an action and mirror its state."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QToolButton

from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.controls.spotlight import spotlight_host


class ActionButton(QPushButton):
    """Triggers an action and mirrors its state; named after it: `pinAction` has the `pinButton`.

    It stays as wide as the widest text that it has shown, so that a click on it, which may change the text,
    moves nothing away from under the pointer. Disabled, it gives its focus to the main view of its page: Qt
    would give it to the next button, and the same key pressed again would do something else, such as train
    again after Stop.

    Args:
        action: The action to trigger.
        flat: Whether the button is drawn flat, for a less important action.
        text: Text of the button; the action's own text if "".
    """

    def __init__(self, action: QAction, *, flat: bool = False, text: str = "") -> None:
        super().__init__()
        self._action = action
        self._text = text
        self._widest = ""
        named(self, f"{action.objectName().removesuffix('Action')}Button", flat=flat)
        self.setCheckable(action.isCheckable())
        action.changed.connect(self._refresh)
        # A click toggles the button first; `_refresh` then takes over the action's state.
        self.clicked.connect(action.trigger)
        self._refresh()

    def sizeHint(self) -> QSize:
        """Return the size for its text, as wide as for the widest."""
        hint = super().sizeHint()
        return QSize(hint.width() + self._width_of(self._widest) - self._width_of(self.text()), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def let_focus_go(self) -> None:
        """Give the focus, if it has it, to the main view of its page."""
        if self.hasFocus():
            spotlight_host(self).setFocus()  # which passes it on

    def _width_of(self, text: str) -> int:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, text).width()

    @Slot()
    def _refresh(self) -> None:
        self.setText(self._text or self._action.text())
        self._widest = max(self._widest, self.text(), key=self._width_of)
        self.setToolTip(self._action.toolTip())
        if not self._action.isEnabled():
            self.let_focus_go()
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())


def tool_button(action: QAction) -> QToolButton:
    """Return a button with an action's icon, or its text if it has none; named like an `ActionButton`."""
    name = f"{action.objectName().removesuffix('Action')}Button"
    button = named(QToolButton(), name, says=action.text().removesuffix("…"))
    button.setDefaultAction(action)
    return button
