"""Reads files that are not trusted: neither a pipe, which could make it wait, nor a device without end."""

import errno
import os
import stat
from pathlib import Path


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
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))


def read_whole(path: Path, most_bytes: int) -> bytes:
    """Read all of an ordinary file.

    Raises:
        OSError: as `require_file` does, or if it cannot be read.
    """
    require_file(path, most_bytes)
    return path.read_bytes()
