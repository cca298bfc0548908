"""Drawings with the labels that the user gave them."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import to_uint8


class LabelledExamples:
    """Labelled images, in the order in which they were added."""

    def __init__(self) -> None:
        self._images: list[NDArray[np.uint8]] = []
        self._labels: list[int] = []

    def __len__(self) -> int:
        return len(self._labels)

    @property
    def labels(self) -> NDArray[np.int64]:
        """Labels, (n,) int64, read-only."""
        labels = np.array(self._labels, np.int64)
        labels.flags.writeable = False
        return labels

    @property
    def images(self) -> NDArray[np.uint8]:
        """Images, (n, height, width, channels) uint8, read-only. At least one must have been added."""
        images = np.stack(self._images)
        images.flags.writeable = False
        return images

    def add(self, image: NDArray[np.float32], label: int) -> None:
        """Append a labelled image.

        Args:
            image: (height, width, channels) float32 in [0, 1], of the same shape as the others.
            label: its label.
        """
        self._images.append(to_uint8(image))
        self._labels.append(label)

    def take_back(self) -> None:
        """Remove the example added last, which must exist."""
        self._images.pop()
        self._labels.pop()
