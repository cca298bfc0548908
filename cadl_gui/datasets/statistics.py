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
        class_counts: number of images of each class, (n_classes,) int64.
    """

    mean: NDArray[np.float64]
    standard_deviation: NDArray[np.float64]
    class_means: NDArray[np.float64]
    class_counts: NDArray[np.int64]


def compute_statistics(images: Images, labels: NDArray[np.int64] | None, n_classes: int) -> Statistics:
    """Compute statistics in one pass over the images, block by block.

    Args:
        images: n images, n ≥ 1.
        labels: (n,) in [0, n_classes - 1], or None if there are no classes.
        n_classes: number of classes; 0 without labels.
    """
    shape = images.shape[1:]
    total, squares = np.zeros(shape), np.zeros(shape)
    by_class, counts = np.zeros((n_classes, *shape)), np.zeros(n_classes, np.int64)
    for which, block in images.blocks():
        values = block.astype(np.float64)
        total += values.sum(axis=0)
        squares += np.square(values).sum(axis=0)
        if labels is not None:
            order = np.argsort(labels[which], kind="stable")
            found, starts = np.unique(labels[which][order], return_index=True)
            by_class[found] += np.add.reduceat(values[order], starts, axis=0)
            counts += np.bincount(labels[which], minlength=n_classes)
    n = len(images)
    variance = np.maximum(squares / n - np.square(total / n), 0)
    class_means = by_class / np.maximum(counts, 1)[:, np.newaxis, np.newaxis, np.newaxis] / 255
    return Statistics(total / n / 255, np.sqrt(variance) / 255, class_means, counts)
