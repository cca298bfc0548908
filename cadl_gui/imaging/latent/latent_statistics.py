"""How far encoded images spread along each latent."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_ACTIVE_FROM = 0.1


@dataclass(frozen=True, eq=False)
class LatentStatistics:
    """Mean and standard deviation of each latent over encoded images.

    Attributes:
        means: (d,) float64.
        deviations: (d,) float64.
    """

    means: NDArray[np.float64]
    deviations: NDArray[np.float64]

    @classmethod
    def of(cls, latents: NDArray[Any]) -> Self:
        """Measure latents, (n, d), n ≥ 1."""
        values = np.asarray(latents, np.float64)
        return cls(values.mean(0), values.std(0))

    @property
    def n_active(self) -> int:
        """How many latents carry something about the image: those whose mean varies by more than 0.01.

        Burda et al. 2016, Importance Weighted Autoencoders, section 5.2: a latent that has collapsed onto its
        prior has the same mean whatever is encoded.
        """
        return int(np.count_nonzero(self.is_active))

    @property
    def is_active(self) -> NDArray[np.bool_]:
        """(d,), which ones they are."""
        active: NDArray[np.bool_] = self.deviations > _ACTIVE_FROM
        return active

    def shares(self, *indices: int) -> tuple[float, ...]:
        """How much of the variance each of these latents has, in [0, 1]."""
        variances = self.deviations**2
        total = max(float(variances.sum()), np.finfo(np.float64).tiny)
        return tuple(float(variances[index]) / total for index in indices)

    def random(self, generator: np.random.Generator) -> NDArray[np.float32]:
        """A latent vector, (d,) float32, from the normal distribution of that mean and deviation."""
        drawn = generator.normal(self.means, self.deviations)
        return drawn.astype(np.float32)
