"""Reads untrusted files; rejects pipes, which could block, and devices, which could be endless."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase, RawIOBase
from pathlib import Path

from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.words import _

_Damage = tuple[type[Exception], ...]


@contextmanager
def telling(
    path: Path | str, error: type[Exception], damage: _Damage = (), says: str = "", *, writes: bool = False
) -> Iterator[None]:
    """Tell in a sentence why a file cannot be read, or what is wrong with it, if the block fails.

    Args:
        error: raised with the sentence.
        damage: what the block raises for damaged files, beside `OSError`s without a reason.
        says: what such a file is, after its path.
        writes: the block writes the file.
    """
    caught: _Damage = (OSError, *damage)
    try:
        yield
    except caught as cause:
        if says and not (isinstance(cause, OSError) and cause.strerror):
            raise error(f"“{path}” {says}.") from cause
        about = _("“{path}” cannot be read: {reason}.")
        if writes:
            about = _("“{path}” cannot be written: {reason}.")
        raise error(about.format(path=path, reason=getattr(cause, "strerror", None) or cause)) from cause


def can_be_found(path: Path) -> bool:
    """Whether there is a file or folder.

    False also where that is unknown, as on a share that is not connected, which `Path.exists` raises.
    """
    try:
        return path.exists()
    except OSError:
        return False


def require_file(path: Path, most_bytes: int | None = None) -> None:
    """Require that a path, after following links, is a regular file.

    Args:
        most_bytes: largest allowed size, or None.

    Raises:
        OSError: if the path does not exist, is a folder or a special file, or is too large.
    """
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, _("It is a pipe or a device"), str(path))
    if most_bytes is not None and about.st_size > most_bytes:
        raise _too_large(path, about.st_size, most_bytes)


def read_whole(path: Path, most_bytes: int) -> bytes:
    """Read a regular file completely.

    Raises:
        OSError: as `require_file` does, or if the file cannot be read.
    """
    require_file(path)
    with path.open("rb") as file:
        n_bytes = os.fstat(file.fileno()).st_size
        if n_bytes > most_bytes:
            raise _too_large(path, n_bytes, most_bytes)
        # Data appended meanwhile is ignored. Python allocates memory for as many bytes as are requested.
        return file.read(n_bytes)


def fill(buffer: memoryview, file: RawIOBase | BufferedIOBase) -> int:
    """Read until the buffer is full or the file ends, since a single call may return less.

    Returns:
        Number of bytes read.
    """
    filled = 0
    while filled < len(buffer) and (n_read := file.readinto(buffer[filled:])):
        filled += n_read
    return filled


_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Without blocking, since opening a pipe would wait for somebody who writes to it."""


def read_whole_quickly(path: str, most_bytes: int) -> bytes:
    """Read a regular file as `read_whole` does, in a quarter of the time: for many small files.

    Raises:
        OSError: as `read_whole` does.
    """
    file = os.open(path, _FLAGS)
    try:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, _("It is a pipe or a device"), path)
        if about.st_size > most_bytes:
            raise _too_large(Path(path), about.st_size, most_bytes)
        data = os.read(file, about.st_size)
        while len(data) < about.st_size and (more := os.read(file, about.st_size - len(data))):
            data += more
        return data
    finally:
        os.close(file)


def _too_large(path: Path, n_bytes: int, most_bytes: int) -> OSError:
    message = _("It is too large: {n_bytes}, and at most {most_bytes} are read").format(
        n_bytes=megabytes(n_bytes), most_bytes=megabytes(most_bytes)
    )
    return OSError(errno.EFBIG, message, str(path))
