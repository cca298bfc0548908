"""The images that a network is trained on, including handwriting variants."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.digits import shows_digits
from cadl_gui.datasets.handwriting_variants import rewritten
from cadl_gui.datasets.images import Images, stays_in_file
from cadl_gui.datasets.split import Split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.images import ImageShape


@dataclass(frozen=True, eq=False)
class TrainingImages:
    """The training images of a run, gathered on demand.

    Attributes:
        images: images of the dataset.
        which: indices of the training images, (n,).
        labels: labels of the training images, (n,) int64; zeros for an unlabelled dataset.
    """

    images: Images
    which: NDArray[np.int32]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.which)

    @property
    def shape(self) -> ImageShape:
        """(height, width, channels) of one image."""
        _, height, width, channels = self.images.shape
        return height, width, channels

    @property
    def stay_in_file(self) -> bool:
        """Whether there are too many images to hold on the device, so that they are read from their file."""
        return stays_in_file(self.images.nbytes // len(self.images) * len(self))

    def gather(self, numbers: slice | NDArray[np.integer]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Read training images and their labels.

        Args:
            numbers: positions in `which`, from 0 to n - 1.

        Returns:
            Images (k, height, width, channels) and labels (k,).
        """
        return self.images[self.which[numbers]], self.labels[numbers]


def training_images(dataset: ImageStore, split: Split, config: RunConfig) -> TrainingImages:
    """The training part of a dataset, with handwriting variants in runs of digits that have them.

    The variants depend only on the seed, so that a resumed run has the same images. Labelled examples are
    not altered.
    """
    which = split.train
    if dataset.labels is None:
        return TrainingImages(dataset.images, which, np.zeros(len(which), np.int64))
    labels = dataset.labels[which]
    share = config.training.handwriting_variants if config.model.is_classifier else 0.0
    if not share or not shows_digits(dataset):
        return TrainingImages(dataset.images, which, labels)
    images = dataset.images[which]
    n_own = np.count_nonzero(which < dataset.n_own)
    images[:n_own] = rewritten(images[:n_own], labels[:n_own], share, config.training.seed)
    return TrainingImages(Images(images), np.arange(len(images), dtype=np.int32), labels)
