"""Evaluation results stored with each recorded position, because recomputing them would exceed a frame."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class WorstMistakes:
    """The validation images that a classifier got most wrong, the most confident mistake first.

    Attributes:
        images: (n, height, width, channels) uint8, n ≤ 25.
        labels: true classes, (n,) int64.
        answers: predicted classes, (n,) int64.
        probabilities: predicted probability of each prediction, (n,) float32.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    answers: NDArray[np.int64]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class EvaluationArtifacts:
    """Evaluation results stored with the weights of a recorded position. The arrays are read-only.

    Attributes:
        latents: latent vectors of the first test images, (≤2000, latent_dim) float16; None for a classifier.
        labels: labels of the same images, (≤2000,) int64; None if there are none.
        confusion: number of validation images of each label (row) with each prediction (column),
            (n_classes, n_classes) int64; None unless the network is a classifier.
        mistakes: the worst mistakes; None unless the network is a classifier.
    """

    latents: NDArray[np.float16] | None = None
    labels: NDArray[np.int64] | None = None
    confusion: NDArray[np.int64] | None = None
    mistakes: WorstMistakes | None = None

    @property
    def n_bytes(self) -> int:
        """Size of all arrays, in bytes."""
        return sum(array.nbytes for array in _arrays(self))


def confusion_matrix(
    labels: NDArray[np.int64], answers: NDArray[np.int64], n_classes: int
) -> NDArray[np.int64]:
    """Count predictions by label.

    Args:
        labels: true classes, (n,).
        answers: predicted classes, (n,).
        n_classes: number of classes.

    Returns:
        (n_classes, n_classes) int64 counts of each label (row) and prediction (column).
    """
    counts = np.bincount(labels * n_classes + answers, minlength=n_classes**2)
    return counts.astype(np.int64).reshape(n_classes, n_classes)


def read_only(artifacts: EvaluationArtifacts) -> EvaluationArtifacts:
    """Make all arrays read-only, in place, and return the same object."""
    for array in _arrays(artifacts):
        array.flags.writeable = False
    return artifacts


def _arrays(holder: Any) -> list[NDArray[Any]]:
    values = [getattr(holder, field.name) for field in fields(holder)]
    nested = [_arrays(value) for value in values if isinstance(value, WorstMistakes)]
    return [value for value in values if isinstance(value, np.ndarray)] + [a for part in nested for a in part]
