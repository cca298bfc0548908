"""Splits a dataset into training, validation and test images.

Frames of a film are split in blocks: otherwise 91 % of the validation frames would have a neighbour among the
training frames. Labelled examples come after a dataset's own images, so they do not move the split.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.part_sizes import batch_size_error, part_sizes
from cadl_gui.system.words import _

_PURPOSE = 0x73706C74  # "splt": separates this random stream from all others with the same seed
_N_BLOCKS = 20
"""Blocks of a sequence: many enough that each part shows most of a film, and few enough that hardly any image
has a neighbour in another part.
"""


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
    """Split a dataset; the result depends only on its size and parts, the seed, the scheme and the fractions.

    Labelled examples are added to the training part and do not affect how the other images are split. A
    sequence, such as a film, is shuffled in blocks: the neighbours of a training image would be known.

    Args:
        config: determines the seed, the scheme and the fractions. `official`: the dataset's own validation
            and test parts; for a part that it does not have, a seeded fraction of the rest, test first.
            `fractions`, as for the lecture's classifiers: seeded fractions of everything. The training part
            must fill at least one batch. `labelled_repeats` is how often labelled examples are repeated.

    Raises:
        DatasetError: if there are too few images.
        ConfigurationError: if the training part does not fill a batch.
    """
    n, is_official = dataset.n_own, config.data.split == "official"
    sizes = part_sizes(n, dataset.n_validation, dataset.n_test, config)
    n_validation, n_test = (dataset.n_validation, dataset.n_test) if is_official else (0, 0)
    first_test = n - n_test
    order = _shuffled(first_test - n_validation, config.seed_of_split, in_blocks=dataset.is_sequence)
    validation = np.arange(first_test - n_validation, first_test, dtype=np.int32)
    test = np.arange(first_test, n, dtype=np.int32)
    if not n_test:
        test, order = np.split(order, [sizes.test])
    if not n_validation:
        validation, order = np.split(order, [sizes.validation])
    train = order
    if len(train) == 0:
        raise DatasetError(
            _("“{name}” holds too few images to train, validate and test with: {n}.").format(
                name=dataset.name, n=n
            )
        )
    if error := batch_size_error(config, len(train)):
        raise error
    labelled = np.arange(n, len(dataset.images), dtype=np.int32)
    train = np.concatenate([np.sort(train), np.repeat(labelled, config.data.labelled_repeats)])
    return Split(train, np.sort(validation), test=np.sort(test))


def _shuffled(n: int, seed: int, *, in_blocks: bool) -> NDArray[np.int32]:
    """Permute the numbers 0 to n - 1, or blocks of them; the order depends only on n and the seed.

    NumPy guarantees a stable stream for the raw numbers of a bit generator, but not for
    `Generator.permutation` (NEP 19); an update of NumPy must not move test images into the training part.
    """
    n_keys = min(n, _N_BLOCKS) if in_blocks else n
    keys = np.random.PCG64(np.random.SeedSequence([seed, _PURPOSE])).random_raw(n_keys)
    order = np.argsort(keys, kind="stable").astype(np.int32)
    if not in_blocks or not n:
        return order
    blocks = np.array_split(np.arange(n, dtype=np.int32), n_keys)
    return np.concatenate([blocks[number] for number in order])
