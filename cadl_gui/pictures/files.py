"""Saves films in the format given by the file extension."""

from collections.abc import Callable
from pathlib import Path

from cadl_gui.domain.file_format import require_ending
from cadl_gui.pictures.frame_sequence import Check, FrameSequence, unhindered
from cadl_gui.pictures.gif import write_gif
from cadl_gui.pictures.mp4 import write_mp4
from cadl_gui.pictures.png import write_png
from cadl_gui.system.atomic_write import atomic_output

WRITERS: dict[str, Callable[[FrameSequence, Path, Check], None]] = {
    ".png": write_png,
    ".gif": write_gif,
    ".mp4": write_mp4,
}
"""Functions that write a film, by file extension."""


def save(film: FrameSequence, path: Path, check: Check = unhindered) -> None:
    """Write a film. An existing file is replaced only once the new one is complete.

    Args:
        film: the film to write.
        check: called repeatedly while writing; an exception from it aborts, and leaves the file unchanged.

    Raises:
        UserError: if the file extension is not in `WRITERS`.
        OSError: if the file cannot be written.
    """
    require_ending(path, *WRITERS)
    with atomic_output(path) as beside:
        WRITERS[path.suffix.lower()](film, beside, check)
