"""Controls that show a member of the view and change it."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget

from cadl_gui.engine.view_state import ViewState

_KINDS: tuple[tuple[type[QWidget], str, str], ...] = (
    (QAbstractButton, "checked", "toggled"),
    (QComboBox, "currentIndex", "currentIndexChanged"),
    (QLineEdit, "text", "textChanged"),
    (QWidget, "value", "valueChanged"),
)
"""Property of a control, and the signal that it emits."""


def shown_by(control: QWidget) -> list[str]:
    """Return the property that a control shows, and the name of the signal that it emits with another."""
    return next(names for kind, *names in _KINDS if isinstance(control, kind))


class Chosen(QObject):
    """Keeps a control and a member of a part of the view the same, such as `is_sorted` of `inspect`.

    A combo box chooses the data of its items; for others than it offers it shows the first, and they stay.
    """

    def __init__(self, control: QWidget, view: ViewState, part: str, member: str) -> None:
        super().__init__(control)
        self._control, self._view, self._part, self._member = control, view, part, member
        self._name, signal = shown_by(control)
        getattr(control, signal).connect(self._change)
        view.bind(control, self._value, self.show)

    def _value(self) -> Any:
        return getattr(getattr(self._view.value, self._part), self._member)

    @Slot()
    def show(self) -> None:
        """Show what is chosen, once other items are offered or other numbers allowed."""
        value, control = self._value(), self._control
        if isinstance(control, QComboBox):
            value = max(0, control.findData(value))
        with QSignalBlocker(control):
            control.setProperty(self._name, value)

    @Slot()
    def _change(self) -> None:
        control = self._control
        value = control.currentData() if isinstance(control, QComboBox) else control.property(self._name)
        part = replace(getattr(self._view.value, self._part), **{self._member: value})
        self._view.change(**{self._part: part})
