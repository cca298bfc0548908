"""The timer of everything that moves on the Latent tab."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.imaging.latent.motions import Motion
from cadl_gui.ui.controls.timer import Timer

_FRAME_MS = 16

What = Literal["handle", "points"]


@dataclass(eq=False)
class _Moving:
    motion: Motion
    show: Callable[[Any], object]
    speed: float
    frame_ms: int
    seconds: float = 0.0


class MotionTimer(QObject):
    """Shows motions in real time: a busy machine skips frames, but never the last one.

    Args:
        clock: A monotonic clock, in seconds.

    Signals:
        stopped: Something has come to its end, or was stopped.
    """

    stopped = Signal()

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._now = 0.0
        self._moving: dict[What, _Moving] = {}
        self._timer = Timer(self, self._step, repeats=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)

    def is_moving(self, what: What) -> bool:
        """Return whether something moves."""
        return what in self._moving

    def start(
        self,
        what: What,
        motion: Motion,
        show: Callable[[Any], object],
        *,
        speed: float = 1.0,
        frame_ms: int = _FRAME_MS,
    ) -> None:
        """Move something, in place of how it moves now.

        Args:
            show: Called with where it is now, at once and at each frame.
            speed: Seconds of the motion per second.
            frame_ms: Time between two frames; where both move, they have the shorter one.
        """
        if not self._moving:
            self._now = self._clock()
        self._moving[what] = _Moving(motion, show, speed, frame_ms)
        self._timer.start(min(moving.frame_ms for moving in self._moving.values()))
        self._show(what, 0.0)

    def change(self, what: What, motion: Motion, speed: float) -> None:
        """Go on with another motion, or at another speed, where it is now."""
        if what in self._moving:
            self._moving[what].motion, self._moving[what].speed = motion, speed

    def stop(self, what: What) -> None:
        """Stop something where it is now."""
        if self._moving.pop(what, None) is not None:
            self.stopped.emit()

    @Slot()
    def _step(self) -> None:
        now = self._clock()
        passed, self._now = now - self._now, now
        for what in tuple(self._moving):
            if what in self._moving:
                self._show(what, passed)
        if not self._moving:
            self._timer.stop()

    def _show(self, what: What, passed: float) -> None:
        moving = self._moving[what]
        moving.seconds += passed * moving.speed
        moving.show(moving.motion.at(moving.seconds))
        if moving.seconds >= moving.motion.seconds and self._moving.get(what) is moving:
            self.stop(what)
