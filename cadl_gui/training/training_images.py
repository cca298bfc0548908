"""What a network is trained on: the images of the training part, some of them perhaps written otherwise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.handwriting_variants import rewritten
from cadl_gui.datasets.images import Images, stays_in_file
from cadl_gui.datasets.split import Split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.images import ImageShape


@dataclass(frozen=True, eq=False)
class TrainingImages:
    """The images that a run learns from, which are gathered when they are needed.

    Attributes:
        images: holds them.
        which: their indices, (n,).
        labels: what they show, (n,) int64; zeros where that is not known.
    """

    images: Images
    which: NDArray[np.int32]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.which)

    @property
    def shape(self) -> ImageShape:
        """(height, width, channels) of one of them."""
        _, height, width, channels = self.images.shape
        return height, width, channels

    @property
    def stay_in_file(self) -> bool:
        """Whether they are too many to be on the device all at once."""
        return stays_in_file(self.images.nbytes // len(self.images) * len(self))

    def gather(self, numbers: slice | NDArray[np.integer]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Some of them, from 0 to n - 1, with their labels."""
        return self.images[self.which[numbers]], self.labels[numbers]


def training_images(dataset: ImageStore, split: Split, config: RunConfig) -> TrainingImages:
    """The training part, with other ways of writing where a classifier’s config asks for them.

    They follow from the seed alone, so that a run that goes on has the images that it began with. What
    someone taught stays as it was drawn.

    Raises:
        ConfigurationError: if there are to be other ways of writing, but not ten labels, one for each digit.
    """
    which = split.train
    if dataset.labels is None:
        return TrainingImages(dataset.images, which, np.zeros(len(which), np.int64))
    labels = dataset.labels[which]
    share = config.training.handwriting_variants if config.model.is_classifier else 0.0
    if not share:
        return TrainingImages(dataset.images, which, labels)
    if not dataset.shows_digits:
        label = FIELDS["handwriting_variants"].label
        raise ConfigurationError(
            "handwriting_variants",
            f"{label} is for the digits 0 to 9; “{dataset.name}” shows something else.",
        )
    images = dataset.images[which]
    n_own = np.count_nonzero(which < dataset.n_own)
    images[:n_own] = rewritten(images[:n_own], labels[:n_own], share, config.training.seed)
    return TrainingImages(Images(images), np.arange(len(images), dtype=np.int32), labels)
