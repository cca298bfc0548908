"""Films as files; the ending of the name says of which kind."""

from collections.abc import Callable
from pathlib import Path

from cadl_gui.domain.errors import UserError
from cadl_gui.pictures.frame_sequence import Check, FrameSequence, unhindered
from cadl_gui.pictures.gif import write_gif
from cadl_gui.pictures.mp4 import write_mp4
from cadl_gui.pictures.png import write_png
from cadl_gui.system.atomic_write import atomic_write

WRITERS: dict[str, Callable[[FrameSequence, Path, Check], None]] = {
    ".png": write_png,
    ".gif": write_gif,
    ".mp4": write_mp4,
}
"""What writes a film, by the ending of the file's name."""


def require_known_ending(path: Path) -> None:
    """See to it before long work that there will be someone to write its film.

    Raises:
        UserError: if no film can be written to a file of this name.
    """
    if path.suffix.lower() not in WRITERS:
        raise UserError(f"“{path.name}” ends in none of {', '.join(WRITERS)}.")


def save(film: FrameSequence, path: Path, check: Check = unhindered) -> None:
    """Write a film; what was there is replaced only once the new file is whole.

    Args:
        film: what to write.
        path: where to.
        check: called again and again; what it raises ends the writing, and nothing has changed.

    Raises:
        UserError: if the name ends in none of `WRITERS`.
        OSError: if it cannot be written.
    """
    require_known_ending(path)
    with atomic_write(path) as beside:
        WRITERS[path.suffix.lower()](film, beside, check)
