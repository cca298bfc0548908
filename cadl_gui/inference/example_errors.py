"""How badly a network does on single images."""

import numpy as np
from numpy.typing import NDArray


def cross_entropies(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Compute the cross-entropy of each label, (n,) ≥ 0 in nats; finite even where the probability is 0.

    Args:
        probabilities: probability of each class, (n, n_classes).
        labels: (n,).
    """
    of_label = probabilities[np.arange(len(labels)), labels]
    errors: NDArray[np.float32] = -np.log(np.clip(of_label, np.finfo(np.float32).tiny, 1))
    return errors


def mean_squared_errors(made: NDArray[np.float32], images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compute the mean squared difference of each reconstruction from its image, (n,).

    Args:
        made: reconstructions, (n, height, width, channels).
        images: the images, of the same shape.
    """
    errors: NDArray[np.float32] = np.square(made - images).mean(axis=(1, 2, 3))
    return errors
