"""An endless path that stays in populated regions of a latent space."""

from dataclasses import dataclass
from math import inf
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

_REACH = 1.5
"""Amplitude of the oscillations in standard deviations."""

_FASTEST_S, _SLOWEST_S = 23.0, 41.0
"""Range of the periods."""

_ARRIVES_S = 4.0
"""Duration of the transition from the start into the oscillations."""


@dataclass(frozen=True, eq=False)
class DriftPath:
    """A path along which each latent oscillates with its own period, so that it practically never repeats.

    Attributes:
        start: latent vector at which the path begins, (d,).
        means: centres of the oscillations, (d,).
        swings: amplitudes, (d,).
        periods_s: periods in seconds, (d,).
        phases: initial phases in radians, (d,).
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
        """Create a path with random periods and phases.

        Args:
            start: latent vector at which the path begins, (d,).
            means: means of the latents over the data, (d,).
            deviations: standard deviations of the latents over the data, (d,).
            random: generator of periods and phases.
        """
        n = len(np.atleast_1d(start))
        return cls(
            np.asarray(start, np.float64),
            np.asarray(means, np.float64),
            _REACH * np.asarray(deviations, np.float64),
            random.uniform(_FASTEST_S, _SLOWEST_S, n),
            random.uniform(0, 2 * np.pi, n),
        )

    @property
    def seconds(self) -> float:
        """Its duration: it never ends."""
        return inf

    def at(self, seconds: float) -> NDArray[np.float32]:
        """The latent vector after a time in seconds, (d,) float32."""
        swing = self.means + self.swings * np.sin(2 * np.pi * seconds / self.periods_s + self.phases)
        t = min(1.0, seconds / _ARRIVES_S)
        eased = t * t * (3 - 2 * t)
        place: NDArray[np.float64] = self.start + eased * (swing - self.start)
        return place.astype(np.float32)
