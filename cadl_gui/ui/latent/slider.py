"""A slider for one latent."""

from PySide6.QtCore import QSignalBlocker

from cadl_gui.ui.controls.jump_slider import JumpSlider

_STEPS = 200
_SIGMAS = 3.0
_SMALLEST_REACH = 0.5


class LatentSlider(JumpSlider):
    """Covers three standard deviations to either side of the mean."""

    def __init__(self) -> None:
        super().__init__()
        self._middle, self._reach = 0.0, _SIGMAS
        self.setRange(-_STEPS, _STEPS)
        self.setPageStep(_STEPS // 10)

    @property
    def latent(self) -> float:
        """The value that the user chose."""
        return self._middle + self.value() / _STEPS * self._reach

    def set_statistics(self, mean: float, deviation: float) -> None:
        """Set the range from the mean and standard deviation of the latent."""
        self._middle, self._reach = mean, max(_SIGMAS * deviation, _SMALLEST_REACH)

    def show_value(self, value: float) -> None:
        """Show a value, clipped to the range, without emitting a signal."""
        with QSignalBlocker(self):
            self.setValue(round((value - self._middle) / self._reach * _STEPS))
