"""Statistics of each latent over encoded images."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_ACTIVE_FROM = 0.1
"""Standard deviation above which a latent is active."""


@dataclass(frozen=True, eq=False)
class LatentStatistics:
    """Mean and standard deviation of each latent over encoded images.

    Attributes:
        means: means, (d,) float64.
        deviations: standard deviations, (d,) float64.
    """

    means: NDArray[np.float64]
    deviations: NDArray[np.float64]

    @classmethod
    def of(cls, latents: NDArray[Any]) -> Self:
        """Compute the statistics of latent vectors, (n, d), n ≥ 1."""
        values = np.asarray(latents, np.float64)
        return cls(values.mean(0), values.std(0))

    @property
    def n_active(self) -> int:
        """Number of active latents, whose variance over the images exceeds 0.01.

        Burda et al. 2016, Importance Weighted Autoencoders, section 5.2: a latent that has collapsed to its
        prior has the same mean for every image.
        """
        return int(np.count_nonzero(self.is_active))

    @property
    def is_active(self) -> NDArray[np.bool_]:
        """Whether each latent is active, (d,)."""
        active: NDArray[np.bool_] = self.deviations > _ACTIVE_FROM
        return active

    def shares(self, *indices: int) -> tuple[float, ...]:
        """Fraction of the total variance in each of the latents with these indices, in [0, 1]."""
        variances = self.deviations**2
        total = max(float(variances.sum()), np.finfo(np.float64).tiny)
        return tuple(float(variances[index]) / total for index in indices)

    def random(self, generator: np.random.Generator) -> NDArray[np.float32]:
        """Sample a latent vector, (d,) float32, from the normal distribution with these statistics."""
        drawn = generator.normal(self.means, self.deviations)
        return drawn.astype(np.float32)
