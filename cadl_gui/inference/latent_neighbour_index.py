"""Nearest-neighbour search among the latent vectors of a run's training images."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.nearest import NearestImages
from cadl_gui.inference.neighbour_index import NeighbourIndex

EncodeImages = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Maps (n, height, width, channels) float32 in [0, 1] to (n, latent_dim) float32."""


class LatentNeighbourIndex:
    """Encodes the training images part by part on demand, and caches their latent vectors.

    Args:
        images: images of the run's dataset.
        encode: encoder with fixed weights; other weights require another index.
    """

    def __init__(self, images: NeighbourIndex, encode: EncodeImages) -> None:
        self._images = images
        self._encode = encode
        self._latents: dict[int, NDArray[np.float32]] = {}

    def nearest(self, image: NDArray[np.float32], part: int) -> NearestImages:
        """Find the ten training images of one part with the nearest latents; see `NeighbourIndex.nearest`."""
        which = self._images.part(part, self._images.part_sizes.latents)
        if part not in self._latents:
            self._latents[part] = self._encode(self._images.images(which)).reshape(len(which), -1)
        latent = self._encode(image[np.newaxis]).reshape(-1)
        distances = np.linalg.norm(self._latents[part] - latent, axis=1).astype(np.float32)
        return self._images.nearest_of(which, distances)
