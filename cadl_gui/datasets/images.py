"""The images of a store: in memory, or read from a file on demand."""

import math
import mmap
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import DatasetError

IN_MEMORY_BYTES = 2**28
"""Images larger than these 268 MB stay in their file, where its format allows, and are read from there block
by block during training. CIFAR-10 takes 184 MB.
"""

_BLOCK_BYTES = 2**24
"""Size of a block when iterating over images."""


def stays_in_file(n_bytes: int) -> bool:
    """Whether images of this size stay in their file, rather than being read into memory at once."""
    return n_bytes > IN_MEMORY_BYTES


@dataclass(frozen=True)
class FileState:
    """State of a file when it was opened.

    Attributes:
        path: path of the file.
        size: size in bytes.
        modified_ns: modification time, in nanoseconds.
        inode: inode number, which changes when the file is replaced.
    """

    path: Path
    size: int
    modified_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return the current state of a file.

        Raises:
            OSError: if the file does not exist.
        """
        found = path.stat()
        return cls(path, found.st_size, found.st_mtime_ns, found.st_ino)

    @property
    def is_current(self) -> bool:
        """Whether the file is unchanged."""
        try:
            return self == FileState.of(self.path)
        except OSError:
            return False


class Images:
    """Images of one shape, as a concatenation of one or more arrays. Any thread may read them.

    A memory-mapped file must not change: changed images would amount to another dataset, and reading past the
    end of a truncated file crashes the process. Therefore its state is checked before each read.

    Args:
        parts: (n, height, width, channels) uint8 each, in memory or mapped from one of the files.
        files: state of the files that the images were read from; () if they cannot change.

    Raises:
        ValueError: if a part has another dtype or image shape.
    """

    def __init__(self, *parts: NDArray[np.uint8], files: tuple[FileState, ...] = ()) -> None:
        for part in parts:
            if part.ndim != 4 or part.dtype != np.uint8 or part.shape[1:] != parts[0].shape[1:]:
                raise ValueError(
                    f"Expected (n, height, width, channels) uint8. "
                    f"Received: shape={part.shape}, dtype={part.dtype}"
                )
        self._parts = tuple(_read_only(part) for part in parts)
        self._ends = np.cumsum([len(part) for part in parts])
        self._files = files
        self._mappings = tuple(_Mapping.of(part) for part in parts)

    def __len__(self) -> int:
        return int(self._ends[-1])

    def __getitem__(self, which: slice | NDArray[np.integer]) -> NDArray[np.uint8]:
        """Select images, (k, height, width, channels) uint8: read-only for a slice, else a copy.

        Raises:
            DatasetError: if a mapped file has changed.
        """
        self._require_unchanged()
        if len(self._parts) == 1:
            return self._selected(0, which)
        indices = np.arange(len(self))[which] if isinstance(which, slice) else which
        gathered = np.empty((len(indices), *self.shape[1:]), np.uint8)
        part_of = np.searchsorted(self._ends, indices, side="right")
        for number, part in enumerate(self._parts):
            here = part_of == number
            gathered[here] = self._selected(number, indices[here] - (self._ends[number] - len(part)))
        return gathered

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(n, height, width, channels)."""
        _, height, width, channels = self._parts[0].shape
        return len(self), height, width, channels

    @property
    def nbytes(self) -> int:
        """Size of all images in memory, in bytes."""
        return math.prod(self.shape)

    def followed_by(self, others: "Images") -> "Images":
        """Concatenate with other images of the same shape, without copying."""
        return Images(*self._parts, *others._parts, files=(*self._files, *others._files))

    def blocks(self, which: NDArray[np.integer] | None = None) -> Iterator[tuple[slice, NDArray[np.uint8]]]:
        """Iterate over all or some of the images in blocks of a few megabytes.

        Args:
            which: indices of the images, (n,); None for all.

        Yields:
            The slice of the n images that the block covers, and the images.
        """
        n = len(self) if which is None else len(which)
        step = max(1, _BLOCK_BYTES // max(1, math.prod(self.shape[1:])))
        for first in range(0, n, step):
            block = slice(first, min(first + step, n))
            yield block, self[block if which is None else which[block]]

    def mean(self, which: NDArray[np.integer] | None = None) -> NDArray[np.float64]:
        """Compute the mean image, (height, width, channels) float64 in [0, 1].

        The sums are over integers, so the result does not depend on the block size.

        Args:
            which: indices of the images, (n,); None for all.
        """
        total = np.zeros(self.shape[1:], np.float64)
        for _, block in self.blocks(which):
            total += block.sum(axis=0, dtype=np.float64)
        return total / (len(self) if which is None else len(which)) / 255

    @property
    def have_files(self) -> bool:
        """Whether the images were read from files that can change."""
        return bool(self._files)

    @property
    def are_current(self) -> bool:
        """Whether the files that the images were read from are unchanged."""
        return all(file.is_current for file in self._files)

    def _selected(self, number: int, which: slice | NDArray[np.integer]) -> NDArray[np.uint8]:
        part, mapping = self._parts[number], self._mappings[number]
        if mapping is not None and not isinstance(which, slice):
            mapping.read_ahead(which % len(part), part[0].nbytes)
        return part[which]

    def _require_unchanged(self) -> None:
        if any(self._mappings) and not self.are_current:
            paths = " and ".join(f"“{file.path}”" for file in self._files if not file.is_current)
            raise DatasetError(f"{paths} was changed while its images were in use.")


@dataclass(frozen=True)
class _Mapping:
    """Where an array is in a file that is mapped into memory.

    Attributes:
        memory: the mapped part of the file.
        offset: position of the array in it, in bytes.
    """

    memory: mmap.mmap
    offset: int

    @classmethod
    def of(cls, array: NDArray[np.uint8]) -> Self | None:
        """Return where an array is mapped from, or None if it is in memory."""
        owner: object = array
        while isinstance(owner, np.ndarray):
            owner = owner.base
        if not isinstance(owner, mmap.mmap):
            return None
        return cls(owner, array.ctypes.data - np.frombuffer(owner, np.uint8).ctypes.data)

    def read_ahead(self, rows: NDArray[np.integer], row_bytes: int) -> None:
        """Let the system begin to read some rows of the array, and nothing else.

        For images here and there, it would otherwise read up to megabytes around each.
        """
        if sys.platform == "win32":
            return
        starts = self.offset + rows.astype(np.int64) * row_bytes
        pages = starts // mmap.PAGESIZE * mmap.PAGESIZE
        with suppress(OSError):  # mere advice
            for page, length in zip(pages.tolist(), (starts - pages + row_bytes).tolist(), strict=True):
                self.memory.madvise(mmap.MADV_WILLNEED, page, length)


def _read_only(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    view = array.view()
    view.flags.writeable = False
    return view
