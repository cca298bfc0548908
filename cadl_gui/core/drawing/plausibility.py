"""Whether an answer deserves trust: classifiers are sure of scribbles, too."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.drawing.strokes import Drawing

_MOST_ENTROPY = 1.0
"""Nats: two answers that are equally likely have 0.7, three have 1.1."""

_MOST_INK = 0.28
"""Mean of a picture. Of MNIST's training digits one in 300 has more, a filled circle has 0.40."""

_FARTHEST = 7.0
"""Euclidean distance over pixels. Of MNIST's test digits one in 300 is farther from all training digits."""

_DOT = 0.05
"""Sides of the canvas: a hand that moved less has only touched it."""


def looks_like_a_digit(
    drawing: Drawing,
    seen: NDArray[np.float32],
    probabilities: NDArray[Any],
    nearest: float | None,
) -> bool:
    """Whether nothing speaks against it.

    Args:
        drawing: what the hand did.
        seen: (28, 28, 1) float32 in [0, 1], what the classifier saw, before noise was added.
        probabilities: (10,), its answer.
        nearest: distance of the nearest training digit, or None while it is not known.
    """
    left, top, right, bottom = drawing.box
    is_dot = drawing.picture is None and max(right - left, bottom - top) < _DOT
    is_far = nearest is not None and nearest > _FARTHEST
    return not (is_dot or is_far or float(seen.mean()) > _MOST_INK or entropy(probabilities) > _MOST_ENTROPY)


def entropy(probabilities: NDArray[Any]) -> float:
    """Of a distribution (n,), in nats: 0 for a certain answer, log n if all are equally likely."""
    possible = np.asarray(probabilities, np.float64)
    possible = possible[possible > 0]
    return float(-(possible * np.log(possible)).sum())
