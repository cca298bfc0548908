"""The images of a store: in memory, or read from a file on demand."""

import math
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.whole_file import fill
from cadl_gui.system.words import _

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

    A file that images are still read from must not change, which would amount to another dataset: its state
    is checked before and after each read.

    Args:
        parts: (n, height, width, channels) uint8 each: in memory or, as the `memmap` of a whole array, in one
            of the files.
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
        self._parts = tuple(
            _StoredImages.of(part) if isinstance(part, np.memmap) else _read_only(part) for part in parts
        )
        self._set_files(files)

    def __len__(self) -> int:
        return int(self._ends[-1])

    def __getitem__(self, which: slice | NDArray[np.integer]) -> NDArray[np.uint8]:
        """Select images, (k, height, width, channels) uint8: perhaps read-only for a slice, else a copy.

        Raises:
            DatasetError: if a file that is still read from has changed, or cannot be read.
        """
        self._require_unchanged()
        try:
            selected = self._selected(which)
        except OSError as error:
            self._require_unchanged()
            paths = _quoted(self._files)
            raise DatasetError(
                _("{paths} cannot be read: {reason}.").format(paths=paths, reason=error.strerror or error)
            ) from error
        self._require_unchanged()
        return selected

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(n, height, width, channels)."""
        _n, height, width, channels = self._parts[0].shape
        return len(self), height, width, channels

    @property
    def nbytes(self) -> int:
        """Size of all images in memory, in bytes."""
        return math.prod(self.shape)

    def followed_by(self, others: "Images") -> "Images":
        """Concatenate with other images of the same shape, without copying."""
        both = copy(self)
        both._parts = (*self._parts, *others._parts)
        both._set_files((*self._files, *others._files))
        return both

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
        for _first, block in self.blocks(which):
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

    def _set_files(self, files: tuple[FileState, ...]) -> None:
        self._files = files
        self._ends = np.cumsum([len(part) for part in self._parts])
        self._are_stored = any(isinstance(part, _StoredImages) for part in self._parts)

    def _selected(self, which: slice | NDArray[np.integer]) -> NDArray[np.uint8]:
        if len(self._parts) == 1:
            return self._parts[0][which]
        indices = np.arange(len(self))[which]
        gathered = np.empty((len(indices), *self.shape[1:]), np.uint8)
        part_of = np.searchsorted(self._ends, indices, side="right")
        for number, part in enumerate(self._parts):
            here = part_of == number
            gathered[here] = part[indices[here] - (self._ends[number] - len(part))]
        return gathered

    def _require_unchanged(self) -> None:
        if self._are_stored and not self.are_current:
            changed = _quoted(file for file in self._files if not file.is_current)
            raise DatasetError(
                _("{changed} was changed while its images were in use.").format(changed=changed)
            )


@dataclass(frozen=True)
class _StoredImages:
    """Images in a file, each of which is read when it is selected.

    Not from mapped memory: if the file becomes shorter meanwhile, or its disk is gone, that ends the process.

    Attributes:
        path: path of the file.
        offset: position of the first image in it, in bytes.
        shape: (n, height, width, channels).
    """

    path: Path
    offset: int
    shape: tuple[int, ...]

    @classmethod
    def of(cls, array: np.memmap) -> Self:
        """Return the images of an array that is mapped as a whole."""
        assert array.filename is not None, "it is of a file with a name"
        return cls(Path(array.filename), array.offset, array.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, which: slice | NDArray[np.integer]) -> NDArray[np.uint8]:
        """Read images, (k, height, width, channels) uint8; those that follow each other at once.

        Raises:
            OSError: if the file cannot be read, or ends too early.
            IndexError: if there is no such image.
        """
        numbers = np.arange(len(self))[which]
        images = np.empty((len(numbers), *self.shape[1:]), np.uint8)
        n_bytes = math.prod(self.shape[1:])
        firsts = np.flatnonzero(np.diff(numbers, prepend=-2) != 1)
        ends = np.append(firsts, len(numbers))[1:]
        pieces = [
            (self.offset + int(numbers[first]) * n_bytes, images[first:end])
            for first, end in zip(firsts, ends, strict=True)
        ]
        with self.path.open("rb", buffering=0) as file:
            _read_ahead(file, [(offset, piece.nbytes) for offset, piece in pieces])
            for offset, piece in pieces:
                file.seek(offset)
                if fill(piece.reshape(-1).data, file) < piece.nbytes:
                    raise OSError(_("it ends too early"))
        return images


def _read_ahead(file: FileIO, pieces: list[tuple[int, int]]) -> None:
    """Let the system begin to read some pieces, (offset, length) in bytes, of a file, and nothing else.

    For images here and there, it would otherwise read up to megabytes around each.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError):  # mere advice, which not every file system takes
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
        for offset, length in pieces:
            os.posix_fadvise(file.fileno(), offset, length, os.POSIX_FADV_WILLNEED)


def _read_only(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    view = array.view()
    view.flags.writeable = False
    return view


def _quoted(files: Iterable[FileState]) -> str:
    return _(" and ").join(f"“{file.path}”" for file in files)
