"""The drift of the handle, which can be left running full screen."""

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cadl_gui.imaging.latent.drift import DriftPath
from cadl_gui.imaging.latent.latent_statistics import LatentStatistics

_FRAME_MS = 33


class Drift(QObject):
    """Moves along a `DriftPath` from the handle's position.

    Signals:
        moved: ((d,) float32) The current latent vector.
    """

    moved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._statistics: LatentStatistics | None = None
        self._path: DriftPath | None = None
        self._began = 0.0
        self._random = np.random.default_rng()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)

    @property
    def is_drifting(self) -> bool:
        """Whether the drift is running."""
        return self._timer.isActive()

    def set_statistics(self, statistics: LatentStatistics | None) -> None:
        """Set the distribution of the data, used from the next start on."""
        self._statistics = statistics

    def start(self, latent: NDArray[np.float32]) -> None:
        """Start drifting from a latent vector, (d,)."""
        ones = np.ones(len(latent))
        is_known = self._statistics is not None and len(self._statistics.means) == len(latent)
        means, deviations = (
            (self._statistics.means, self._statistics.deviations)
            if self._statistics and is_known
            else (0 * ones, ones)
        )
        self._path = DriftPath.of(latent, means, deviations, self._random)
        self._began = time.monotonic()
        self._timer.start(_FRAME_MS)

    @Slot()
    def stop(self) -> None:
        """Stop at the current position."""
        self._timer.stop()

    @Slot()
    def _step(self) -> None:
        if self._path is not None:
            self.moved.emit(self._path.at(time.monotonic() - self._began))
