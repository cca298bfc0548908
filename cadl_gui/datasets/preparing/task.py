"""Tasks of preparing: each decodes some of the images, in any process."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.preparing.pixel_file import PixelFile
from cadl_gui.domain.import_report import Note


@dataclass(frozen=True, eq=False)
class Block:
    """Consecutive images.

    Attributes:
        first: number of the first image in the dataset.
        images: (n, height, width, channels) uint8; those that could not be read may hold anything.
        are_read: (n,) bool.
        notes: what happened to them.
    """

    first: int
    images: NDArray[np.uint8]
    are_read: NDArray[np.bool_]
    notes: tuple[Note, ...] = ()


class Task(Protocol):
    """Decodes some images; can be pickled."""

    def blocks(self) -> Iterator[Block]:
        """Decode the images, in blocks of a few megabytes."""


class Outcome(NamedTuple):
    """The result of writing a block; see `Block`."""

    first: int
    are_read: NDArray[np.bool_]
    notes: tuple[Note, ...]


def run_task(task: Task, file: PixelFile) -> Iterator[Outcome]:
    """Decode the images of a task and write them.

    Raises:
        OSError: if they cannot be written.
    """
    for block in task.blocks():
        file.write(block.first, block.images)
        yield Outcome(block.first, block.are_read, block.notes)
