"""Claims a run folder before anything in it is read or written.

A run exists once its first epoch, that of the untrained network, is complete. If the process is killed before
that, its folder holds nothing that was ever reported, and the run starts over in it: what is there is moved
to a new folder next to it, not deleted. Only files of this program that hold nothing beyond the untrained
network are taken for such remains. A missing history proves nothing: other programs can remove it.
"""

import errno
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cadl_gui.domain.errors import CheckpointError, RecordingError
from cadl_gui.domain.position import UNTRAINED
from cadl_gui.runs import layout
from cadl_gui.runs.history_file import read_records
from cadl_gui.runs.lock import RunLock, was_interrupted
from cadl_gui.runs.reader import LostHistoryError, furthest_position, read_run
from cadl_gui.system.atomic_write import PART, sync_folder
from cadl_gui.system.words import _

_log = logging.getLogger(__name__)

_OURS = re.compile(
    rf"run\.json(\.lock)?|history\.jsonl|run\.lock|{layout.CHECKPOINT.pattern}|{PART.pattern}"
    rf"|snapshots(/({layout.SNAPSHOT.pattern}|{PART.pattern}))?"
)
"""Paths of the program's own files within a run folder."""


class Claim:
    """Exclusive write access to a run folder, from construction until `release` or `give_up`.

    Args:
        folder: folder of a new run, created if necessary, or of the run to resume.
        resume: whether to resume the run in the folder.

    Attributes:
        folder: the claimed folder.
        resumes: whether there is a run to resume. If not, the folder is now empty, even where `resume` was
            set but the run had no complete epoch.
        caution: a sentence that says where the remains of an earlier start were moved, or "".

    Raises:
        CheckpointError: if there is no run to resume.
        RecordingError: if the folder of a new run is not empty, another process is writing to it, or it
            cannot be written to.
    """

    def __init__(self, folder: Path, *, resume: bool) -> None:
        self.folder = folder
        self.caution = ""
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
        """Release the folder, unchanged if its run was to be resumed, otherwise without its new files.

        They are nothing that was ever reported: no epoch was complete. Files of other programs stay.
        The folder is removed, too, if this claim created it. Does nothing after `release`.
        """
        if not self._lock.is_held:
            return
        if self.resumes:
            self._lock.withdraw()
            return
        with suppress(OSError):
            _remove_own(self.folder)
        self._lock.remove()
        if self._made_folder:
            with suppress(OSError):
                self.folder.rmdir()

    def _begins_anew(self, resume: bool) -> bool:
        """Move aside what is in the folder if it holds no run, and return whether that was the case."""
        vacant = _is_vacant(self.folder, begun=bool(self._lock.mark))
        if vacant:
            moved = _move_aside(self.folder)
            if moved is not None:
                self.caution = _(
                    "“{folder}” held the files of a training that ended before its first epoch; they "
                    "are now in “{moved}”."
                ).format(folder=self.folder, moved=moved)
                _log.warning("%s", self.caution)
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
            _("The run cannot be written to “{folder}”: {reason}.").format(
                folder=folder, reason=error.strerror or error
            )
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
        raise CheckpointError(
            _("“{folder}” is not a run folder: there is no run.json in it.").format(folder=folder)
        )


def _is_vacant(folder: Path, *, begun: bool) -> bool:
    """Return whether a folder holds only a lock, or, if `begun`, only files of a run without an epoch."""
    names = set(_names_in(folder)) - {layout.lock_path(folder).name}
    if not names or not begun:
        return not names
    return (
        all(_OURS.fullmatch(name) for name in names)
        and furthest_position(folder) == UNTRAINED
        and not _may_have_epoch(layout.history_path(folder))
    )


def _may_have_epoch(history: Path) -> bool:
    """Return whether a history has an epoch, or cannot be read, so that it may have one."""
    try:
        return any(record.get("kind") == "epoch" for record, _ in read_records(history))
    except FileNotFoundError:
        return history.is_symlink()  # to a disk, perhaps, that is not connected
    except (CheckpointError, AttributeError, OSError):
        return True


def _names_in(folder: Path) -> Iterator[str]:
    """Yield the relative paths in a folder's snapshots folder, and then those in the folder itself."""
    snapshots = layout.snapshots_folder(folder)
    if snapshots.is_dir() and not snapshots.is_symlink():
        yield from (f"{snapshots.name}/{path.name}" for path in snapshots.iterdir())
    yield from (path.name for path in folder.iterdir())


def _move_aside(folder: Path) -> Path | None:
    """Move all but the lock to a new folder next to this one, and return it; None if there is nothing."""
    paths = [path for path in folder.iterdir() if path != layout.lock_path(folder)]
    if not paths:
        return None
    place = folder.absolute()
    names = (f"{place.name}.removed{number}" for number in ("", *(f"-{n}" for n in range(2, 10_000))))
    for beside in map(place.with_name, names):
        with suppress(FileExistsError):
            beside.mkdir()
            for path in paths:
                path.rename(beside / path.name)
            return beside
    raise FileExistsError(errno.EEXIST, _("too many earlier starts were moved aside"), str(place))


def _remove_own(folder: Path) -> None:
    """Remove what a run's writer has written, except the lock."""
    for path in [folder / name for name in _names_in(folder) if _OURS.fullmatch(name)]:
        if path == layout.lock_path(folder):
            continue
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):  # another's file is in it
                path.rmdir()
        else:
            path.unlink()
    _log.info("A training without an epoch was removed from “%s”", folder)


def _not_empty(folder: Path) -> RecordingError:
    with suppress(CheckpointError):
        try:
            read_run(folder)
        except LostHistoryError as error:
            return RecordingError(f"{error}")
    return RecordingError(
        _("“{folder}” is not empty: choose a new folder, or resume the run in it.").format(folder=folder)
    )
