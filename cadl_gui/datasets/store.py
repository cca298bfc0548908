"""The one form that every dataset has, wherever it is from."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import Images
from cadl_gui.datasets.statistics import Statistics, compute_statistics
from cadl_gui.domain.class_names import are_digits, numbered
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape

_LOOKED_AT = 1000
"""Images whose margin says whether a store shows ink on black."""

_DARK = 0.2
"""Mean brightness of the margin of images that are ink on black, at most. MNIST's is 0."""


@dataclass(frozen=True, eq=False)
class ImageStore:
    """Images with or without labels. What it holds is read-only, so any thread may read it.

    Attributes:
        name: what people call it.
        images: n of them.
        labels: (n,) int64, or None where the images have none.
        n_test: so many of the store's own images, the last ones, are the official test part; 0 if there
            is none.
        class_names: what each label means, by its number; () takes the numbers themselves.
        file_names: what each image was called, or () where they had no names.
        n_labelled: so many images behind its own were added to learn from; see `with_labelled`.

    Raises:
        DatasetError: if all of that does not belong together.
    """

    name: str
    images: Images
    labels: NDArray[np.int64] | None
    n_test: int
    class_names: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()
    n_labelled: int = 0

    def __post_init__(self) -> None:
        if 0 in self.images.shape:
            raise DatasetError(f"“{self.name}” holds no images.")
        if self.labels is not None:
            self._take_labels(self.labels)
        elif self.class_names:
            raise DatasetError(f"“{self.name}” names {len(self.class_names)} classes, but has no labels.")
        if self.file_names and len(self.file_names) != self.n_own:
            raise DatasetError(
                f"“{self.name}” holds {self.n_own} images but {len(self.file_names)} file names."
            )
        if not 0 <= self.n_test < self.n_own:
            raise DatasetError(f"“{self.name}” holds nothing but test images.")

    def _take_labels(self, labels: NDArray[np.int64]) -> None:
        if labels.shape != (len(self.images),):
            raise DatasetError(f"“{self.name}” holds {len(self.images)} images but {len(labels)} labels.")
        read_only = labels.astype(np.int64, copy=False).view()
        read_only.flags.writeable = False
        object.__setattr__(self, "labels", read_only)
        n_classes = int(labels.max()) + 1
        if not self.class_names:
            object.__setattr__(self, "class_names", numbered(n_classes))
        if n_classes > len(self.class_names):
            raise DatasetError(
                f"“{self.name}” has the label {n_classes - 1}, but names only "
                f"{len(self.class_names)} classes."
            )

    @property
    def n_own(self) -> int:
        """How many images there are without those that were added."""
        return len(self.images) - self.n_labelled

    @property
    def image_shape(self) -> ImageShape:
        """Height, width and channels of one image."""
        _, height, width, channels = self.images.shape
        return height, width, channels

    @property
    def n_classes(self) -> int:
        """How many classes there are; 0 without labels."""
        return len(self.class_names)

    @property
    def shows_digits(self) -> bool:
        """Whether the classes are the digits 0 to 9."""
        return are_digits(self.class_names)

    @cached_property
    def is_ink_on_black(self) -> bool:
        """Whether the images are grey and their margin is black, as that of drawings is."""
        first = self.images[:_LOOKED_AT]
        if first.shape[-1] != 1:
            return False
        sides = (first[:, 0], first[:, -1], first[:, :, 0], first[:, :, -1])
        return float(np.concatenate([side.ravel() for side in sides]).mean()) <= 255 * _DARK

    @property
    def can_change(self) -> bool:
        """Whether it was read from files of the user's, rather than from those that ship."""
        return self.images.have_files

    @property
    def is_current(self) -> bool:
        """Whether the files that it was read from are still as they were."""
        return self.images.are_current

    @cached_property
    def statistics(self) -> Statistics:
        """Of all images; computed when first asked for, block by block."""
        return compute_statistics(self.images, self.labels, self.n_classes)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of all that decides a training: shape, parts, images and labels."""
        parts = (self.images.shape, self.n_test, self.n_labelled)
        digest = hashlib.sha256(repr(parts if self.n_labelled else parts[:2]).encode())
        for _, block in self.images.blocks():
            digest.update(np.ascontiguousarray(block).data)
        if self.labels is not None:
            digest.update(self.labels.astype("<i8").tobytes())
        return digest.hexdigest()

    def with_labelled(self, labelled: "ImageStore") -> "ImageStore":
        """Add images that are learned from, and neither watched nor tested with.

        Raises:
            DatasetError: if they are of another size, or their labels are none of this store's.
        """
        if labelled.image_shape != self.image_shape:
            sizes = ["×".join(map(str, shape)) for shape in (labelled.image_shape, self.image_shape)]
            raise DatasetError(f"The images of “{labelled.name}” are {sizes[0]}, not {sizes[1]}.")
        labels = self.labels
        if labels is not None:
            if labelled.labels is None or labelled.n_classes > self.n_classes:
                raise DatasetError(f"“{labelled.name}” has labels that “{self.name}” does not have.")
            labels = np.concatenate([labels, labelled.labels])
        return ImageStore(
            self.name,
            self.images.followed_by(labelled.images),
            labels,
            self.n_test,
            class_names=self.class_names,
            file_names=self.file_names,
            n_labelled=len(labelled.images),
        )

    def as_floats(self, which: slice | NDArray[np.integer]) -> NDArray[np.float32]:
        """Some of the images as numbers.

        Args:
            which: a slice, or the indices of the images.

        Returns:
            (k, height, width, channels) float32 in [0, 1].
        """
        scaled: NDArray[np.float32] = np.divide(self.images[which], 255, dtype=np.float32)
        return scaled
