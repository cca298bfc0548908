"""A slider for one latent."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QSlider, QWidget

_STEPS = 200
_SIGMAS = 3.0
_SMALLEST_REACH = 0.5


class LatentSlider(QSlider):
    """Reaches three standard deviations to either side of the mean.

    Signals:
        moved: (float) the hand moved it to this value.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._middle, self._reach = 0.0, _SIGMAS
        self.setRange(-_STEPS, _STEPS)
        self.setPageStep(_STEPS // 10)
        self.valueChanged.connect(self._on_value_changed)

    def set_statistics(self, mean: float, deviation: float) -> None:
        """Reach around this mean."""
        self._middle, self._reach = mean, max(_SIGMAS * deviation, _SMALLEST_REACH)

    def show_value(self, value: float) -> None:
        """Stand at a value, or at the end nearest to it, without telling anyone."""
        with QSignalBlocker(self):
            self.setValue(round((value - self._middle) / self._reach * _STEPS))

    @Slot(int)
    def _on_value_changed(self, step: int) -> None:
        self.moved.emit(self._middle + step / _STEPS * self._reach)
