"""What a network is trained on: the pictures of the training part, some of them perhaps written otherwise."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.configuration import FIELDS, RunConfig
from cadl_gui.core.errors import ConfigurationError
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.split import Split
from cadl_gui.datasets.ways_of_writing import rewritten

_N_DIGITS = 10


def training_pictures(
    dataset: Dataset, split: Split, config: RunConfig
) -> tuple[NDArray[np.uint8], NDArray[np.int64] | None]:
    """Gather the training part, with other ways of writing where a classifier’s configuration asks for them.

    They follow from the seed alone, so that a run that goes on has the pictures that it began with. What
    somebody taught stays as it was drawn.

    Returns:
        Pictures (n, height, width, channels) and labels (n,), or None where the dataset has none.

    Raises:
        ConfigurationError: if there are to be other ways of writing, but not ten labels, one for each digit.
    """
    images = dataset.images[split.train]
    if dataset.labels is None:
        return images, None
    labels = dataset.labels[split.train]
    share = config.training.ways_of_writing if config.model.is_classifier else 0.0
    if share:
        if dataset.n_labels != _N_DIGITS:
            label = FIELDS["ways_of_writing"].label
            raise ConfigurationError(
                "ways_of_writing", f"{label} is for the digits 0 to 9; “{dataset.name}” shows something else."
            )
        n_own = np.count_nonzero(split.train < dataset.n_own)
        images[:n_own] = rewritten(images[:n_own], labels[:n_own], share, config.training.seed)
    return images, labels
