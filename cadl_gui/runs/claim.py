"""Takes a run folder before anything in it is read or written, and tidies up what never came to anything.

A run exists from its first complete epoch on, that of the untrained network. A folder that a kill left before
that holds nothing that anyone was told of: it is emptied, and the run begins anew.
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
    """The right to write to a run folder, from construction to `release` or `give_up`.

    Args:
        folder: of a run that begins, made if need be; or of one to continue with.
        resume: continue with the run in it.

    Attributes:
        folder: the one that was taken.
        resumes: whether there is a run to continue with. Otherwise the folder is empty by now, also where it
            was to be resumed but had no complete epoch.

    Raises:
        CheckpointError: if there is no run to resume.
        RecordingError: if there is something in the folder of a new run, another process is writing to it, or
            it cannot be written to.
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
        """Let another writer in."""
        self._lock.release()

    def give_up(self) -> None:
        """Let another writer in, and leave the folder as it was found, or without a run that never began.

        After `release` it does nothing.
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
        """Empty the folder if no run is in it; returns whether that is so."""
        vacant = _is_vacant(self.folder, begun=bool(self._lock.mark))
        if vacant:
            _empty(self.folder)
        elif not resume:
            raise _not_empty(self.folder)
        return vacant


@contextmanager
def recording_to(folder: Path) -> Iterator[None]:
    """Turn what a disk refuses into a sentence.

    Raises:
        RecordingError: with it.
    """
    try:
        yield
    except OSError as error:
        raise RecordingError(
            f"The run cannot be written to “{folder}”: {error.strerror or error}."
        ) from error


def require_vacant(folder: Path) -> None:
    """Make sure that a new run can begin in a folder, before hours of work.

    Raises:
        RecordingError: if there is something in it.
        OSError: if it cannot be looked into.
    """
    if folder.exists() and not _is_vacant(folder, begun=was_interrupted(folder)):
        raise _not_empty(folder)


def is_half_begun(folder: Path) -> bool:
    """Whether a training died here before its first epoch was complete.

    Raises:
        OSError: if the folder cannot be read.
    """
    return was_interrupted(folder) and _is_vacant(folder, begun=True)


def _require_run(folder: Path) -> None:
    """Not to make anything in a folder that never was one of a run; an empty one is what a kill can leave."""
    is_run = layout.manifest_path(folder).is_file()
    if not folder.is_dir() or not (is_run or _is_vacant(folder, begun=was_interrupted(folder))):
        raise CheckpointError(f"“{folder}” is not a run folder: there is no run.json in it.")


def _is_vacant(folder: Path, *, begun: bool) -> bool:
    """Whether there is nothing but a lock; where a run was begun, nothing but its unfinished beginning."""
    names = {path.name for path in folder.iterdir()} - {layout.lock_path(folder).name}
    if not names or not begun:
        return not names
    return all(_OURS.fullmatch(name) for name in names) and not _has_epoch(folder)


def _has_epoch(folder: Path) -> bool:
    path = layout.history_path(folder)
    try:
        return path.exists() and any(record.get("kind") == "epoch" for record, _ in read_records(path))
    except (CheckpointError, AttributeError):  # whatever that is, it is not ours to remove
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
