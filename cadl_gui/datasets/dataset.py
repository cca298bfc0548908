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
        n_test: so many pictures at the end are the official test part; 0 if there is none.

    Raises:
        DatasetError: if the arrays do not belong together.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    n_test: int

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
        if not 0 <= self.n_test < len(self.images):
            raise DatasetError(f"“{self.name}” holds nothing but test pictures.")
        object.__setattr__(self, "images", _read_only(self.images))
        if self.labels is not None:
            object.__setattr__(self, "labels", _read_only(self.labels.astype(np.int64, copy=False)))

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
        """SHA-256, in hexadecimal, of all that decides a training: shape, test part, pictures and labels."""
        digest = hashlib.sha256(repr((self.images.shape, self.n_test)).encode())
        digest.update(np.ascontiguousarray(self.images).data)
        if self.labels is not None:
            digest.update(self.labels.astype("<i8").tobytes())
        return digest.hexdigest()

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
