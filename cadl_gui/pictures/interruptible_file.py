"""A file whose writing can be ended from outside."""

from io import BufferedWriter, FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from cadl_gui.pictures.frame_sequence import Check

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class InterruptibleFile(BufferedWriter):
    """A new file; Pillow has no other way to be stopped while it writes.

    Args:
        path: where it is.
        check: called before each piece; what it raises ends the writing.

    Raises:
        OSError: if it cannot be opened.
    """

    def __init__(self, path: Path, check: Check) -> None:
        super().__init__(FileIO(path, "w"))
        self._check = check

    def write(self, piece: "ReadableBuffer") -> int:
        """Write a piece."""
        self._check()
        return super().write(piece)
