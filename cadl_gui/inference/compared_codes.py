"""The codes of a run's training pictures, to compare a drawing's code with."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.nearest import NearestPictures
from cadl_gui.inference.compared_pictures import ComparedPictures

_PART = 500
"""Pictures that are encoded at once: about ten milliseconds for a convolutional network."""

EncodePictures = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""(n, height, width, channels) float32 in [0, 1] to (n, latent_dim) float32."""


class ComparedCodes:
    """Encodes the training pictures part by part, and remembers their codes.

    Args:
        pictures: of the run's dataset.
        encode: with the weights that are asked about; for others make another one.
    """

    def __init__(self, pictures: ComparedPictures, encode: EncodePictures) -> None:
        self._pictures = pictures
        self._encode = encode
        self._codes: dict[int, NDArray[np.float32]] = {}

    def nearest(self, picture: NDArray[np.float32], part: int) -> NearestPictures:
        """The nearest ten of one part; see `ComparedPictures.nearest`."""
        which = self._pictures.part(part, _PART)
        if part not in self._codes:
            self._codes[part] = self._encode(self._pictures.pictures(which)).reshape(len(which), -1)
        code = self._encode(picture[np.newaxis]).reshape(-1)
        distances = np.linalg.norm(self._codes[part] - code, axis=1).astype(np.float32)
        return self._pictures.nearest_of(which, distances)
