"""Images that activate the units of a layer most strongly."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

N_TOP = 15


@dataclass(frozen=True, eq=False)
class TopActivations:
    """The top-activating images among those searched so far.

    Attributes:
        numbers: indices into the training images, (units, n ≤ 15) int64, strongest activation first.
        peaks: the unit's largest activation anywhere in each of these images, (units, n ≤ 15) float32.
        least: the unit's smallest such activation among all images searched so far, (units,) float32.
        n_searched: number of images searched so far.
        n_images: number of images in all.
    """

    numbers: NDArray[np.int64]
    peaks: NDArray[np.float32]
    least: NDArray[np.float32]
    n_searched: int
    n_images: int

    @property
    def is_last(self) -> bool:
        """Whether all images have been searched."""
        return self.n_searched == self.n_images

    def of(self, unit: int) -> NDArray[np.int64]:
        """Indices of a unit's top-activating images; empty if all images searched excite it alike."""
        peaks = self.peaks[unit]
        excites = bool(len(peaks)) and peaks.max() > self.least[unit]
        numbers: NDArray[np.int64] = self.numbers[unit] if excites else self.numbers[unit][:0]
        return numbers

    def merged(self, later: Self) -> Self:
        """Merge with the result of a later part, keeping the strongest activations."""
        peaks = np.concatenate([self.peaks, later.peaks], axis=1)
        order = np.argsort(-peaks, axis=1, kind="stable")[:, :N_TOP]
        numbers = np.concatenate([self.numbers, later.numbers], axis=1)
        n_searched = self.n_searched + later.n_searched
        return type(self)(
            np.take_along_axis(numbers, order, axis=1),
            np.take_along_axis(peaks, order, axis=1),
            np.minimum(self.least, later.least),
            n_searched,
            self.n_images,
        )


def top_activations(peaks: NDArray[np.float32], first: int, n_images: int) -> TopActivations:
    """Select the top-activating images of one part.

    Args:
        peaks: (n, units), the largest activation of each unit on each image; NaN ranks last.
        first: index of the first image of the part.
        n_images: number of images in all.
    """
    finite = np.nan_to_num(peaks.T, nan=-np.inf)
    order = np.argsort(-finite, axis=1, kind="stable")[:, :N_TOP]
    strongest = np.take_along_axis(finite, order, axis=1)
    return TopActivations(order + first, strongest, finite.min(axis=1), len(peaks), n_images)
