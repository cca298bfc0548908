"""A confusion matrix with as many of its classes as there is room for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.system.words import _


@dataclass(frozen=True, eq=False)
class ConfusionTable:
    """A confusion matrix whose last row and column may stand for all classes that have none of their own.

    Attributes:
        counts: number of images per true class (row) and predicted class (column), (n, n).
        names: name of each row and column; the last may be "86 others".
        labels: label of each; None for the others.
        n_right_of_others: images of the others that were classified right; those beside them in the same
            cell were predicted as one of the others, but the wrong one.
    """

    counts: NDArray[np.int64]
    names: tuple[str, ...]
    labels: tuple[int | None, ...]
    n_right_of_others: int = 0


def confusion_table(matrix: NDArray[np.int64], names: tuple[str, ...], most: int) -> ConfusionTable:
    """Return a matrix of at most `most` rows: of the classes that are confused most, and of all others.

    Args:
        matrix: (n, n) counts.
        most: largest number of rows, at least 2.
    """
    n = len(matrix)
    if n <= most:
        return ConfusionTable(matrix, names, tuple(range(n)))
    mistakes = matrix - np.diag(matrix.diagonal())
    confused = mistakes.sum(0) + mistakes.sum(1)
    chosen = np.sort(np.argsort(-confused, kind="stable")[: most - 1])
    others = np.setdiff1d(np.arange(n), chosen)
    order, starts = np.concatenate([chosen, others]), np.arange(most)
    counts = np.add.reduceat(np.add.reduceat(matrix[np.ix_(order, order)], starts, 0), starts, 1)
    labels = chosen.tolist()
    return ConfusionTable(
        counts,
        (*(names[label] for label in labels), _("{n:,} others").format(n=len(others))),
        (*labels, None),
        int(matrix.diagonal()[others].sum()),
    )
