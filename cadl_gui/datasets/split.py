"""Which pictures are trained on, watched while training, and kept for the end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import DatasetError
from cadl_gui.datasets.dataset import Dataset

_PURPOSE = 0x73706C74  # "splt": keeps this stream apart from every other use of the same seed
_TENTH = 10


@dataclass(frozen=True, eq=False)
class Split:
    """Three disjoint parts of a dataset, together all of it.

    Attributes:
        train: indices of the pictures to learn from, (k,) int32, ascending.
        validation: indices of those that are watched while training.
        test: indices of those that are never trained on.
    """

    train: NDArray[np.int32]
    validation: NDArray[np.int32]
    test: NDArray[np.int32]


def split(dataset: Dataset, seed: int, batch_size: int = 1) -> Split:
    """Split a dataset, always in the same way for the same dataset size and seed.

    Args:
        dataset: its official test part is the test part; without one, a seeded tenth is. A seeded tenth of
            the rest is the validation part.
        seed: of the run.
        batch_size: what the training part has to fill at least once.

    Raises:
        DatasetError: if there are too few pictures.
    """
    n = len(dataset.images)
    order = _shuffled(n - dataset.n_test, seed)
    if dataset.n_test:
        test = np.arange(n - dataset.n_test, n, dtype=np.int32)
    else:
        test, order = np.split(order, [_a_tenth(len(order))])
    validation, train = np.split(order, [_a_tenth(len(order))])
    if len(train) == 0:
        raise DatasetError(f"“{dataset.name}” holds too few pictures to train, validate and test with: {n}.")
    if len(train) < batch_size:
        raise DatasetError(
            f"“{dataset.name}” leaves {len(train)} pictures to train with, "
            f"fewer than one batch of {batch_size}."
        )
    return Split(np.sort(train), np.sort(validation), test=np.sort(test))


def _shuffled(n: int, seed: int) -> NDArray[np.int32]:
    """The numbers 0 to n - 1 in an order that only depends on the seed.

    NumPy promises that the raw numbers of a bit generator never change, but not `Generator.permutation`
    (NEP 19); a test part must not move into the training part when somebody updates NumPy.
    """
    keys = np.random.PCG64(np.random.SeedSequence([seed, _PURPOSE])).random_raw(n)
    return np.argsort(keys, kind="stable").astype(np.int32)


def _a_tenth(n: int) -> int:
    return max(1, n // _TENTH)
