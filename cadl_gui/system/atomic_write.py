"""Atomic writes: a file or folder appears at its path only once it is complete."""

import errno
import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cadl_gui.system.words import _

PART_PREFIX = ".part-"
"""Name prefix of temporary files. A killed process can leave one behind."""

RUN_MANIFEST, RUN_HISTORY, RUN_SNAPSHOTS = "run.json", "history.jsonl", "snapshots"
"""Names by which the folder of a run is known."""

PART = re.compile(rf"{re.escape(PART_PREFIX)}[0-9a-f]{{8}}-(.+)")
"""Names of temporary files, and in them the end of the file's own name."""

_MOST_BYTES = 240
"""Of a name that are taken over: with the prefix, file systems allow 255, which the name itself may have."""

_ABANDONED_SECONDS = 24 * 60 * 60
"""Age at which temporary files are removed; one still being written would have been modified since."""


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Write a temporary file and move it into place if the block succeeds.

    Processes that have the old file open keep reading it; a kill or power loss at any time leaves either the
    old file or the new one.

    Args:
        path: file to create or replace. Its folder must exist.

    Yields:
        Path of the temporary file, in the same folder; its name ends with that of `path`, if that fits;
        in small letters is its ending, by which Keras and NumPy know a format.

    Raises:
        OSError: if the file cannot be written or moved, or `path` is a pipe or a device; `path` is then
            unchanged.
    """
    _require_replaceable(path)
    beside = _beside(path.with_suffix(path.suffix.lower()))
    try:
        yield beside
        _sync_file(beside)
        _require_replaceable(path)  # much may have happened since
        beside.replace(path)
        sync_folder(path.absolute().parent)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def atomic_output(path: Path) -> Iterator[Path]:
    """Write a file that the user has named, as `atomic_write` does.

    A link is followed, as by other programs: it stays, and the file that it leads to is written.

    Args:
        path: file to create or replace. Its folder must exist.

    Yields:
        Path of the temporary file, beside the file itself.

    Raises:
        OSError: as `atomic_write` does, or if the file would lie in the folder of a run, whose files are the
            work of a training.
    """
    with atomic_write(_output(path)) as beside:
        yield beside


def require_writable(path: Path, *, folder: bool = False) -> None:
    """Require, before long work, that a path can be written to, by creating a temporary file next to it.

    Args:
        folder: whether a folder will be created.

    Raises:
        OSError: if the path cannot be written to, or is no file of the user's where a file is intended; see
            `atomic_output`.
    """
    if not folder:
        path = _output(path)
        _require_replaceable(path)
    else:
        with suppress(FileNotFoundError):
            path.lstat()  # a name that is too long raises another error
    beside = _beside(path)
    beside.touch(exist_ok=False)
    beside.unlink()


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Create a temporary folder and move it into place if the block succeeds.

    Args:
        path: a folder that does not exist yet, or is empty; it may be a link to one.

    Yields:
        Path at which to create the temporary folder, in the same parent folder.

    Raises:
        OSError: if the folder cannot be created or moved, or `path` is a file or a non-empty folder.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(errno.EEXIST, _("there is something there already"), str(path))
    path = path.resolve()  # neither a link nor “.” can be removed
    beside = _beside(path)
    try:
        yield beside
        _sync_tree(beside)
        if path.exists():
            path.rmdir()
        beside.replace(path)
        sync_folder(path.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def parts_in(folder: Path) -> list[Path]:
    """Return the temporary files and folders of this program in a folder and those in it.

    Raises:
        OSError: if the folder cannot be listed.
    """
    return [part for part in folder.rglob(f"{PART_PREFIX}*") if PART.fullmatch(part.name)]


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, so that created and moved files survive a loss of power.

    Windows has no such call; there the file system takes care of it.

    Raises:
        OSError: if flushing fails.
    """
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems do not support it
            raise
    finally:
        os.close(opened)


def _output(path: Path) -> Path:
    """Return the file itself that a path of the user's leads to."""
    file = Path(os.path.realpath(path))
    for folder in (file.parent, file.parent.parent):
        if (folder / RUN_MANIFEST).is_file() and (folder / RUN_SNAPSHOTS).is_dir():
            reason = _("“{name}” is the folder of a run, in which only trainings write").format(
                name=folder.name
            )
            raise PermissionError(errno.EPERM, reason, str(path))
    return file


def _require_replaceable(path: Path) -> None:
    """Require that nothing but a file, or a link, would be replaced."""
    try:
        mode = path.lstat().st_mode  # a name that is too long raises an error
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise OSError(errno.EINVAL, _("It is a pipe or a device"), str(path))


def _sync_tree(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        else:
            _sync_file(path)


def _sync_file(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _beside(path: Path) -> Path:
    """Return a new temporary path in the same folder, after removing abandoned ones."""
    path = path.absolute()  # gives “.” a name
    _sweep(path.parent)
    end = path.name.encode(errors="ignore")[-_MOST_BYTES:].decode(errors="ignore")
    return path.parent / f"{PART_PREFIX}{secrets.token_hex(4)}-{end}"


def _sweep(folder: Path) -> None:
    """Remove temporary files and folders that have not been modified for a day."""
    try:
        parts = [part for part in folder.iterdir() if PART.fullmatch(part.name)]
    except OSError:  # writing to the folder will report the problem
        return
    for part in parts:
        # Items that cannot be removed, such as files open on Windows, stay; they do no harm.
        with suppress(OSError):
            if time.time() - _last_change(part) < _ABANDONED_SECONDS:
                continue
            if part.is_dir() and not part.is_symlink():
                shutil.rmtree(part)
            else:
                part.unlink()


def _last_change(part: Path) -> float:
    return max(each.lstat().st_mtime for each in (part, *part.rglob("*")))
