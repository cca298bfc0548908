"""A lock file that one process holds at a time, and that the operating system releases when it dies."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from cadl_gui.system.words import _

_LOCKED_BYTE = 2**20  # far beyond the process ID, so that others can read it on Windows, too
_TRIES, SECONDS_BETWEEN = 5, 0.02


class HeldElsewhereError(Exception):
    """Another process holds a lock.

    Attributes:
        holder: ID of that process, or "unknown" if the file does not have it.
    """

    def __init__(self, holder: str) -> None:
        super().__init__(_("process {holder} holds the lock").format(holder=holder))
        self.holder = holder


class FileLock:
    """A lock file, held from construction until the end of its `with` block or `remove`.

    Args:
        path: the lock file, which is created if necessary.
        tries: number of attempts to acquire the lock, 20 ms apart.

    Raises:
        HeldElsewhereError: if another process holds it.
        OSError: if the file cannot be written.
    """

    def __init__(self, path: Path, *, tries: int = _TRIES) -> None:
        self.path = path
        self._file = _open_locked(path, tries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.remove()

    @property
    def is_held(self) -> bool:
        """Whether this process still holds the lock."""
        return not self._file.closed

    def remove(self) -> None:
        """Release the lock and delete its file. Does nothing if the lock is already released."""
        if not self.is_held:
            return
        # Windows cannot delete an open file: delete it after closing, unless another process has it by then.
        with suppress(OSError):
            self.path.unlink()
        self._file.close()
        if sys.platform == "win32":
            with suppress(OSError):
                self.path.unlink()

    def read(self) -> bytes:
        """Content of the file, of which at most 20 bytes are read."""
        self._file.seek(0)
        return self._file.read(20)

    def write(self, content: bytes) -> None:
        """Replace the content of the file."""
        self._file.truncate(0)
        self._file.write(content)
        self._file.flush()

    def close(self) -> None:
        """Release the lock and leave its file where it is."""
        self._file.close()


def holder_of(path: Path) -> str:
    """Return the ID of the process that holds a lock, "unknown" if the file does not have it, or "" if none.

    Raises:
        OSError: if the file cannot be read.
    """
    with path.open("rb") as file:
        return "" if _try_to_lock(file, shared=True) else _number_in(file)


def _open_locked(path: Path, tries: int) -> IO[bytes]:
    """Open and lock a file. Retries, because `holder_of` in another process holds the lock for an instant."""
    holder = ""
    for _try in range(tries):
        file = path.open("a+b")
        if _try_to_lock(file):
            if _is_still_at(file, path):
                return file
        else:
            holder = _number_in(file)
            time.sleep(SECONDS_BETWEEN)
        file.close()
    raise HeldElsewhereError(holder or "unknown")


def _is_still_at(file: IO[bytes], path: Path) -> bool:
    """Return whether `file` is still at `path`: its last holder may have removed it before it was locked."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def _number_in(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(20).decode("ascii", "replace").strip() or "unknown"


if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(file: IO[bytes], *, shared: bool = False) -> bool:
        del shared  # Python offers no shared lock on Windows; closing the file releases this one
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_to_lock(file: IO[bytes], *, shared: bool = False) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
