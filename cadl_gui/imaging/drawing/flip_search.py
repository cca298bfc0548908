"""Searches the few pixels that make a classifier answer another class, as `resources/web/fool.js` does."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing import Pixels

MOST_FLIPS = 60
_AT_ONCE = 98
"""Images for each request, few enough that other requests do not wait noticeably."""

_SHORT_LIST, _SHORT_ROUNDS = 98, 4
"""After all pixels were tried, so many of the best are tried again, this many times."""

_TINY = 1e-37


class FlipSearch:
    """Inverts one pixel after another, each time the one that brings the target nearest.

    Args:
        image: (height, width, 1) in [0, 1].
        flips: the pixels that are inverted in it already, which stay so.
        target: label of the class that is to be answered.

    Attributes:
        flips: the pixels that are inverted.
    """

    def __init__(self, image: NDArray[np.float32], flips: Pixels, target: int) -> None:
        self.flips = flips
        self._image = image.copy()
        self._target = target
        self._n_rounds = 0
        height, width = image.shape[:2]
        self._every = [(row, column) for row in range(height) for column in range(width)]
        self._short_list = self._every
        self._candidates: list[tuple[int, int]] = []

    def images(self) -> Iterator[NDArray[np.float32]]:
        """Images with one more inverted pixel, in batches; `flip` needs what is answered to all of them."""
        pixels = self._short_list if self._n_rounds % (1 + _SHORT_ROUNDS) else self._every
        self._n_rounds += 1
        self._candidates = [pixel for pixel in pixels if pixel not in self.flips]
        for first in range(0, len(self._candidates), _AT_ONCE):
            rows, columns = np.array(self._candidates[first : first + _AT_ONCE]).T
            images, numbers = np.repeat(self._image[np.newaxis], len(rows), axis=0), np.arange(len(rows))
            images[numbers, rows, columns] = 1 - images[numbers, rows, columns]
            images.flags.writeable = False
            yield images

    def flip(self, probabilities: NDArray[np.float32]) -> bool:
        """Invert the best pixel.

        Args:
            probabilities: those of the classes for each of the images, (n, n_classes).

        Returns:
            Whether the target is answered now.
        """
        logs = np.log(np.maximum(probabilities, _TINY).astype(np.float64))
        wished = logs[:, self._target].copy()
        logs[:, self._target] = -np.inf
        order = np.argsort(logs.max(axis=1) - wished, kind="stable").tolist()
        best = self._candidates[order[0]]
        self._short_list = [self._candidates[place] for place in order[:_SHORT_LIST]]
        self._image[best] = 1 - self._image[best]
        self.flips = self.flips | {best}
        return bool(probabilities[order[0]].argmax() == self._target)
