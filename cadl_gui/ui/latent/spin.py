"""A number field for one latent."""

from PySide6.QtCore import QSignalBlocker, QSize

from cadl_gui.ui.controls.number_spin import NumberSpin
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_LARGEST = 1e5
_STEP = 0.1
_DECIMALS = 3
_USUAL = "−10.425"


class LatentSpin(NumberSpin):
    """Steps by 0.1, also through zero, and shows values to three decimals.

    In present mode it has no arrows: keys and wheel step, too.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setRange(-_LARGEST, _LARGEST)
        self.setSingleStep(_STEP)
        self.setProperty("tight", True)

    def minimumSizeHint(self) -> QSize:
        """Return a width for usual values; Qt would fit the longest number in range."""
        width_px = self.fontMetrics().horizontalAdvance(_USUAL) + 2 * GAP_SMALL_PX
        return QSize(width_px, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Return the minimum plus the arrows, which are about as wide as the field is high."""
        smallest = self.minimumSizeHint()
        return QSize(smallest.width() + smallest.height(), smallest.height())

    def show_value(self, value: float) -> None:
        """Show a value without emitting a signal."""
        with QSignalBlocker(self):
            self.setValue(round(value, _DECIMALS))

    def stepBy(self, steps: int) -> None:
        """Step from the last valid value."""
        self.setValue(round(self.value() + steps * self.singleStep(), 2 * _DECIMALS))
