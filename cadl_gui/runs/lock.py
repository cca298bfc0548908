"""Keeps a second writer out of a run folder."""

import os
import sys
from pathlib import Path
from typing import IO

from cadl_gui.core.errors import RecordingError

_LOCKED_BYTE = 2**20  # far behind the number of the process, which others may read


class RunLock:
    """Held from construction to `release`; the operating system releases it when the process dies.

    The file holds the number of the process, for people and for the sentence, and stays behind.

    Raises:
        RecordingError: if another writer holds it.
        OSError: if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+b")
        if not _try_to_lock(self._file):
            self._file.seek(0)
            holder = self._file.read(20).decode("ascii", "replace").strip() or "unknown"
            self._file.close()
            raise RecordingError(f"Another training (process {holder}) is writing to “{path.parent}”.")
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n".encode())
        self._file.flush()

    def release(self) -> None:
        """Let another writer in."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(file: IO[bytes]) -> bool:
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_to_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
