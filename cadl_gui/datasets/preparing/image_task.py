"""Decodes image files, wherever they lie."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from cadl_gui.datasets.preparing.image_decoder import SkippedImageError, decode_image
from cadl_gui.datasets.preparing.task import Block
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.import_report import Note
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.file_limits import MOST_IMAGE_BYTES
from cadl_gui.system.whole_file import read_whole_quickly
from cadl_gui.system.words import _

_MOST_TOGETHER, _MOST_BYTES_TOGETHER = 256, 2**23
"""Files of a task, and size of the files and of their images: what is decoded in a fraction of a second, long
compared with sending a task to another process.
"""


class Member(Protocol):
    """An image file that can be read.

    Attributes:
        name: path inside the folder or archive.
        n_bytes: size.
    """

    @property
    def name(self) -> str:
        """See the class."""

    @property
    def n_bytes(self) -> int:
        """See the class."""

    def read(self) -> bytes:
        """Read the whole file.

        Raises:
            SkippedImageError: if it cannot be read.
        """


class FileMember(NamedTuple):
    """A file in a folder; see `Member`."""

    folder: str
    name: str
    n_bytes: int

    def read(self) -> bytes:
        """See `Member.read`."""
        try:
            return read_whole_quickly(f"{self.folder}/{self.name}", MOST_IMAGE_BYTES)
        except FileNotFoundError:
            raise SkippedImageError(_("is no longer there")) from None
        except OSError as error:
            raise SkippedImageError(
                _("cannot be read: {reason}").format(reason=error.strerror or error)
            ) from error


@dataclass(frozen=True, eq=False)
class ImageTask:
    """Decodes some image files.

    Attributes:
        first: number of the first image in the dataset.
        members: the files.
        options: how to prepare them.
        image_shape: (height, width, channels) of the result.
    """

    first: int
    members: tuple[Member, ...]
    options: PreparingOptions
    image_shape: ImageShape

    def blocks(self) -> Iterator[Block]:
        """See `Task.blocks`."""
        images = np.zeros((len(self.members), *self.image_shape), np.uint8)
        are_read = np.zeros(len(self.members), np.bool_)
        notes: list[Note] = []
        for number, member in enumerate(self.members):
            try:
                decoded = decode_image(member.read(), self.options, self.image_shape[0])
            except SkippedImageError as error:
                notes.append(Note("skipped", member.name, str(error)))
                continue
            images[number], are_read[number] = decoded.pixels, True
            notes += [Note(kind, member.name, text) for kind, text in decoded.notes]
        yield Block(self.first, images, are_read, tuple(notes))


def image_tasks(
    members: Iterable[Member], options: PreparingOptions, image_shape: ImageShape
) -> Iterator[ImageTask]:
    """Divide image files into tasks of similar effort."""
    together: list[Member] = []
    first = n_bytes = 0
    most = max(1, min(_MOST_TOGETHER, _MOST_BYTES_TOGETHER // math.prod(image_shape)))
    for member in members:
        is_full = len(together) == most or n_bytes + member.n_bytes > _MOST_BYTES_TOGETHER
        if together and is_full:
            yield ImageTask(first, tuple(together), options, image_shape)
            first, n_bytes, together = first + len(together), 0, []
        together.append(member)
        n_bytes += member.n_bytes
    if together:
        yield ImageTask(first, tuple(together), options, image_shape)
