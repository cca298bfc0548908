"""Tells whether the classes of a dataset are the digits 0 to 9, also where its files name no classes.

Ten numbered classes need not be digits: Fashion-MNIST has MNIST's file names and image size.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.sources.mnist import load_mnist
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.class_names import are_digits

_N_KNOWN, _N_LOOKED_AT = 3000, 500
"""Digits of MNIST that images are compared with, and images of the dataset that are."""

_FEWEST_AGREE = 0.35
"""Share of images whose most similar digit has their label. MNIST's test images have 0.92, and printed digits
0.47 where they are small, 0.5 to 1 in other fonts; letters, signs and wrong digits at most 0.13."""


def shows_digits(dataset: ImageStore) -> bool:
    """Whether the classes are the digits 0 to 9.

    Images of MNIST's size are compared with its digits; of other sizes, the class names are believed.
    """
    if dataset.labels is None or not are_digits(dataset.class_names):
        return False
    known = load_mnist()
    if dataset.image_shape != known.image_shape:
        return True
    assert known.labels is not None, "MNIST has labels"
    images = dataset.images[:_N_LOOKED_AT]
    ink = _normalised(images if dataset.is_ink_on_black else 255 - images)
    nearest = known.labels[(ink @ _known_digits().T).argmax(axis=1)]
    return float((nearest == dataset.labels[: len(images)]).mean()) >= _FEWEST_AGREE


@cache
def _known_digits() -> NDArray[np.float32]:
    return _normalised(load_mnist().images[:_N_KNOWN])


def _normalised(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Rows of pixels of mean 0 and length 1: the product of two rows is their correlation."""
    rows = images.reshape(len(images), -1).astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    normalised: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return normalised
