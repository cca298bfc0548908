"""Where a classifier changes its answer, along a path and on a map."""

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


def border_lines(labels: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Return lines between the classes of a map, through the middles between cells of two classes.

    Args:
        labels: (rows, columns).

    Returns:
        Both ends of each line as x, y in cells, (n, 2, 2); the middle of the first cell is (0.5, 0.5).
    """
    upper_left, upper_right = labels[:-1, :-1], labels[:-1, 1:]
    lower_left, lower_right = labels[1:, :-1], labels[1:, 1:]
    # Of each group of four cells, the middles of its four sides, where a border may cross.
    crossed = np.stack(
        [
            upper_left != upper_right,
            upper_right != lower_right,
            lower_left != lower_right,
            upper_left != lower_left,
        ],
        axis=-1,
    )
    middles = np.array([(1.0, 0.5), (1.5, 1.0), (1.0, 1.5), (0.5, 1.0)])
    n_crossed = crossed.sum(axis=-1)
    rows, columns = np.nonzero(n_crossed == 2)
    ends = np.argsort(~crossed[rows, columns], axis=1, kind="stable")[:, :2]
    straight = middles[ends] + np.stack([columns, rows], axis=-1)[:, np.newaxis]
    # Where more than two borders meet, they meet in the middle.
    rows, columns, sides = np.nonzero(crossed & (n_crossed > 2)[..., np.newaxis])
    corners = np.stack([columns, rows], axis=-1)
    meeting = np.stack([middles[sides] + corners, corners + 1.0], axis=1)
    return np.concatenate([straight, meeting])
