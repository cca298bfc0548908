"""Statistics of the images of a dataset."""

import math
from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import Images
from cadl_gui.domain.dataset_answers import DatasetStatistics

MOST_CLASS_BYTES = 2**26
"""Memory for the sums of each class: a thousand classes of photographs would take gigabytes."""


def compute_statistics(
    images: Images,
    labels: NDArray[np.int64] | None,
    n_classes: int,
    part_counts: tuple[int, int, int],
    most_class_bytes: int = MOST_CLASS_BYTES,
) -> Generator[None, None, DatasetStatistics]:
    """Compute statistics in one pass over the images, block by block.

    Args:
        images: n images, n ≥ 1.
        labels: (n,) in [0, n_classes - 1], or None if there are no classes.
        n_classes: number of classes; 0 without labels.
        part_counts: number of training, validation and test images.
        most_class_bytes: memory for the sums of each class.

    Yields:
        None between two blocks.

    Returns:
        The statistics; their arrays are read-only. Where those of each class would take too much memory,
        they are of all images only.
    """
    counted = labels if labels is not None else np.empty(0, np.int64)
    class_counts = np.bincount(counted, minlength=n_classes)
    sum_bytes = 2 * np.float64().itemsize * math.prod(images.shape[1:])
    if n_classes * sum_bytes > most_class_bytes:
        labels, n_classes = None, 0
    sums = np.zeros((n_classes + 1, *images.shape[1:]))
    squares = np.zeros_like(sums)
    for which, block in images.blocks():
        # Images without a class are all of the last one.
        of_block = np.full(len(block), n_classes) if labels is None else labels[which]
        order = np.argsort(of_block, kind="stable")
        found, starts = np.unique(of_block[order], return_index=True)
        # Not `np.add.reduceat`, which keeps Python's lock: the window stood still for 0.13 s.
        for label, of_label in zip(found, np.split(order, starts[1:]), strict=True):
            values = block[of_label].astype(np.float64)
            sums[label] += values.sum(axis=0)
            squares[label] += np.square(values).sum(axis=0)
        yield
    mean, deviation = _mean_and_deviation(sums.sum(axis=0), squares.sum(axis=0), len(images))
    n = np.maximum(class_counts[:n_classes], 1)[:, np.newaxis, np.newaxis, np.newaxis]
    arrays = (mean, deviation, *_mean_and_deviation(sums[:-1], squares[:-1], n), class_counts)
    for array in arrays:
        array.flags.writeable = False
    return DatasetStatistics(*arrays, part_counts)


def _mean_and_deviation(
    sums: NDArray[np.float64], squares: NDArray[np.float64], n: int | NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both in [0, 1], from the sums of bytes and of their squares."""
    mean = sums / n
    # Rounding may leave a variance that should be 0 slightly below it.
    return mean / 255, np.sqrt(np.maximum(squares / n - np.square(mean), 0)) / 255
