"""Detects drawings that are no digit: classifiers are confident about scribbles, too."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.nearest import NearestImages

_MOST_ENTROPY = 1.0
"""In nats: two equally likely digits have an entropy of 0.7, three of 1.1."""

# Fitted to digits of MNIST's training set that the classifier was not trained on
# (`tests/tools/drawing_thresholds.py`, which also prints their effect on test digits).
_MOST_INK = 0.27
"""Mean of an image's pixels. One digit in 300 has more; a filled circle has 0.40."""

_FARTHEST = 7.0
"""Euclidean distance between pixels. One digit in 300 is farther from all training digits."""

_FAR, _LEAST_AGREEING = 5.5, 6
"""Beyond this distance, at least this many of the ten nearest training digits must have the predicted label.
This rejects one digit in fifty, and two of three short scribbles that pass the other checks."""


def looks_like_a_digit(
    drawing: Drawing,
    seen: NDArray[np.float32],
    probabilities: NDArray[Any],
    nearest: NearestImages | None,
) -> bool:
    """Whether a drawing passes all checks: its extent, ink, prediction and nearest training digits.

    Args:
        seen: the classifier's input before noise was added, (28, 28, 1) float32 in [0, 1].
        probabilities: the classifier's output, (10,).
        nearest: the training digits nearest by pixels, or None while they are not known.
    """
    is_far = nearest is not None and _is_far(nearest, int(probabilities.argmax()))
    has_too_much = float(seen.mean()) > _MOST_INK
    return not (drawing.is_dot or is_far or has_too_much or entropy(probabilities) > _MOST_ENTROPY)


def _is_far(nearest: NearestImages, answer: int) -> bool:
    distance = float(nearest.distances[0])
    if distance <= _FAR or nearest.labels is None:
        return distance > _FARTHEST
    return distance > _FARTHEST or int((nearest.labels == answer).sum()) < _LEAST_AGREEING


def entropy(probabilities: NDArray[Any]) -> float:
    """Entropy of a distribution, (n,), in nats: 0 if one outcome is certain, log n if it is uniform."""
    possible = np.asarray(probabilities, np.float64)
    possible = possible[possible > 0]
    return float(-(possible * np.log(possible)).sum())
