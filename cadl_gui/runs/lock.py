"""Keeps a second writer out of a run folder."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from cadl_gui.domain.errors import RecordingError
from cadl_gui.runs import layout
from cadl_gui.system.whole_file import require_file

_LOCKED_BYTE = 2**20  # far behind the number of the process, which others may read
_TRIES, _SECONDS_BETWEEN = 5, 0.02


class FileLock:
    """A lock file, held from construction to the end of its block or `remove`.

    The operating system releases it when the process dies.

    Args:
        path: of the file, which is made if need be.
        tries: how often to ask for it, 20 ms apart.

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
        """Whether nobody else was let in yet."""
        return not self._file.closed

    def remove(self) -> None:
        """Let another in, and leave no file behind. Doing so again does nothing."""
        if not self.is_held:
            return
        # Windows keeps a file that is open; then it goes after it was closed, unless another has it by then.
        with suppress(OSError):
            self.path.unlink()
        self._file.close()
        if sys.platform == "win32":
            with suppress(OSError):
                self.path.unlink()


class RunLock(FileLock):
    """The lock of a run's one writer, held from construction to `release`, `withdraw` or `remove`.

    The file holds the number of the process, for people and for the sentence, and stays behind, emptied:
    where the number is still there and nobody holds the lock, its process died.

    Attributes:
        mark: what the file held before: the number of a process that died; empty if none did.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._file.seek(0)
        self.mark = self._file.read(20)
        self._write(f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let another writer in. Releasing again does nothing."""
        self._leave(b"")

    def withdraw(self) -> None:
        """Let another writer in, and leave the mark that was found: nothing was done about it."""
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
    """The number of the process that is writing to a run folder, "unknown" at worst; "" if none is."""
    path = layout.lock_path(folder)
    try:
        require_file(path)
        with path.open("rb") as file:
            return "" if _try_to_lock(file, shared=True) else _number_in(file)
    except OSError:  # no writer was ever there
        return ""


def was_interrupted(folder: Path) -> bool:
    """Whether the last process that wrote to a run folder died before it had done with it."""
    try:
        return not writer_of(folder) and layout.lock_path(folder).stat().st_size > 0
    except OSError:
        return False


def _open_locked(path: Path, tries: int) -> IO[bytes]:
    """Someone who only asks who writes holds the lock for an instant; a writer holds it on."""
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
    """Whether its last holder has not removed it between our opening and our locking it."""
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
        del shared  # Windows has none that Python knows; the lock that tries is gone with its file
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
