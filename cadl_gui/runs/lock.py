"""Locks a run folder against a second writer."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from cadl_gui.domain.errors import RecordingError
from cadl_gui.runs import layout
from cadl_gui.system.whole_file import require_file

_LOCKED_BYTE = 2**20  # far beyond the process ID, so that others can read it on Windows, too
_TRIES, _SECONDS_BETWEEN = 5, 0.02


class FileLock:
    """A lock file, held from construction until the end of its `with` block or `remove`.

    The operating system releases the lock if the process dies.

    Args:
        path: the lock file, which is created if necessary.
        tries: number of attempts to acquire the lock, 20 ms apart.

    Raises:
        RecordingError: if another process holds it.
        OSError: if the file cannot be written.
    """

    def __init__(self, path: Path, *, tries: int = _TRIES) -> None:
        self.path = path
        self._file = _open_locked(path, tries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
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


class RunLock(FileLock):
    """The lock of a run's only writer, held from construction until `release`, `withdraw` or `remove`.

    The file holds the process ID while the lock is held, for people and for error messages, and is left
    behind empty. If it holds a process ID although the lock is free, that process died.

    Attributes:
        mark: previous content of the file: the ID of a process that died, or empty.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._file.seek(0)
        self.mark = self._file.read(20)
        self._write(f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Release the lock and empty its file. Does nothing if the lock is already released."""
        self._leave(b"")

    def withdraw(self) -> None:
        """Release the lock and restore `mark`, so that the interrupted run can be found again."""
        self._leave(self.mark)

    def _leave(self, mark: bytes) -> None:
        if self.is_held:
            self._write(mark)
            self._file.close()

    def _write(self, number: bytes) -> None:
        self._file.truncate(0)
        self._file.write(number)
        self._file.flush()


def writer_of(folder: Path) -> str:
    """Return the ID of the process writing to a run folder, "unknown" if it cannot be read, or "" if none."""
    path = layout.lock_path(folder)
    try:
        require_file(path)
        with path.open("rb") as file:
            return "" if _try_to_lock(file, shared=True) else _number_in(file)
    except OSError:  # the folder never had a writer
        return ""


def was_interrupted(folder: Path) -> bool:
    """Return whether the last process that wrote to a run folder died before it released its lock."""
    try:
        return not writer_of(folder) and layout.lock_path(folder).stat().st_size > 0
    except OSError:
        return False


def _open_locked(path: Path, tries: int) -> IO[bytes]:
    """Open and lock a file. Retries, because `writer_of` in another process holds the lock for an instant."""
    holder = ""
    for _ in range(tries):
        file = path.open("a+b")
        if _try_to_lock(file):
            if _is_still_at(file, path):
                return file
        else:
            holder = _number_in(file)
            time.sleep(_SECONDS_BETWEEN)
        file.close()
    raise RecordingError(f"Another training (process {holder or 'unknown'}) is writing to “{path.parent}”.")


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
