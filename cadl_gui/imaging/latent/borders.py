"""Where a classifier changes its answer along a path."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Border(NamedTuple):
    """A place where two classes are equally probable.

    Attributes:
        share: place on the path, in [0, 1].
        before: label of the class before it.
        after: label of the class after it.
    """

    share: float
    before: int
    after: int


def borders(probabilities: NDArray[Any]) -> list[Border]:
    """Return where the most probable class changes along a path, interpolated between its steps.

    Args:
        probabilities: of evenly spaced steps, (n, n_classes), n ≥ 2.
    """
    labels = probabilities.argmax(1)
    found = []
    for i in np.flatnonzero(labels[1:] != labels[:-1]).tolist():
        before, after = int(labels[i]), int(labels[i + 1])
        lead = float(probabilities[i, before] - probabilities[i, after])
        behind = float(probabilities[i + 1, after] - probabilities[i + 1, before])
        within = lead / (lead + behind) if lead + behind > 0 else 0.5
        found.append(Border((i + within) / (len(labels) - 1), before, after))
    return found
