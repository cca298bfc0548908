"""A number field for one latent."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from cadl_gui.ui.widgets.number_spin import NumberSpin

_LARGEST = 1e5
_STEP = 0.1
_DECIMALS = 3


class LatentSpin(NumberSpin):
    """Goes in even steps through zero, and shows the place of a hand to a thousandth."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(-_LARGEST, _LARGEST)
        self.setSingleStep(_STEP)

    def show_value(self, value: float) -> None:
        """Show a value without telling anybody."""
        with QSignalBlocker(self):
            self.setValue(round(value, _DECIMALS))

    def stepBy(self, steps: int) -> None:
        """Count on from the last good value."""
        self.setValue(round(self.value() + steps * self.singleStep(), 2 * _DECIMALS))
