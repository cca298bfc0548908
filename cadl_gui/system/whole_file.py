"""Reads files that are not trusted: neither a pipe, which could make it wait, nor a device without end."""

import errno
import os
import stat
from pathlib import Path

from cadl_gui.system.file_limits import megabytes


def require_file(path: Path, most_bytes: int | None = None) -> None:
    """Make sure that a path, links followed, is an ordinary file.

    Args:
        path: of it.
        most_bytes: that it may have, if there is a limit.

    Raises:
        OSError: if it is not there, a folder, something else, or larger.
    """
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "It is a pipe or a device", str(path))
    if most_bytes is not None and about.st_size > most_bytes:
        raise _too_large(path, about.st_size, most_bytes)


def read_whole(path: Path, most_bytes: int) -> bytes:
    """Read all of an ordinary file.

    Raises:
        OSError: as `require_file` does, or if it cannot be read.
    """
    require_file(path)
    with path.open("rb") as file:
        n_bytes = os.fstat(file.fileno()).st_size
        if n_bytes > most_bytes:
            raise _too_large(path, n_bytes, most_bytes)
        # What is appended meanwhile is left out. Python makes room for all that it is asked to read.
        return file.read(n_bytes)


def _too_large(path: Path, n_bytes: int, most_bytes: int) -> OSError:
    message = f"It is too large: {megabytes(n_bytes)}, and at most {megabytes(most_bytes)} are read"
    return OSError(errno.EFBIG, message, str(path))
