"""Writes the images of a prepared dataset as they are decoded, by any process, into one HDF5 file."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import ImageShape

_ALIGNMENT = 4096
"""Offset of the images in the file, in bytes, as mapping into memory requires on some systems."""

_COPIED_BYTES = 2**24
MOST_NAME_BYTES = 512
"""Longest name that is stored whole: all names take as much space as the longest one. Names of classes, of at
most 100 characters, fit.
"""


@dataclass(frozen=True)
class PixelFile:
    """Place of the images in an HDF5 file, for processes that write without HDF5.

    Attributes:
        path: path of the file.
        offset: position of the first image, in bytes.
        n: number of images.
        image_shape: (height, width, channels).
    """

    path: Path
    offset: int
    n: int
    image_shape: ImageShape

    @classmethod
    def create(cls, path: Path, n: int, image_shape: ImageShape) -> "PixelFile":
        """Create a file with space for n images.

        Raises:
            OSError: if it cannot be written.
        """
        import h5py

        with h5py.File(path, "w", alignment_threshold=_ALIGNMENT, alignment_interval=_ALIGNMENT) as file:
            # Without filling, only the one image that is written here takes space on the disk.
            images = file.create_dataset(
                "images", (n, *image_shape), np.uint8, fill_time="never", track_times=False
            )
            images[-1] = np.zeros(image_shape, np.uint8)
            return cls(path, images.id.get_offset(), n, image_shape)

    def write(self, first: int, images: NDArray[np.uint8]) -> None:
        """Write consecutive images.

        Args:
            images: (k, height, width, channels) uint8.

        Raises:
            OSError: if they cannot be written.
            ValueError: if they have another shape, or do not fit.
        """
        if images.shape[1:] != self.image_shape or first + len(images) > self.n:
            raise ValueError(f"Expected {self.image_shape}. Received: {images.shape} at {first} of {self.n}")
        with self.path.open("r+b") as file:
            file.seek(self.offset + first * math.prod(self.image_shape))
            file.write(np.ascontiguousarray(images).data)

    def complete(self, are_read: NDArray[np.bool_], arrays: dict[str, NDArray[Any]]) -> None:
        """Remove the images that could not be read, and add further arrays.

        Args:
            are_read: (n,), which images to keep.

        Raises:
            OSError: if the file cannot be written.
        """
        import h5py

        if not are_read.all():
            self._keep(np.flatnonzero(are_read))
        with h5py.File(self.path, "r+") as file:
            for name, array in arrays.items():
                dtype = h5py.string_dtype("utf-8", array.itemsize) if array.dtype.kind == "S" else array.dtype
                file.create_dataset(name, data=array.astype(dtype), track_times=False)

    def _keep(self, which: NDArray[np.intp]) -> None:
        """Copy some of the images to a new file that takes the place of this one."""
        beside = self.path.with_name(f"{self.path.name}.kept")
        kept = PixelFile.create(beside, len(which), self.image_shape)
        images = np.memmap(self.path, np.uint8, "r", self.offset, (self.n, *self.image_shape))
        step = max(1, _COPIED_BYTES // images[0].nbytes)
        for first in range(0, len(which), step):
            kept.write(first, images[which[first : first + step]])
        del images
        beside.replace(self.path)


def as_bytes(names: Sequence[str]) -> NDArray[np.bytes_]:
    """Encode names for an HDF5 file; of those longer than 512 bytes, the end."""
    longest = max((len(_encoded(name)) for name in names), default=0)
    return np.fromiter(map(_encoded, names), np.dtype(("S", max(1, longest))), len(names))


def _encoded(name: str) -> bytes:
    encoded = name.encode("utf-8", "replace")
    if len(encoded) <= MOST_NAME_BYTES:
        return encoded
    return b"..." + encoded[3 - MOST_NAME_BYTES :].decode("utf-8", "ignore").encode()
