"""Locks a run folder against a second writer.

The lock holds the writer's process number and is emptied at the end: a number that no process has means that
the training died.
"""

import os
from pathlib import Path

from cadl_gui.domain.errors import RecordingError
from cadl_gui.runs import layout
from cadl_gui.system.file_lock import FileLock, HeldElsewhereError, holder_of
from cadl_gui.system.whole_file import require_file
from cadl_gui.system.words import _

_TRIES = 5


class FolderLock(FileLock):
    """A lock in a run folder.

    Args:
        path: the lock file, which is created if necessary.
        tries: number of attempts to acquire the lock; see `FileLock`.

    Raises:
        RecordingError: if another process holds it.
        OSError: if the file cannot be written.
    """

    def __init__(self, path: Path, *, tries: int = _TRIES) -> None:
        try:
            super().__init__(path, tries=tries)
        except HeldElsewhereError as held:
            raise RecordingError(
                _("Another training (process {holder}) is writing to “{parent}”.").format(
                    holder=held.holder, parent=path.parent
                )
            ) from held


class RunLock(FolderLock):
    """The lock of a run's only writer, held from construction until `release`, `withdraw` or `remove`.

    The file holds the process ID while the lock is held, for people and for error messages, and is left
    behind empty. If it holds a process ID although the lock is free, that process died.

    Attributes:
        mark: previous content of the file: the ID of a process that died, or empty.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.mark = self.read()
        self.write(f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Release the lock and empty its file. Does nothing if the lock is already released."""
        self._leave(b"")

    def withdraw(self) -> None:
        """Release the lock and restore `mark`, so that the interrupted run can be found again."""
        self._leave(self.mark)

    def _leave(self, mark: bytes) -> None:
        if self.is_held:
            self.write(mark)
            self.close()


def writer_of(folder: Path) -> str:
    """Return the ID of the process writing to a run folder, "unknown" if it cannot be read, or "" if none."""
    path = layout.lock_path(folder)
    try:
        require_file(path)
        return holder_of(path)
    except OSError:  # the folder never had a writer
        return ""


def was_interrupted(folder: Path) -> bool:
    """Return whether the last process that wrote to a run folder died before it released its lock."""
    try:
        return not writer_of(folder) and layout.lock_path(folder).stat().st_size > 0
    except OSError:
        return False
