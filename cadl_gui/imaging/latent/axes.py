"""A plane through a latent space of any number of dimensions."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class LatentAxes:
    """Two directions of a latent space as the axes of a plane; in the others the plane stays at `base`.

    Attributes:
        origin: (d,) float64, what has the plane's coordinates 0, 0.
        directions: (2, d) float64, orthonormal.
        base: (d,) float64, any point of the plane that is shown.
        variance_shares: how much of the variance lies along each direction, in [0, 1], if it is known.
    """

    origin: NDArray[np.float64]
    directions: NDArray[np.float64]
    base: NDArray[np.float64]
    variance_shares: tuple[float, float] | None = None

    @classmethod
    def of_dimensions(cls, latent_dim: int, first: int = 0, second: int = 1) -> Self:
        """Two of the latents themselves; the others are 0 until `with_base` says otherwise.

        Raises:
            ValueError: if these are not two different latents.
        """
        if first == second or not (0 <= first < latent_dim and 0 <= second < latent_dim):
            raise ValueError(f"Expected two of {latent_dim} latents. Received: {first}, {second}")
        zeros = np.zeros(latent_dim)
        return cls(zeros, np.eye(latent_dim)[[first, second]], zeros)

    @classmethod
    def of_components(cls, latents: NDArray[Any], first: int = 0, second: int = 1) -> Self:
        """Two principal components, in which the latents spread most.

        Args:
            latents: (n, d), at least two of at least two dimensions.
            first: which component goes to the right, counted from 0, by falling variance.
            second: which one goes up.

        Raises:
            ValueError: if there are not two such components.
        """
        n, d = latents.shape
        if first == second or not (0 <= first < min(n, d) and 0 <= second < min(n, d)):
            raise ValueError(f"Expected two of {min(n, d)} components. Received: {first}, {second}")
        mean = latents.mean(0, dtype=np.float64)
        variances, components = _principal_components(latents - mean)
        directions = components[[first, second]]
        # A component is one up to its sign; the largest entry decides, so that the plane never flips.
        largest = np.abs(directions).argmax(1)
        directions *= np.sign(directions[[0, 1], largest])[:, np.newaxis]
        total = max(float(variances.sum()), np.finfo(np.float64).tiny)
        shares = (float(variances[first]) / total, float(variances[second]) / total)
        return cls(mean, directions, mean, shares)

    def with_base(self, base: ArrayLike) -> Self:
        """The parallel plane through another point, (d,)."""
        return replace(self, base=np.asarray(base, np.float64).reshape(self.origin.shape))

    def to_z(self, points: ArrayLike) -> NDArray[np.float32]:
        """Latent vectors, (..., d) float32, of points of the plane, (..., 2)."""
        across = self.base - self.origin
        beside = across - self.directions.T @ (self.directions @ across)
        z: NDArray[np.float64] = self.origin + beside + np.asarray(points, np.float64) @ self.directions
        return z.astype(np.float32)

    def to_plane(self, latents: ArrayLike) -> NDArray[np.float32]:
        """Where latent vectors, (..., d), fall onto the plane: (..., 2) float32."""
        plane: NDArray[np.float64] = (np.asarray(latents, np.float64) - self.origin) @ self.directions.T
        return plane.astype(np.float32)


def _principal_components(centred: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Variances, falling and not scaled, and the directions that have them, as rows."""
    n, d = centred.shape
    if d > n:
        _, spreads, components = np.linalg.svd(centred, full_matrices=False)
        return spreads**2, components
    # A hand may drag meanwhile: a singular value decomposition of 2,000 latent vectors takes some six times
    # as long.
    variances, directions = np.linalg.eigh(centred.T @ centred)
    return np.maximum(variances[::-1], 0.0), directions.T[::-1]
