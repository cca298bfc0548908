"""The common representation of datasets, independent of their source.

What is specific to digits, or to ink on black, asks the store or the run (`shows_digits`, `is_ink_on_black`),
not where it came from.
"""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import Images
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.system.words import _

_LOOKED_AT = 1000
"""Number of images whose margins are checked by `ImageStore.is_ink_on_black`."""

_DARK = 0.2
"""Largest mean brightness, in [0, 1], of the margin of ink-on-black images. MNIST's is 0."""


@dataclass(frozen=True, eq=False)
class ImageStore:
    """Images with or without labels. The contents are read-only, so any thread may read them.

    Attributes:
        name: display name.
        images: n images.
        labels: (n,) int64, or None if the images have no labels.
        n_test: size of the official test part, the last of the dataset's own images; 0 if there is none.
            Training images come first, then the official validation part.
        class_names: class names by label; () uses the numbers as names.
        file_names: file name of each image, or () if there are none.
        n_labelled: number of labelled examples appended to the dataset's own images; see `with_labelled`.
        n_validation: size of the official validation part, before the test part; 0 if there is none.
        is_sequence: whether neighbouring images are alike, as the frames of a film are.

    Raises:
        DatasetError: if the values are inconsistent.
    """

    name: str
    images: Images
    labels: NDArray[np.int64] | None
    n_test: int
    class_names: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()
    n_labelled: int = 0
    n_validation: int = 0
    is_sequence: bool = False

    def __post_init__(self) -> None:
        if 0 in self.images.shape:
            raise DatasetError(_("“{name}” holds no images.").format(name=self.name))
        if self.labels is not None:
            self._take_labels(self.labels)
        elif self.class_names:
            raise DatasetError(
                _("“{name}” names {n} classes, but has no labels.").format(
                    name=self.name, n=len(self.class_names)
                )
            )
        if self.file_names and len(self.file_names) != self.n_own:
            raise DatasetError(
                _("“{name}” holds {n_own} images but {n} file names.").format(
                    name=self.name, n_own=self.n_own, n=len(self.file_names)
                )
            )
        if min(self.n_validation, self.n_test) < 0 or self.n_validation + self.n_test >= self.n_own:
            others = _("validation and test") if self.n_validation else "test"
            raise DatasetError(
                _("“{name}” holds nothing but {others} images.").format(name=self.name, others=others)
            )

    def _take_labels(self, labels: NDArray[np.int64]) -> None:
        if labels.shape != (len(self.images),):
            raise DatasetError(
                _("“{name}” holds {n} images but {total} labels.").format(
                    name=self.name, n=len(self.images), total=len(labels)
                )
            )
        read_only = labels.astype(np.int64, copy=False).view()
        read_only.flags.writeable = False
        object.__setattr__(self, "labels", read_only)
        n_classes = int(labels.max()) + 1
        if not self.class_names:
            object.__setattr__(self, "class_names", numbered(n_classes))
        if n_classes > len(self.class_names):
            raise DatasetError(
                _("“{name}” has the label {n_classes}, but names only {n} classes.").format(
                    name=self.name, n_classes=n_classes - 1, n=len(self.class_names)
                )
            )

    @property
    def n_own(self) -> int:
        """Number of images, without appended labelled examples."""
        return len(self.images) - self.n_labelled

    @property
    def image_shape(self) -> ImageShape:
        """Height, width and channels of one image."""
        _n, height, width, channels = self.images.shape
        return height, width, channels

    @property
    def n_classes(self) -> int:
        """Number of classes; 0 without labels."""
        return len(self.class_names)

    @cached_property
    def is_ink_on_black(self) -> bool:
        """Whether the images resemble bright drawings, grey or in colour: they have a black margin."""
        first = self.images[:_LOOKED_AT]
        sides = (first[:, 0], first[:, -1], first[:, :, 0], first[:, :, -1])
        return float(np.concatenate([side.ravel() for side in sides]).mean()) <= 255 * _DARK

    @property
    def can_change(self) -> bool:
        """Whether the dataset was read from the user's files, rather than from those that ship."""
        return self.images.have_files

    @property
    def is_current(self) -> bool:
        """Whether the files that the dataset was read from are unchanged."""
        return self.images.are_current

    @cached_property
    def fingerprint(self) -> str:
        """Hexadecimal SHA-256 of everything that affects training: shape, parts, images and labels."""
        about: tuple[object, ...] = (self.images.shape, self.n_test)
        # What a store does not have is left out: runs on disk have fingerprints from before it existed.
        about += (self.n_labelled,) if self.n_labelled else ()
        about += (("validation", self.n_validation),) if self.n_validation else ()
        about += ("sequence",) if self.is_sequence else ()
        digest = hashlib.sha256(repr(about).encode())
        for _first, block in self.images.blocks():
            digest.update(np.ascontiguousarray(block).data)
        if self.labels is not None:
            digest.update(self.labels.astype("<i8").tobytes())
        return digest.hexdigest()

    def with_labelled(self, labelled: "ImageStore") -> "ImageStore":
        """Append labelled examples, which are used for training only.

        Raises:
            DatasetError: if the image shapes differ, or the examples have labels that this dataset lacks.
        """
        if labelled.image_shape != self.image_shape:
            sizes = ["×".join(map(str, shape)) for shape in (labelled.image_shape, self.image_shape)]
            raise DatasetError(
                _("The images of “{name}” are {first}, not {second}.").format(
                    name=labelled.name, first=sizes[0], second=sizes[1]
                )
            )
        labels = self.labels
        if labels is not None:
            if labelled.labels is None or labelled.n_classes > self.n_classes:
                raise DatasetError(
                    _("“{name}” has labels that “{self_name}” does not have.").format(
                        name=labelled.name, self_name=self.name
                    )
                )
            labels = np.concatenate([labels, labelled.labels])
        return replace(
            self,
            images=self.images.followed_by(labelled.images),
            labels=labels,
            n_labelled=len(labelled.images),
        )

    def as_floats(self, which: slice | NDArray[np.integer]) -> NDArray[np.float32]:
        """Select images and convert them to floats.

        Args:
            which: a slice, or indices of images.

        Returns:
            (k, height, width, channels) float32 in [0, 1].
        """
        scaled: NDArray[np.float32] = np.divide(self.images[which], 255, dtype=np.float32)
        return scaled
