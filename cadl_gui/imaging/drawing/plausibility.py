"""Whether an answer deserves trust: classifiers are sure of scribbles, too."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.nearest import NearestImages
from cadl_gui.imaging.drawing.strokes import Drawing

_MOST_ENTROPY = 1.0
"""Nats: two answers that are equally likely have 0.7, three have 1.1."""

# Fitted on digits of MNIST's training set that the classifier did not learn from
# (`tests/benchmarks/drawing_thresholds.py`, which also tells what they do to test digits).
_MOST_INK = 0.27
"""Mean of an image. One digit in 300 has more, a filled circle has 0.40."""

_FARTHEST = 7.0
"""Euclidean distance over pixels. One digit in 300 is farther from all that the classifier learned from."""

_FAR, _LEAST_AGREEING = 5.5, 6
"""Beyond this distance at least so many of the ten nearest training digits have to be what is answered. It
doubts one digit in fifty, and two of three short scribbles that nothing else would."""

_DOT = 0.05
"""Sides of the canvas: a hand that moved less has only touched it."""


def looks_like_a_digit(
    drawing: Drawing,
    seen: NDArray[np.float32],
    probabilities: NDArray[Any],
    nearest: NearestImages | None,
) -> bool:
    """Whether nothing speaks against it.

    Args:
        drawing: what the hand did.
        seen: (28, 28, 1) float32 in [0, 1], what the classifier saw, before noise was added.
        probabilities: (10,), its answer.
        nearest: the nearest training digits over pixels, or None while they are not known.
    """
    left, top, right, bottom = drawing.box
    is_dot = drawing.image is None and max(right - left, bottom - top) < _DOT
    is_far = nearest is not None and _is_far(nearest, int(probabilities.argmax()))
    return not (is_dot or is_far or float(seen.mean()) > _MOST_INK or entropy(probabilities) > _MOST_ENTROPY)


def _is_far(nearest: NearestImages, answer: int) -> bool:
    distance = float(nearest.distances[0])
    if distance <= _FAR or nearest.labels is None:
        return distance > _FARTHEST
    return distance > _FARTHEST or int((nearest.labels == answer).sum()) < _LEAST_AGREEING


def entropy(probabilities: NDArray[Any]) -> float:
    """Of a distribution (n,), in nats: 0 for a certain answer, log n if all are equally likely."""
    possible = np.asarray(probabilities, np.float64)
    possible = possible[possible > 0]
    return float(-(possible * np.log(possible)).sum())
