"""A way that never ends and never leaves the data."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

_REACH = 1.5
"""In standard deviations, to either side of the mean."""
_FASTEST_S, _SLOWEST_S = 23.0, 41.0
_ARRIVES_S = 4.0


@dataclass(frozen=True, eq=False)
class DriftPath:
    """Each latent swings slowly, in a rhythm of its own, so that the way hardly ever repeats itself.

    Attributes:
        start: (d,) where it begins; after some seconds nothing of that is left.
        means: (d,) around which it swings.
        swings: (d,) how far.
        periods_s: (d,) how long one swing takes.
        phases: (d,) where in its swing each one begins, in radians.
    """

    start: NDArray[np.float64]
    means: NDArray[np.float64]
    swings: NDArray[np.float64]
    periods_s: NDArray[np.float64]
    phases: NDArray[np.float64]

    @classmethod
    def of(
        cls, start: ArrayLike, means: ArrayLike, deviations: ArrayLike, random: np.random.Generator
    ) -> Self:
        """A way from a place, (d,), into data of these means and deviations, (d,) each."""
        n = len(np.atleast_1d(start))
        return cls(
            np.asarray(start, np.float64),
            np.asarray(means, np.float64),
            _REACH * np.asarray(deviations, np.float64),
            random.uniform(_FASTEST_S, _SLOWEST_S, n),
            random.uniform(0, 2 * np.pi, n),
        )

    def at(self, seconds: float) -> NDArray[np.float32]:
        """Where it is after so many seconds, (d,) float32."""
        swing = self.means + self.swings * np.sin(2 * np.pi * seconds / self.periods_s + self.phases)
        t = min(1.0, seconds / _ARRIVES_S)
        eased = t * t * (3 - 2 * t)
        place: NDArray[np.float64] = self.start + eased * (swing - self.start)
        return place.astype(np.float32)
