"""Nearest-neighbour search among the images of a run's dataset, and access to these images."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.changed import what_changed
from cadl_gui.datasets.load import Load, load_if_asked_for
from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import CadlError, DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.nearest import N_NEAREST, NearestImages
from cadl_gui.system.words import _


@dataclass(frozen=True)
class PartSizes:
    """Training images that are searched per request, so that others are answered in between.

    Attributes:
        pixels: those that are compared by pixels: about a millisecond for MNIST.
        latents: those that are encoded: about ten milliseconds for a convolutional network.
        activations: those whose activations are computed: some ten milliseconds for a convolutional network.
    """

    pixels: int = 4000
    latents: int = 500
    activations: int = 250


PART_SIZES = PartSizes()


class NeighbourIndex:
    """The dataset of a run, split as in the run.

    Args:
        config: configuration of the run.
        load: opens its dataset.
        part_sizes: how many images are searched per request.

    Raises:
        DatasetError: if the dataset is not available.
    """

    def __init__(
        self, config: RunConfig, load: Load = load_if_asked_for, part_sizes: PartSizes = PART_SIZES
    ) -> None:
        self.part_sizes = part_sizes
        self._dataset = load(config.data.dataset)
        parts = split(self._dataset, config)
        self._train, self._test = parts.train, parts.test
        self._squares = np.full(len(self._train), np.nan, np.float32)

    @property
    def are_current(self) -> bool:
        """Whether the dataset's files are unchanged since they were loaded."""
        return self._dataset.is_current

    def require_shape(self, shape: ImageShape) -> None:
        """Check that a run's network takes images of this shape, (height, width, channels).

        Raises:
            DatasetError: if it does not, such as one of the course's, which does not know its dataset.
        """
        if shape != self._dataset.image_shape:
            own, taken = ("×".join(map(str, each)) for each in (self._dataset.image_shape, shape))
            raise DatasetError(
                _("Images of {name} are {own}; this network takes {taken}.").format(
                    name=self._dataset.name, own=own, taken=taken
                )
            )

    def require_unchanged(self, config: DataConfig, fingerprint: str) -> None:
        """Check that a run was trained on these images.

        Args:
            config: dataset configuration of the run.
            fingerprint: fingerprint of the images that it was trained on.

        Raises:
            DatasetError: if the images have changed.
        """
        changed = what_changed(self._dataset, config, fingerprint)
        if changed:
            raise DatasetError(changed)

    def nearest(self, image: NDArray[np.float32], part: int) -> NearestImages:
        """Find the ten nearest images in one part of the training images, by Euclidean distance.

        Args:
            image: (height, width, channels) float32 in [0, 1].
            part: index of the part, from 0; the last part is marked by `NearestImages.is_last`.

        Raises:
            CadlError: if the image has another shape, or there is no such part.
        """
        if image.shape != self._dataset.image_shape:
            raise CadlError(_("The images of {name} are of another size.").format(name=self._dataset.name))
        size = self.part_sizes.pixels
        which = self.part(part, size)
        return self.nearest_of(which, self._distances(image, which, part * size))

    def part(self, part: int, size: int) -> NDArray[np.int32]:
        """Indices in the dataset of one part of the training images.

        Args:
            part: index of the part, from 0.
            size: images per part; the last part may be smaller.

        Raises:
            CadlError: if there is no such part.
        """
        which = self._train[part * size : (part + 1) * size] if part >= 0 else self._train[:0]
        if not len(which):
            raise CadlError(
                _("{name} has no part {part} to compare with.").format(name=self._dataset.name, part=part)
            )
        return which

    def images(self, which: NDArray[np.int32]) -> NDArray[np.float32]:
        """Images by their indices in the dataset, (n, height, width, channels) float32 in [0, 1]."""
        return self._dataset.as_floats(which)

    def nearest_of(self, which: NDArray[np.int32], distances: NDArray[np.float32]) -> NearestImages:
        """Select the ten nearest images.

        Args:
            which: indices of the images in the dataset, (n,).
            distances: distances of the images, (n,).
        """
        order = np.argpartition(distances, min(N_NEAREST, len(which)) - 1)[:N_NEAREST]
        order = order[np.argsort(distances[order], kind="stable")]
        labels = self._dataset.labels
        return NearestImages(
            self._dataset.images[which[order]],
            None if labels is None else labels[which[order]],
            distances[order],
            is_last=bool(which[-1] == self._train[-1]),
        )

    def training_part(self, part: int) -> tuple[int, NDArray[np.float32], int]:
        """One part of the training images, to compute their activations.

        Args:
            part: index of the part, from 0.

        Returns:
            The number of its first image among the training images; the images, (n, height, width, channels)
            float32 in [0, 1]; and the total number of training images.

        Raises:
            CadlError: if there is no such part.
        """
        size = self.part_sizes.activations
        start, end = part * size, min((part + 1) * size, len(self._train))
        if not 0 <= start < end:
            raise CadlError(
                _("{name} has no part {part} to search.").format(name=self._dataset.name, part=part)
            )
        images = self._dataset.images[self._train[start:end]].astype(np.float32) / np.float32(255)
        return start, images, len(self._train)

    def training_images(self, numbers: Sequence[int]) -> NDArray[np.uint8]:
        """Training images by their numbers among the training images, (n, height, width, channels)."""
        images: NDArray[np.uint8] = self._dataset.images[self._train[list(numbers)]]
        return images

    def examples(self, numbers: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
        """Images of any part and their labels, if they have any.

        Args:
            numbers: indices of the images in the dataset, (n,).

        Returns:
            (n, height, width, channels) float32 in [0, 1], read-only; and (n,) int64 or None.
        """
        images, labels = self._dataset.as_floats(numbers), self._dataset.labels
        images.flags.writeable = False
        return images, None if labels is None else labels[numbers]

    def test_image(self, number: int, others: Iterable[Self] = ()) -> NDArray[np.uint8]:
        """One of the test images, (height, width, channels).

        Args:
            number: index ≥ 0; it wraps around after the last image.
            others: indices of other runs on the same dataset, whose training images are excluded too.

        Raises:
            CadlError: if no image is left.
        """
        which = self._test
        for other in others:
            which = np.setdiff1d(which, other._train, assume_unique=True)
        if not len(which):
            raise CadlError(
                _("Every test image of {name} is one that another run learned from.").format(
                    name=self._dataset.name
                )
            )
        image: NDArray[np.uint8] = self._dataset.images[which[[number % len(which)]]][0]
        return image

    def test_images(self, first: int, n: int) -> NDArray[np.float32]:
        """Up to n test images starting at `first`, (≤n, height, width, channels) in [0, 1], read-only."""
        which = self._test[first : first + n]
        images = self._dataset.images[which].astype(np.float32) / np.float32(255)
        images.flags.writeable = False
        return images

    def _distances(
        self, image: NDArray[np.float32], which: NDArray[np.int32], start: int
    ) -> NDArray[np.float32]:
        """Euclidean distances by |a - b|² = |a|² - 2ab + |b|², with cached |a|²."""
        compared = self._dataset.images[which].reshape(len(which), -1).astype(np.float32)
        squares = self._squares[start : start + len(which)]
        if np.isnan(squares[0]):
            squares[:] = np.einsum("ij,ij->i", compared, compared)
        flat = image.ravel() * np.float32(255)
        squared = squares - 2 * (compared @ flat) + flat @ flat
        distances: NDArray[np.float32] = np.sqrt(np.maximum(squared, 0)) / np.float32(255)
        return distances
