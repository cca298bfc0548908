"""What each recorded position keeps because it cannot be computed again within a frame."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class WorstMistakes:
    """The validation images that a classifier got most wrong: the most certain mistake first.

    Attributes:
        images: (n, height, width, channels) uint8, n ≤ 25.
        labels: what they show, (n,) int64.
        answers: what the network said, (n,) int64.
        probabilities: how probable it thought its answer, (n,) float32.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    answers: NDArray[np.int64]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class EvaluationArtifacts:
    """Kept beside the weights of a recorded position. The arrays are read-only.

    Attributes:
        latents: latent vectors of the first test images, (≤2000, latent_dim) float16; None for a classifier.
        labels: labels of the same images, (≤2000,) int64; None where there are none.
        confusion: how many validation images of each label (row) got each answer (column),
            (n_classes, n_classes) int64; None unless it is a classifier.
        mistakes: see there; None unless it is a classifier.
    """

    latents: NDArray[np.float16] | None = None
    labels: NDArray[np.int64] | None = None
    confusion: NDArray[np.int64] | None = None
    mistakes: WorstMistakes | None = None

    @property
    def n_bytes(self) -> int:
        """Memory that the arrays take."""
        return sum(array.nbytes for array in _arrays(self))


def confusion_matrix(
    labels: NDArray[np.int64], answers: NDArray[np.int64], n_classes: int
) -> NDArray[np.int64]:
    """How often each label (row) got each answer (column), (n_classes, n_classes) int64."""
    counts = np.bincount(labels * n_classes + answers, minlength=n_classes**2)
    return counts.astype(np.int64).reshape(n_classes, n_classes)


def read_only(artifacts: EvaluationArtifacts) -> EvaluationArtifacts:
    """The same probes, none of whose arrays can be written to any more."""
    for array in _arrays(artifacts):
        array.flags.writeable = False
    return artifacts


def _arrays(holder: Any) -> list[NDArray[Any]]:
    values = [getattr(holder, field.name) for field in fields(holder)]
    nested = [_arrays(value) for value in values if isinstance(value, WorstMistakes)]
    return [value for value in values if isinstance(value, np.ndarray)] + [a for part in nested for a in part]
