"""Encoded images as points in the latent plane."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 20
_SAME = 1e-3
_RADII = np.arange(1, 5)
_WAYS = 2 * np.pi * np.arange(12) / 12
_RINGS = np.concatenate([
    np.zeros((1, 2)),
    (_RADII[:, np.newaxis, np.newaxis] * np.stack([np.cos(_WAYS), np.sin(_WAYS)], 1)).reshape(-1, 2),
])  # fmt: skip
"""Where a rectangle is tried, in units of its height: at its place, then in circles about it."""


@dataclass(frozen=True, eq=False)
class LatentPoints:
    """Points with their labels and images, in one object so that they always match.

    Attributes:
        places: plane coordinates (z₀, z₁), (n, 2) float.
        labels: labels, (n,) int, or None.
        images: images, (n, height, width, 1 or 3), float in [0, 1] or uint8, or None.
        room: side length of a cell on a grid, in units of the plane; infinite if the points are not on a
            grid.

    Raises:
        ValueError: if the shapes do not match.
    """

    places: NDArray[Any]
    labels: NDArray[np.integer[Any]] | None = None
    images: NDArray[Any] | None = None
    room: float = math.inf

    def __post_init__(self) -> None:
        if self.places.ndim != 2 or self.places.shape[1] != 2:
            raise ValueError(f"Expected places of shape (n, 2). Received: {self.places.shape}")
        for name, array, n_axes in (("labels", self.labels, 1), ("images", self.images, 4)):
            if array is not None and (array.ndim != n_axes or len(array) != len(self.places)):
                raise ValueError(f"Expected one of the {name} for each place. Received: {array.shape}")

    def __len__(self) -> int:
        return len(self.places)

    @property
    def is_on_grid(self) -> bool:
        """Whether the points are on a grid, or moving to or from it."""
        return math.isfinite(self.room)

    def class_centres(self) -> dict[int, tuple[float, float]]:
        """The median of each label's points, which is robust to outliers; empty without labels."""
        if self.labels is None:
            return {}
        medians = {
            int(label): np.median(self.places[self.labels == label], 0) for label in np.unique(self.labels)
        }
        return {label: (float(z0), float(z1)) for label, (z0, z1) in medians.items()}


def pushed_apart(places: NDArray[np.float64], distance: float, farthest: float) -> NDArray[np.float64]:
    """Move overlapping places apart, so that a text at each of them can be read.

    Args:
        places: (n, 2) coordinates.
        distance: smallest distance between two places, if possible.
        farthest: largest distance by which a place is moved.

    Returns:
        (n, 2) coordinates in the same order; places with enough room are unchanged.
    """
    moved = np.array(places, np.float64)
    angles = 2 * np.pi * np.arange(len(moved)) / max(1, len(moved))
    directions = np.stack([np.cos(angles), np.sin(angles)], 1)
    for _ in range(_ROUNDS):
        between = moved[:, None] - moved[None]
        apart = np.linalg.norm(between, axis=2)
        # Places at the same coordinates are moved in different directions.
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


def kept_inside(
    places: NDArray[np.float64], halves: NDArray[np.float64], size: tuple[float, float]
) -> NDArray[np.float64]:
    """Move rectangles that an edge would cut off inside; those whose centres are outside stay there.

    Args:
        places: (n, 2) centres.
        halves: (n, 2) or (2,) halves of the widths and heights.
        size: width and height of the area, which begins at (0, 0).

    Returns:
        (n, 2) centres in the same order.
    """
    is_inside = ((places >= 0) & (places <= size)).all(axis=1, keepdims=True)
    moved = np.maximum(np.minimum(places, np.asarray(size) - halves), halves)
    return np.where(is_inside, moved, places)


def places_without_overlap(
    places: NDArray[np.float64],
    halves: NDArray[np.float64],
    size: tuple[float, float] | None = None,
) -> NDArray[np.float64]:
    """Place rectangles beside each other, each as near to its own place as those before it permit.

    Args:
        places: (n, 2) centres, the most important first.
        halves: (n, 2) halves of the widths and heights.
        size: width and height of the area, whose edges cut none off whose centre is inside; None for an
            area without edges.

    Returns:
        (n, 2) centres in the same order; not-a-number where there is no room near.
    """
    found = np.full(places.shape, np.nan)
    for i, (place, half) in enumerate(zip(places, halves, strict=True)):
        taken = np.isfinite(found[:i]).all(axis=1)
        others, sizes = found[:i][taken], halves[:i][taken] + half
        tried = place + _RINGS * (half[1] * 2)
        if size is not None and ((place >= 0) & (place <= size)).all():
            tried = kept_inside(np.clip(tried, 0, size), half, size)
        is_free = ~(np.abs(tried[:, np.newaxis] - others) < sizes).all(axis=2).any(axis=1)
        if is_free.any():
            found[i] = tried[is_free.argmax()]
    return found
