"""Statistics of the images of a store."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import Images


@dataclass(frozen=True, eq=False)
class Statistics:
    """Statistics of every pixel, over all images and over those of each class.

    Attributes:
        mean: (height, width, channels) float64 in [0, 1].
        standard_deviation: (height, width, channels) float64 in [0, 1].
        class_means: (n_classes, height, width, channels) float64 in [0, 1]; zeros for a class without images.
        class_standard_deviations: (n_classes, height, width, channels) float64 in [0, 1]; likewise.
        class_counts: number of images of each class, (n_classes,) int64.
    """

    mean: NDArray[np.float64]
    standard_deviation: NDArray[np.float64]
    class_means: NDArray[np.float64]
    class_standard_deviations: NDArray[np.float64]
    class_counts: NDArray[np.int64]


def compute_statistics(images: Images, labels: NDArray[np.int64] | None, n_classes: int) -> Statistics:
    """Compute statistics in one pass over the images, block by block.

    Args:
        images: n images, n ≥ 1.
        labels: (n,) in [0, n_classes - 1], or None if there are no classes.
        n_classes: number of classes; 0 without labels.
    """
    sums = np.zeros((n_classes + 1, *images.shape[1:]))
    squares, counts = np.zeros_like(sums), np.zeros(n_classes + 1, np.int64)
    for which, block in images.blocks():
        # Images without a class are all of the last one.
        of_block = np.full(len(block), n_classes) if labels is None else labels[which]
        order = np.argsort(of_block, kind="stable")
        found, starts = np.unique(of_block[order], return_index=True)
        values = block[order].astype(np.float64)
        sums[found] += np.add.reduceat(values, starts, axis=0)
        squares[found] += np.add.reduceat(np.square(values), starts, axis=0)
        counts += np.bincount(of_block, minlength=n_classes + 1)
    mean, deviation = _mean_and_deviation(sums.sum(axis=0), squares.sum(axis=0), len(images))
    n = np.maximum(counts[:-1], 1)[:, np.newaxis, np.newaxis, np.newaxis]
    of_classes = _mean_and_deviation(sums[:-1], squares[:-1], n)
    return Statistics(mean, deviation, *of_classes, counts[:-1])


def _mean_and_deviation(
    sums: NDArray[np.float64], squares: NDArray[np.float64], n: int | NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both in [0, 1], from the sums of bytes and of their squares."""
    mean = sums / n
    return mean / 255, np.sqrt(np.maximum(squares / n - np.square(mean), 0)) / 255
