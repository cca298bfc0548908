"""Plays a path through latent space."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cadl_gui.imaging.latent.latent_path import LatentPath

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PathPlayer(QObject):
    """Gives the latent vector, and the epoch if there is one, of frame after frame, as its film plays.

    It keeps the time: where the machine is too busy for every frame, some are left out, never the last.

    Args:
        clock: gives seconds that never go back.

    Signals:
        stepped: ((d,) float32, int or None) the next frame.
        playing_changed: (bool) it began, or is over.
    """

    stepped = Signal(object, object)
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._frames = np.empty((0, 2), np.float32)
        self._epochs: NDArray[np.int64] | None = None
        self._at, self._reported, self._now = 0.0, -1, 0.0
        self._speed, self._frames_per_second = 1.0, 24.0
        self._loops = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)

    @property
    def is_playing(self) -> bool:
        """Whether frames come."""
        return self._timer.isActive()

    def play(self, path: LatentPath) -> None:
        """Play from the start."""
        self._frames, self._epochs = path.frames(), path.frame_epochs()
        self._frames_per_second = path.frames_per_second
        self._at, self._reported, self._now = 0.0, -1, self._clock()
        self._timer.start(self._interval_ms)
        self.playing_changed.emit(True)
        self._step()

    @Slot()
    def stop(self) -> None:
        """Stay where it is."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        """Play so many times as fast, from now on."""
        self._speed = speed
        if self.is_playing:
            self._timer.start(self._interval_ms)

    @Slot(bool)
    def set_loops(self, loops: bool) -> None:
        """Whether it begins again at its end."""
        self._loops = loops

    @property
    def _interval_ms(self) -> int:
        return max(1, round(1000 / (self._frames_per_second * self._speed)))

    @Slot()
    def _step(self) -> None:
        now = self._clock()
        self._at += (now - self._now) * self._frames_per_second * self._speed
        self._now = now
        n = len(self._frames)
        is_over = self._at >= n and not self._loops
        self._report(n - 1 if is_over else int(self._at) % n)
        if is_over:
            self.stop()

    def _report(self, frame: int) -> None:
        if frame != self._reported:
            self._reported = frame
            epoch = None if self._epochs is None else int(self._epochs[frame])
            self.stepped.emit(self._frames[frame], epoch)
