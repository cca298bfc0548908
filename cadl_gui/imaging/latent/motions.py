"""What moves on the Latent tab: values that say where it is after a time."""

from dataclasses import dataclass
from math import inf
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.view_box import ViewBox

_STAGGER = 0.5
"""Delay of the points with the longest way, as a share of the duration."""

_ROUNDING = 1e-6


class Motion(Protocol):
    """Where something is over time."""

    @property
    def seconds(self) -> float:
        """Its duration; infinite if it has no end."""

    def at(self, seconds: float) -> Any:
        """Return where it is after a time; after its duration or more, where it ends."""


@dataclass(frozen=True, eq=False)
class PathMotion:
    """A path that is played once, or again and again.

    Attributes:
        frames: latent vectors, (n, d).
        epochs: epochs of the frames, (n,); None if the path leads through none.
        frames_per_second: how fast it is played.
        loops: whether it begins again at the end.
    """

    frames: NDArray[np.float32]
    epochs: NDArray[np.int64] | None
    frames_per_second: float
    loops: bool

    @classmethod
    def of(cls, path: LatentPath, *, loops: bool) -> Self:
        """Play a path at its own speed."""
        return cls(path.frames(), path.frame_epochs(), path.frames_per_second, loops)

    @property
    def seconds(self) -> float:
        """See `Motion`."""
        return inf if self.loops else len(self.frames) / self.frames_per_second

    def at(self, seconds: float) -> int:
        """Return the index of the frame."""
        frame, n = int(seconds * self.frames_per_second + _ROUNDING), len(self.frames)
        return frame % n if self.loops else min(frame, n - 1)


@dataclass(frozen=True, eq=False)
class GridMotion:
    """Points on their way to other places, and the view with them.

    Attributes:
        start: where the points are, (n, 2).
        end: where they go, (m, 2); only as many as both have are shown on the way.
        view: the part of the plane that is in view at the start.
        view_end: the part at the end.
        seconds: duration; 0 if nothing is to be seen moving.
    """

    start: NDArray[np.float32]
    end: NDArray[np.float32]
    view: ViewBox
    view_end: ViewBox
    seconds: float

    def at(self, seconds: float) -> tuple[NDArray[np.float32], ViewBox]:
        """Return places and view: every point eases in and out, and those that go far start last."""
        if seconds >= self.seconds:
            return self.end, self.view_end
        progress, n = seconds / self.seconds, min(len(self.start), len(self.end))
        start, end = self.start[:n], self.end[:n]
        far = np.linalg.norm(end - start, axis=1)
        delay = _STAGGER * far / max(float(far.max(initial=0)), 1e-9)
        t = np.clip((progress - delay) / (1 - _STAGGER), 0, 1)[:, np.newaxis]
        eased = t * t * (3 - 2 * t)
        places = np.asarray(start + eased * (end - start), np.float32)
        return places, self.view.on_the_way_to(self.view_end, progress)
