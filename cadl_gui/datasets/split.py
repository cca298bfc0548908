"""Which images are trained on, watched while training, and kept for the end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import DatasetError

_PURPOSE = 0x73706C74  # "splt": keeps this stream apart from every other use of the same seed
_TENTH = 10


@dataclass(frozen=True, eq=False)
class Split:
    """Three disjoint parts of a dataset, together all of it.

    Attributes:
        train: indices of the images to learn from, (k,) int32, ascending; those that were added come at the
            end, as often as they count.
        validation: indices of those that are watched while training.
        test: indices of those that are never trained on.
    """

    train: NDArray[np.int32]
    validation: NDArray[np.int32]
    test: NDArray[np.int32]


def split(dataset: ImageStore, config: RunConfig) -> Split:
    """Split a dataset, always in the same way for the same dataset size and seed.

    What was added to it is learned from, and changes nothing about the parts of its own images.

    Args:
        dataset: to split.
        config: gives the seed and the scheme. `official`: the dataset's own test part is the test
            part, or without one a seeded tenth, and a seeded tenth of the rest is the validation part.
            `tenths`, as the lecture's classifiers have it: a seeded tenth of everything each. The training
            part has to fill a batch at least once. `labelled_repeats` says how often added images count.

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
    """The numbers 0 to n - 1 in an order that only depends on the seed.

    NumPy promises that the raw numbers of a bit generator never change, but not `Generator.permutation`
    (NEP 19); a test part must not move into the training part when someone updates NumPy.
    """
    keys = np.random.PCG64(np.random.SeedSequence([seed, _PURPOSE])).random_raw(n)
    return np.argsort(keys, kind="stable").astype(np.int32)


def _a_tenth(n: int) -> int:
    return max(1, n // _TENTH)
