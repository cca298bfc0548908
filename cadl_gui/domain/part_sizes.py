"""Sizes of the parts of a dataset, and whether there are enough images to train with."""

import math
from typing import NamedTuple

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.formatting import count_text
from cadl_gui.system.words import _

_LEAST_STEPS = 8
"""Batches for each epoch with the batch size that is proposed."""


class PartSizes(NamedTuple):
    """Numbers of training, validation and test images; 0 training images if there are too few in all."""

    train: int
    validation: int
    test: int


def part_sizes(n: int, n_validation: int, n_test: int, config: RunConfig) -> PartSizes:
    """Return the sizes of the parts that a configuration asks for.

    Args:
        n_validation: how many of them are the dataset's own validation part; 0 if it has none.
        n_test: how many are its own test part.
        config: determines the scheme and the fractions; see `datasets.split`.
    """
    is_official = config.data.split == "official"
    validation, test = (n_validation, n_test) if is_official else (0, 0)
    rest = n - validation - test
    if not test:
        test = min(rest, _share(rest, config.data.test_fraction))
        rest -= test
    if not validation:
        validation = min(rest, _share(rest if is_official else n, config.data.validation_fraction))
        rest -= validation
    return PartSizes(rest, validation, test)


def n_training_images(preview: Preview, config: RunConfig) -> int:
    """Return how many images of a dataset are trained with."""
    return part_sizes(preview.n, preview.n_validation, preview.n_test, config).train


def batch_size_error(config: RunConfig, n_train: int) -> ConfigurationError | None:
    """Return an error that proposes a batch size if the training images do not fill a batch, or None.

    If there are no images to train with, no batch size helps, and the error is about the dataset.
    """
    if n_train >= config.training.batch_size:
        return None
    if not n_train:
        return ConfigurationError("dataset", _("It holds too few images to train, validate and test with."))
    return ConfigurationError(
        "batch_size",
        _(
            "The dataset has {images} to train with: use a batch size of at most "
            "{n_train:,} ({proposed} recommended)."
        ).format(images=count_text(n_train, "image"), n_train=n_train, proposed=_proposed(n_train)),
    )


def fitting_batch_size(n_train: int, wanted: int) -> int:
    """Return a batch size: the one that is wanted if there are images to fill it, else one that is better."""
    return wanted if n_train >= wanted else _proposed(n_train)


def _proposed(n_train: int) -> int:
    return int(2 ** int(math.log2(max(1, n_train // _LEAST_STEPS))))


def _share(n: int, fraction: float) -> int:
    return max(1, math.floor(n * fraction))
