"""Which images excite the units of a layer most."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

N_TOP = 15


@dataclass(frozen=True, eq=False)
class TopActivations:
    """The most exciting of those that were searched up to now.

    Attributes:
        numbers: of images among those that the run learned from, (units, n ≤ 15) int64, the most exciting
            first.
        peaks: the unit's largest activation anywhere on each of them, likewise, float32.
        n_searched: how many images were searched.
        n_images: how many there are.
    """

    numbers: NDArray[np.int64]
    peaks: NDArray[np.float32]
    n_searched: int
    n_images: int

    @property
    def is_last(self) -> bool:
        """Whether all are searched."""
        return self.n_searched == self.n_images

    def of(self, unit: int) -> NDArray[np.int64]:
        """Numbers of the images that excite a unit most; none if all leave it alike."""
        peaks = self.peaks[unit]
        excites = bool(len(peaks)) and peaks.max() > peaks.min()
        numbers: NDArray[np.int64] = self.numbers[unit] if excites else self.numbers[unit][:0]
        return numbers

    def merged(self, later: Self) -> Self:
        """The most exciting of this part and of the one that was searched after it."""
        peaks = np.concatenate([self.peaks, later.peaks], axis=1)
        order = np.argsort(-peaks, axis=1, kind="stable")[:, :N_TOP]
        numbers = np.concatenate([self.numbers, later.numbers], axis=1)
        n_searched = self.n_searched + later.n_searched
        return type(self)(
            np.take_along_axis(numbers, order, axis=1),
            np.take_along_axis(peaks, order, axis=1),
            n_searched,
            self.n_images,
        )


def top_activations(peaks: NDArray[np.float32], first: int, n_images: int) -> TopActivations:
    """The most exciting of a part.

    Args:
        peaks: (n, units), the largest activation of each unit on each image; what is not a number excites
            nobody.
        first: number of the first of them.
        n_images: how many there are in all.
    """
    finite = np.nan_to_num(peaks.T, nan=-np.inf)
    order = np.argsort(-finite, axis=1, kind="stable")[:, :N_TOP]
    return TopActivations(order + first, np.take_along_axis(finite, order, axis=1), len(peaks), n_images)
