"""Encoded pictures as points of the plane."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LatentPoints:
    """What belongs together travels together, so that no point ever shows another one's picture.

    Attributes:
        places: (n, 2) float, z₀ and z₁ of each.
        labels: (n,) int, or None.
        pictures: (n, height, width, 1 or 3) in [0, 1] or uint8, or None.
        room: on a grid the side of a cell, in units of the plane; infinite where they are scattered.
    """

    places: NDArray[Any]
    labels: NDArray[np.integer[Any]] | None = None
    pictures: NDArray[Any] | None = None
    room: float = math.inf

    def __post_init__(self) -> None:
        if self.places.ndim != 2 or self.places.shape[1] != 2:
            raise ValueError(f"Expected places of shape (n, 2). Received: {self.places.shape}")
        for name, array, n_axes in (("labels", self.labels, 1), ("pictures", self.pictures, 4)):
            if array is not None and (array.ndim != n_axes or len(array) != len(self.places)):
                raise ValueError(f"Expected one of {name} for each place. Received: shape={array.shape}")

    def __len__(self) -> int:
        return len(self.places)

    @property
    def is_on_grid(self) -> bool:
        """Whether each has a cell of its own, or is on its way there or back."""
        return math.isfinite(self.room)

    def class_centres(self) -> dict[int, tuple[float, float]]:
        """The median place of each label's points, which a few strays do not move; empty without labels."""
        if self.labels is None:
            return {}
        medians = {
            int(label): np.median(self.places[self.labels == label], 0) for label in np.unique(self.labels)
        }
        return {label: (float(z0), float(z1)) for label, (z0, z1) in medians.items()}
