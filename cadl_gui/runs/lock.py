"""Keeps a second writer out of a run folder."""

import os
import sys
import time
from pathlib import Path
from typing import IO

from cadl_gui.core.errors import RecordingError
from cadl_gui.core.whole_file import require_file
from cadl_gui.runs import layout

_LOCKED_BYTE = 2**20  # far behind the number of the process, which others may read
_TRIES, _SECONDS_BETWEEN = 5, 0.02


class RunLock:
    """Held from construction to `release`; the operating system releases it when the process dies.

    The file holds the number of the process, for people and for the sentence, and stays behind, emptied:
    where the number is still there and nobody holds the lock, its process died.

    Raises:
        RecordingError: if another writer holds it.
        OSError: if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+b")
        if not _lock_in_time(self._file):
            holder = _number_in(self._file)
            self._file.close()
            raise RecordingError(f"Another training (process {holder}) is writing to “{path.parent}”.")
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n".encode())
        self._file.flush()

    def release(self) -> None:
        """Let another writer in. Releasing again does nothing."""
        if not self._file.closed:
            self._file.truncate(0)
            self._file.close()


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


def _lock_in_time(file: IO[bytes]) -> bool:
    """Somebody who only asks who writes holds the lock for an instant; a writer holds it on."""
    for _ in range(_TRIES):
        if _try_to_lock(file):
            return True
        time.sleep(_SECONDS_BETWEEN)
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
