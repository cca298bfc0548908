"""Pictures with or without labels, in memory."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import DatasetError
from cadl_gui.core.run import PictureShape


@dataclass(frozen=True, eq=False)
class Dataset:
    """A dataset that fits in memory. Its arrays are read-only, so any thread may read them.

    Attributes:
        name: what people call it.
        images: (n, height, width, channels) uint8.
        labels: (n,) int64, or None where the pictures have none.
        n_test: so many of the dataset's own pictures, the last ones, are the official test part; 0 if there
            is none.
        n_taught: so many pictures behind its own were added to learn from; see `with_taught`.

    Raises:
        DatasetError: if the arrays do not belong together.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    n_test: int
    n_taught: int = 0

    def __post_init__(self) -> None:
        if self.images.ndim != 4 or self.images.dtype != np.uint8:
            raise ValueError(
                f"Expected (n, height, width, channels) uint8. "
                f"Received: shape={self.images.shape}, dtype={self.images.dtype}"
            )
        if self.images.size == 0:
            raise DatasetError(f"“{self.name}” holds no pictures.")
        if self.labels is not None and self.labels.shape != (len(self.images),):
            raise DatasetError(
                f"“{self.name}” holds {len(self.images)} pictures but {len(self.labels)} labels."
            )
        if not 0 <= self.n_test < self.n_own:
            raise DatasetError(f"“{self.name}” holds nothing but test pictures.")
        object.__setattr__(self, "images", _read_only(self.images))
        if self.labels is not None:
            object.__setattr__(self, "labels", _read_only(self.labels.astype(np.int64, copy=False)))

    @property
    def n_own(self) -> int:
        """How many pictures there are without those that were added."""
        return len(self.images) - self.n_taught

    @property
    def picture_shape(self) -> PictureShape:
        """Height, width and channels of one picture."""
        _, height, width, channels = self.images.shape
        return height, width, channels

    @cached_property
    def n_labels(self) -> int:
        """How many kinds of pictures there are, if each number up to the largest label is one; 0 without."""
        return 0 if self.labels is None else int(self.labels.max()) + 1

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of all that decides a training: shape, parts, pictures and labels."""
        parts = (self.images.shape, self.n_test, self.n_taught)
        digest = hashlib.sha256(repr(parts if self.n_taught else parts[:2]).encode())
        digest.update(np.ascontiguousarray(self.images).data)
        if self.labels is not None:
            digest.update(self.labels.astype("<i8").tobytes())
        return digest.hexdigest()

    def with_taught(self, taught: "Dataset") -> "Dataset":
        """Add pictures that are learned from, and neither watched nor tested with.

        Raises:
            DatasetError: if they are of another size, or their labels are none of this dataset's.
        """
        if taught.picture_shape != self.picture_shape:
            sizes = ["×".join(map(str, shape)) for shape in (taught.picture_shape, self.picture_shape)]
            raise DatasetError(f"The pictures of “{taught.name}” are {sizes[0]}, not {sizes[1]}.")
        labels = self.labels
        if labels is not None:
            if taught.labels is None or taught.n_labels > self.n_labels:
                raise DatasetError(f"“{taught.name}” has labels that “{self.name}” does not have.")
            labels = np.concatenate([labels, taught.labels])
        images = np.concatenate([self.images, taught.images])
        return Dataset(self.name, images, labels, self.n_test, n_taught=len(taught.images))

    def pictures(self, which: slice | NDArray[np.integer]) -> NDArray[np.float32]:
        """Some of the pictures as numbers.

        Args:
            which: a slice, or the indices of the pictures.

        Returns:
            (k, height, width, channels) float32 in [0, 1].
        """
        scaled: NDArray[np.float32] = np.divide(self.images[which], 255, dtype=np.float32)
        return scaled


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view
