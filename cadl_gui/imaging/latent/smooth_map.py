"""Interpolation of a classifier's probabilities between the cells of a map, for smooth borders."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def smooth_map(probabilities: NDArray[Any], factor: int) -> NDArray[np.float32]:
    """Interpolate probabilities linearly between the centres of cells; beyond the outer ones they stay.

    Args:
        probabilities: (rows, columns, n_classes).
        factor: cells into which each cell is divided along each side.

    Returns:
        (factor · rows, factor · columns, n_classes) float32.
    """
    rows, columns, n_classes = probabilities.shape
    down = _finer(probabilities.astype(np.float32).reshape(rows, -1), factor)
    across = _finer(down.reshape(-1, columns, n_classes).swapaxes(0, 1), factor)
    return np.ascontiguousarray(across.swapaxes(0, 1))


def _finer(values: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Interpolate along the first axis; without matrices, whose threads would wait for a busy processor."""
    n = len(values)
    at = np.clip((np.arange(factor * n) + 0.5) / factor - 0.5, 0, n - 1)
    low = np.minimum(at.astype(np.intp), n - 1)
    share = (at - low).astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))
    lower = values[low]
    return np.asarray(lower + share * (values[np.minimum(low + 1, n - 1)] - lower), np.float32)
