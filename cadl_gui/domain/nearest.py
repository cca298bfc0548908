"""Images of a dataset that are most like another one."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

N_NEAREST = 10


@dataclass(frozen=True, eq=False)
class NearestImages:
    """The nearest of those that were compared up to now, the nearest first.

    Attributes:
        images: (n ≤ 10, height, width, channels) uint8.
        labels: (n,) int64, or None where the dataset has none.
        distances: (n,) float32, Euclidean, over pixels in [0, 1] or over the numbers of a latent vector.
        is_last: whether there is no further part to compare with.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    distances: NDArray[np.float32]
    is_last: bool

    def merged(self, later: Self) -> Self:
        """The nearest of this part and of the one that was compared after it."""
        distances = np.concatenate([self.distances, later.distances])
        order = np.argsort(distances, kind="stable")[:N_NEAREST]
        labels = None
        if self.labels is not None and later.labels is not None:
            labels = np.concatenate([self.labels, later.labels])[order]
        images = np.concatenate([self.images, later.images])[order]
        return type(self)(images, labels, distances[order], later.is_last)
