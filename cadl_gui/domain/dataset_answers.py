"""What can be computed from a dataset's images: statistics and near-duplicates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.system.words import _

PARTS = (_("training"), _("validation"), _("test"))
"""Names of the parts of a split, by their index."""

MOST_COMPARED = 20_000
"""Most images that a search for near-duplicates compares, all with all: 5 s."""

MOST_DUPLICATES = 1_000
"""Most pairs that a search for near-duplicates keeps, the nearest first."""


@dataclass(frozen=True, eq=False)
class DatasetStatistics:
    """Statistics of every pixel over all images and over those of each class, and counts.

    Attributes:
        mean: (height, width, channels) float64 in [0, 1].
        standard_deviation: (height, width, channels) float64 in [0, 1].
        class_means: (n_classes, height, width, channels) float64 in [0, 1]; zeros for a class without images.
            (0, height, width, channels) without labels, and where there are too many and too large classes.
        class_standard_deviations: (n_classes, height, width, channels) float64 in [0, 1]; likewise.
        class_counts: number of images of each class, (n_classes,) int64.
        part_counts: number of training, validation and test images.
    """

    mean: NDArray[np.float64]
    standard_deviation: NDArray[np.float64]
    class_means: NDArray[np.float64]
    class_standard_deviations: NDArray[np.float64]
    class_counts: NDArray[np.int64]
    part_counts: tuple[int, int, int]

    @property
    def is_by_class(self) -> bool:
        """Whether there are images of each class."""
        return len(self.class_means) > 0


@dataclass(frozen=True)
class DuplicatePair:
    """Two images of different parts that look the same.

    Attributes:
        first: number of the image of the earlier part: training, then validation, then test.
        second: number of the image of the later part.
        first_part: "training" or "validation".
        second_part: "validation" or "test".
        distance: root-mean-square difference of the reduced images, in [0, 1], where black and white differ
            by 1.
    """

    first: int
    second: int
    first_part: str
    second_part: str
    distance: float


@dataclass(frozen=True)
class Duplicates:
    """Near-duplicates across the parts of a split.

    Attributes:
        pairs: the nearest first; at most `MOST_DUPLICATES`.
        is_sample: whether only `MOST_COMPARED` images were compared, since there are more.
    """

    pairs: tuple[DuplicatePair, ...]
    is_sample: bool
