"""A file whose writing can be aborted."""

from io import BufferedWriter, FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from cadl_gui.pictures.frame_sequence import Check

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class InterruptibleFile(BufferedWriter):
    """A new file that can abort its own writing: Pillow cannot be stopped in any other way.

    Args:
        path: file to create.
        check: called before each write; an exception from it aborts the writing.

    Raises:
        OSError: if the file cannot be opened.
    """

    def __init__(self, path: Path, check: Check) -> None:
        super().__init__(FileIO(path, "w"))
        self._check = check

    def write(self, piece: "ReadableBuffer") -> int:
        """Write bytes, unless `check` raises an exception."""
        self._check()
        return super().write(piece)
