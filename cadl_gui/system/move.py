"""Moves a file or folder to a place that is free, and never replaces what has come there meanwhile."""

import sys
from contextlib import suppress
from pathlib import Path


def move_to_free_place(source: Path, target: Path) -> None:
    """Move a file or folder within a file system.

    `Path.rename` replaces a file, and on POSIX an empty folder. So the name is taken first, by a file or
    folder that can only be created where there is none. If another program fills that folder in the same
    instant, the move fails.

    Args:
        target: its new path, in a folder that exists.

    Raises:
        FileExistsError: if there is something at `target`, be it a link to nothing.
        OSError: if it cannot be moved. `source` is then where it was.
    """
    if sys.platform == "win32":
        source.rename(target)  # replaces nothing there
    else:
        is_folder = source.is_dir() and not source.is_symlink()
        if is_folder:
            target.mkdir()
        else:
            target.touch(exist_ok=False)
        try:
            source.rename(target)
        except OSError:
            with suppress(OSError):  # another program has filled it
                target.rmdir() if is_folder else target.unlink()
            raise
