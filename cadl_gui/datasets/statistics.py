"""Statistics of the images of a dataset."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import Images
from cadl_gui.domain.dataset_answers import DatasetStatistics


def compute_statistics(
    images: Images, labels: NDArray[np.int64] | None, n_classes: int, part_counts: tuple[int, int, int]
) -> Generator[None, None, DatasetStatistics]:
    """Compute statistics in one pass over the images, block by block.

    Args:
        images: n images, n ≥ 1.
        labels: (n,) in [0, n_classes - 1], or None if there are no classes.
        n_classes: number of classes; 0 without labels.
        part_counts: number of training, validation and test images.

    Yields:
        None between two blocks.

    Returns:
        The statistics; their arrays are read-only.
    """
    sums = np.zeros((n_classes + 1, *images.shape[1:]))
    squares, counts = np.zeros_like(sums), np.zeros(n_classes + 1, np.int64)
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
        counts += np.bincount(of_block, minlength=n_classes + 1)
        yield
    mean, deviation = _mean_and_deviation(sums.sum(axis=0), squares.sum(axis=0), len(images))
    n = np.maximum(counts[:-1], 1)[:, np.newaxis, np.newaxis, np.newaxis]
    arrays = (mean, deviation, *_mean_and_deviation(sums[:-1], squares[:-1], n), counts[:-1])
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
