"""Claims a run folder before anything in it is read or written, and cleans up runs that never began.

A run exists once its first epoch, that of the untrained network, is complete. If the process is killed before
that, its folder holds nothing that was ever reported: it is emptied, and the run starts over.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cadl_gui.domain.errors import CheckpointError, RecordingError
from cadl_gui.runs import layout
from cadl_gui.runs.history_file import read_records
from cadl_gui.runs.lock import RunLock, was_interrupted
from cadl_gui.system.atomic_write import PART_PREFIX, sync_folder

_OURS = re.compile(
    rf"run\.json(\.lock)?|history\.jsonl|run\.lock|snapshots|checkpoint-\d{{4,9}}\.keras|{re.escape(PART_PREFIX)}.+"
)


class Claim:
    """Exclusive write access to a run folder, from construction until `release` or `give_up`.

    Args:
        folder: folder of a new run, created if necessary, or of the run to resume.
        resume: whether to resume the run in the folder.

    Attributes:
        folder: the claimed folder.
        resumes: whether there is a run to resume. If not, the folder is now empty, even where `resume` was
            set but the run had no complete epoch.

    Raises:
        CheckpointError: if there is no run to resume.
        RecordingError: if the folder of a new run is not empty, another process is writing to it, or it
            cannot be written to.
    """

    def __init__(self, folder: Path, *, resume: bool) -> None:
        self.folder = folder
        missing = [path for path in (folder, *folder.absolute().parents) if not path.exists()]
        self._made_folder = bool(missing)
        with recording_to(folder):
            if resume:
                _require_run(folder)
            else:
                require_vacant(folder)
                folder.mkdir(parents=True, exist_ok=True)
            self._lock = RunLock(layout.lock_path(folder))
            try:
                self.resumes = not self._begins_anew(resume)
                for made in missing:
                    sync_folder(made.absolute().parent)
            except BaseException:
                self._lock.withdraw()
                raise

    def release(self) -> None:
        """Release the folder to other writers."""
        self._lock.release()

    def give_up(self) -> None:
        """Release the folder, unchanged if its run was to be resumed, otherwise emptied.

        The folder is removed, too, if this claim created it. Does nothing after `release`.
        """
        if not self._lock.is_held:
            return
        if self.resumes:
            self._lock.withdraw()
            return
        with suppress(OSError):
            _empty(self.folder)
        self._lock.remove()
        if self._made_folder:
            with suppress(OSError):
                self.folder.rmdir()

    def _begins_anew(self, resume: bool) -> bool:
        """Empty the folder if it holds no run, and return whether that was the case."""
        vacant = _is_vacant(self.folder, begun=bool(self._lock.mark))
        if vacant:
            _empty(self.folder)
        elif not resume:
            raise _not_empty(self.folder)
        return vacant


@contextmanager
def recording_to(folder: Path) -> Iterator[None]:
    """Convert an `OSError` in this block to a `RecordingError` that names the folder.

    Raises:
        RecordingError: if the block raises an `OSError`.
    """
    try:
        yield
    except OSError as error:
        raise RecordingError(
            f"The run cannot be written to “{folder}”: {error.strerror or error}."
        ) from error


def require_vacant(folder: Path) -> None:
    """Check, before hours of work, that a new run can begin in a folder.

    Raises:
        RecordingError: if the folder is not empty.
        OSError: if it cannot be listed.
    """
    if folder.exists() and not _is_vacant(folder, begun=was_interrupted(folder)):
        raise _not_empty(folder)


def is_half_begun(folder: Path) -> bool:
    """Return whether a training in this folder died before its first epoch was complete.

    Raises:
        OSError: if the folder cannot be read.
    """
    return was_interrupted(folder) and _is_vacant(folder, begun=True)


def _require_run(folder: Path) -> None:
    """Reject a folder that never held a run. A killed process can leave an empty one, which is accepted."""
    is_run = layout.manifest_path(folder).is_file()
    if not folder.is_dir() or not (is_run or _is_vacant(folder, begun=was_interrupted(folder))):
        raise CheckpointError(f"“{folder}” is not a run folder: there is no run.json in it.")


def _is_vacant(folder: Path, *, begun: bool) -> bool:
    """Return whether a folder holds only a lock, or, if `begun`, only files of a run without an epoch."""
    names = {path.name for path in folder.iterdir()} - {layout.lock_path(folder).name}
    if not names or not begun:
        return not names
    return all(_OURS.fullmatch(name) for name in names) and not _has_epoch(folder)


def _has_epoch(folder: Path) -> bool:
    path = layout.history_path(folder)
    try:
        return path.exists() and any(record.get("kind") == "epoch" for record, _ in read_records(path))
    except (CheckpointError, AttributeError):  # an unknown file, which must not be removed
        return True


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path == layout.lock_path(folder):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _not_empty(folder: Path) -> RecordingError:
    return RecordingError(f"“{folder}” is not empty: choose a new folder, or resume the run in it.")
