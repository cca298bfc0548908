"""Buttons of which one is chosen."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QButtonGroup

_BY_TAB = Qt.FocusPolicy.TabFocus


class ChoiceGroup(QButtonGroup):
    """Lets Tab reach the chosen button, from which the arrow keys lead to the others.

    Qt by itself lets it reach the one that had the focus last, and at first the first one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.buttonToggled.connect(self._on_toggled)

    @Slot()
    def _on_toggled(self) -> None:
        has_choice = any(button.isChecked() for button in self.buttons())
        for button in self.buttons():
            policy = button.focusPolicy()
            is_reached = button.isChecked() or not has_choice
            button.setFocusPolicy(policy | _BY_TAB if is_reached else policy & ~_BY_TAB)
