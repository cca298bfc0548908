"""Plays the images of a dataset one after the other."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot


class ImagePlayer(QObject):
    """Emits the place of each image in real time: a busy machine skips images, but never the last one.

    Args:
        parent: Parent object.
        clock: A monotonic clock, in seconds.

    Signals:
        stepped: (int) Place of the next image.
        playing_changed: Playback started or stopped.
    """

    stepped = Signal(int)
    playing_changed = Signal()

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._first, self._n, self._rate, self._began = 0, 0, 1.0, 0.0
        self._reported = -1
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)

    @property
    def is_playing(self) -> bool:
        """Whether images are playing."""
        return self._timer.isActive()

    def play(self, first: int, n: int, rate: float) -> None:
        """Play from an image to the end.

        Args:
            first: Place of the first image.
            n: Number of images.
            rate: Images per second.
        """
        self._first, self._n, self._rate, self._began = first, n, rate, self._clock()
        self._reported = first
        self._timer.start(max(1, round(1000 / rate)))
        self.playing_changed.emit()

    @Slot()
    def stop(self) -> None:
        """Stop at the current image."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit()

    @Slot()
    def _step(self) -> None:
        place = min(self._first + int((self._clock() - self._began) * self._rate), self._n - 1)
        if place != self._reported:
            self._reported = place
            self.stepped.emit(place)
        if place >= self._n - 1:
            self.stop()
