"""Nearest neighbours of an image in a dataset."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

N_NEAREST = 10


@dataclass(frozen=True, eq=False)
class NearestImages:
    """The nearest images among those compared so far, nearest first.

    Attributes:
        images: (n ≤ 10, height, width, channels) uint8.
        labels: (n,) int64, or None if the dataset has none.
        distances: (n,) float32, Euclidean, between pixels in [0, 1] or between latent vectors.
        is_last: whether all parts have been compared.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    distances: NDArray[np.float32]
    is_last: bool

    def merged(self, later: Self) -> Self:
        """Merge with the result of a later part, keeping the nearest."""
        distances = np.concatenate([self.distances, later.distances])
        order = np.argsort(distances, kind="stable")[:N_NEAREST]
        labels = None
        if self.labels is not None and later.labels is not None:
            labels = np.concatenate([self.labels, later.labels])[order]
        images = np.concatenate([self.images, later.images])[order]
        return type(self)(images, labels, distances[order], later.is_last)
