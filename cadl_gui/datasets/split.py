"""Splits a dataset into training, validation and test images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import DatasetError

_PURPOSE = 0x73706C74  # "splt": separates this random stream from all others with the same seed
_TENTH = 10


@dataclass(frozen=True, eq=False)
class Split:
    """Three disjoint parts that cover a dataset.

    Attributes:
        train: indices of the training images, (k,) int32, ascending; labelled examples come at the end, each
            repeated `labelled_repeats` times.
        validation: indices of the validation images, int32, ascending.
        test: indices of the test images, int32, ascending.
    """

    train: NDArray[np.int32]
    validation: NDArray[np.int32]
    test: NDArray[np.int32]


def split(dataset: ImageStore, config: RunConfig) -> Split:
    """Split a dataset; the result depends only on its size, the seed and the scheme.

    Labelled examples are added to the training part and do not affect how the other images are split.

    Args:
        dataset: the dataset to split.
        config: determines the seed and the scheme. `official`: the dataset's own test part, or a seeded tenth
            if there is none, is the test part, and a seeded tenth of the rest is the validation part.
            `tenths`, as for the lecture's classifiers: a seeded tenth of everything each. The training part
            must fill at least one batch. `labelled_repeats` is how often labelled examples are repeated.

    Raises:
        DatasetError: if there are too few images.
    """
    n, seed, batch_size = dataset.n_own, config.seed_of_split, config.training.batch_size
    if config.data.split == "tenths":
        tenth = _a_tenth(n)
        test, validation, train = np.split(_shuffled(n, seed), [tenth, 2 * tenth])
    elif dataset.n_test:
        test = np.arange(n - dataset.n_test, n, dtype=np.int32)
        order = _shuffled(n - dataset.n_test, seed)
        validation, train = np.split(order, [_a_tenth(len(order))])
    else:
        test, order = np.split(_shuffled(n, seed), [_a_tenth(n)])
        validation, train = np.split(order, [_a_tenth(len(order))])
    if len(train) == 0:
        raise DatasetError(f"“{dataset.name}” holds too few images to train, validate and test with: {n}.")
    if len(train) < batch_size:
        raise DatasetError(
            f"“{dataset.name}” leaves {len(train)} images to train with, "
            f"fewer than one batch of {batch_size}."
        )
    labelled = np.arange(n, len(dataset.images), dtype=np.int32)
    train = np.concatenate([np.sort(train), np.repeat(labelled, config.data.labelled_repeats)])
    return Split(train, np.sort(validation), test=np.sort(test))


def _shuffled(n: int, seed: int) -> NDArray[np.int32]:
    """Permute the numbers 0 to n - 1; the order depends only on n and the seed.

    NumPy guarantees a stable stream for the raw numbers of a bit generator, but not for
    `Generator.permutation` (NEP 19); an update of NumPy must not move test images into the training part.
    """
    keys = np.random.PCG64(np.random.SeedSequence([seed, _PURPOSE])).random_raw(n)
    return np.argsort(keys, kind="stable").astype(np.int32)


def _a_tenth(n: int) -> int:
    return max(1, n // _TENTH)
