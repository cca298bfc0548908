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
    """Emits the latent vector, and the epoch if there is one, of each frame of a path.

    It plays in real time: a busy machine skips frames, but never the last one.

    Args:
        clock: A monotonic clock, in seconds.

    Signals:
        stepped: ((d,) float32, int or None) Latent vector and epoch of the next frame.
        playing_changed: (bool) Playback started or stopped.
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
        """Whether a path is playing."""
        return self._timer.isActive()

    @property
    def share(self) -> float:
        """How much of the path has been played, in [0, 1]."""
        return max(0, self._reported) / max(1, len(self._frames) - 1)

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
        """Stop at the current frame."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        """Set the speed, relative to normal."""
        self._speed = speed
        if self.is_playing:
            self._timer.start(self._interval_ms)

    @Slot(bool)
    def set_loops(self, loops: bool) -> None:
        """Set whether to restart at the end."""
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
