"""Encoded images as points of the plane."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 20
_SAME = 1e-3


@dataclass(frozen=True, eq=False)
class LatentPoints:
    """What belongs together travels together, so that no point ever shows another one's image.

    Attributes:
        places: (n, 2) float, z₀ and z₁ of each.
        labels: (n,) int, or None.
        images: (n, height, width, 1 or 3) in [0, 1] or uint8, or None.
        room: on a grid the side of a cell, in units of the plane; infinite where they are scattered.
    """

    places: NDArray[Any]
    labels: NDArray[np.integer[Any]] | None = None
    images: NDArray[Any] | None = None
    room: float = math.inf

    def __post_init__(self) -> None:
        if self.places.ndim != 2 or self.places.shape[1] != 2:
            raise ValueError(f"Expected places of shape (n, 2). Received: {self.places.shape}")
        for name, array, n_axes in (("labels", self.labels, 1), ("pictures", self.images, 4)):
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


def pushed_apart(places: NDArray[np.float64], distance: float, farthest: float) -> NDArray[np.float64]:
    """Move places that lie on one another apart, so that what is written at each can be read.

    Args:
        places: (n, 2).
        distance: how far each is to be from every other one, where that is possible.
        farthest: how far a place is moved at most.

    Returns:
        (n, 2), in the same order; places that have room stay where they are.
    """
    moved = np.array(places, np.float64)
    angles = 2 * np.pi * np.arange(len(moved)) / max(1, len(moved))
    directions = np.stack([np.cos(angles), np.sin(angles)], 1)
    for _ in range(_ROUNDS):
        between = moved[:, None] - moved[None]
        apart = np.linalg.norm(between, axis=2)
        # Those at one and the same place go each its own way.
        same = apart < _SAME * distance
        between[same] = (directions[:, None] - directions[None])[same]
        lengths = np.maximum(np.linalg.norm(between, axis=2), 1e-9)
        pushes = np.maximum(distance - apart, 0) / 2
        np.fill_diagonal(pushes, 0)
        if not pushes.any():
            break
        moved += (between / lengths[..., None] * pushes[..., None]).sum(1)
        way = moved - places
        far = np.maximum(np.linalg.norm(way, axis=1, keepdims=True) / farthest, 1)
        moved = places + way / far
    return moved
