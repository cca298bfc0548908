"""Small versions of all images of a dataset, from which montages of any number are made."""

import math

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import ImageShape

MOST_BYTES = 2**26
"""Limit on all small versions together; larger versions are made from the images when they are needed."""


_Images = NDArray[np.uint8] | NDArray[np.float32]


def cell_shape(image_shape: ImageShape, side: int) -> tuple[int, int]:
    """Return height and width of a version of an image whose longer side has `side` pixels."""
    height, width, _ = image_shape
    longest = max(height, width)
    return max(1, round(height * side / longest)), max(1, round(width * side / longest))


def area_averaged(
    images: NDArray[np.uint8] | NDArray[np.float32], height: int, width: int
) -> NDArray[np.float32]:
    """Shrink images: each pixel becomes the mean of the area that it covers.

    Args:
        images: (n, h, w, channels), h ≥ height, w ≥ width.
        height: height of the results.
        width: width of the results.

    Returns:
        (n, height, width, channels) float32, in the range of the images.
    """
    shrunk = _shrunk(images, height)
    return _shrunk(shrunk.swapaxes(1, 2), width).swapaxes(1, 2)


def _shrunk(images: _Images, new: int) -> NDArray[np.float32]:
    """Shrink the second axis of four to `new` by area averaging."""
    old = images.shape[1]
    if old % new == 0:  # the usual case, by sums of slices, is several times faster
        times = old // new
        total = images[:, ::times].astype(np.float32)
        for start in range(1, times):
            total += images[:, start::times]
        total *= 1 / times
        return total
    n, _, across, channels = images.shape
    rows = images.reshape(n, old, across * channels).astype(np.float32)
    shrunk: NDArray[np.float32] = np.matmul(_area_weights(old, new), rows)
    return shrunk.reshape(n, new, across, channels)


def rounded(images: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Round values in [0, 255] to the nearest byte."""
    result: NDArray[np.uint8] = np.rint(images).astype(np.uint8)
    return result


class Pyramid:
    """Versions of n images with longer sides of 1, 2, 4, … pixels, smaller than the images.

    It is filled block by block.

    Args:
        n: number of images.
        image_shape: (height, width, channels).
        most_bytes: limit on all versions together; the smallest one is always there.
    """

    def __init__(self, n: int, image_shape: ImageShape, most_bytes: int = MOST_BYTES) -> None:
        self._shape = image_shape
        self._levels: dict[int, NDArray[np.uint8]] = {}
        self._brightness = np.zeros(n, np.float32)
        self.n_done = 0
        side = 1
        while side < max(image_shape[:2]):
            height, width = cell_shape(image_shape, side)
            most_bytes -= n * math.prod((height, width, image_shape[2]))
            if self._levels and most_bytes < 0:
                break
            self._levels[side] = np.zeros((n, height, width, image_shape[2]), np.uint8)
            side *= 2

    @property
    def is_complete(self) -> bool:
        """Whether all images were added."""
        return self.n_done == len(self._brightness)

    @property
    def brightness(self) -> NDArray[np.float32]:
        """Mean of each image over pixels and channels, (n,) in [0, 255]; 0 for images not added yet."""
        return self._brightness

    @property
    def share_done(self) -> float:
        """Share of the images that was added, in [0, 1]."""
        return self.n_done / len(self._brightness)

    def has(self, side: int) -> bool:
        """Return whether there is a version with this longer side."""
        return side in self._levels

    def level(self, side: int) -> NDArray[np.uint8]:
        """Return the versions of all images with this longer side, (n, height, width, channels)."""
        return self._levels[side]

    def add(self, images: NDArray[np.uint8]) -> None:
        """Add the next images, (k, height, width, channels)."""
        which = slice(self.n_done, self.n_done + len(images))
        shrunk: _Images = images
        for side in sorted(self._levels, reverse=True):
            # From the next larger version, which is fifty times faster than from the images.
            shrunk = area_averaged(shrunk, *cell_shape(self._shape, side))
            self._levels[side][which] = rounded(shrunk)
        self._brightness[which] = shrunk.mean(axis=(1, 2, 3), dtype=np.float32)
        self.n_done += len(images)


def _area_weights(old: int, new: int) -> NDArray[np.float32]:
    """Return the share of each of `old` pixels in each of `new` ones, (new, old); rows sum to 1."""
    edges = np.arange(new + 1) * (old / new)
    pixels = np.arange(old)
    starts = np.maximum(edges[:-1, np.newaxis], pixels)
    ends = np.minimum(edges[1:, np.newaxis], pixels + 1)
    weights: NDArray[np.float32] = (np.maximum(ends - starts, 0) * (new / old)).astype(np.float32)
    return weights
