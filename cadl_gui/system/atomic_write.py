"""Puts a file, or a folder, in place only once it is whole."""

import errno
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART_PREFIX = ".part-"
"""How the names of unfinished files begin. A process that is killed can leave one behind."""

_PART = re.compile(rf"{re.escape(PART_PREFIX)}[0-9a-f]{{8}}-.+")
_ABANDONED_SECONDS = 24 * 60 * 60
"""Whoever still writes would have changed the file since."""


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a path beside to write to, and move the file into place when that went well.

    Whoever has the old file open keeps it; a kill, or a loss of power, at any instant leaves the old file or
    the new one.

    Args:
        path: what to write or replace. Its folder must exist.

    Yields:
        Where to write. Its name ends like the one of `path`.

    Raises:
        OSError: if the file cannot be written or moved; `path` is then as it was.
    """
    beside = _beside(path)
    try:
        yield beside
        _sync_file(beside)
        beside.replace(path)
        sync_folder(path.absolute().parent)
    finally:
        beside.unlink(missing_ok=True)


def require_writable(path: Path, *, folder: bool = False) -> None:
    """Make sure, before hours of work, that a file or a folder can be made, by beginning one beside it.

    Raises:
        OSError: if it cannot, or there is a folder where a file is to be.
    """
    if not folder and path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    beside = _beside(path)
    beside.touch(exist_ok=False)
    beside.unlink()


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Give a path beside to make a folder at, and move it into place when that went well.

    Args:
        path: a folder that does not exist yet, or is empty.

    Yields:
        Where to make it.

    Raises:
        OSError: if the folder cannot be made or moved, or there is something at `path`.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(errno.EEXIST, "there is something there already", str(path))
    beside = _beside(path)
    try:
        yield beside
        _sync_tree(beside)
        if path.exists():
            path.rmdir()
        beside.replace(path)
        sync_folder(path.absolute().parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk, so that a loss of power does not undo what was made or moved.

    On Windows, which has no such call, the file system does it by itself.

    Raises:
        OSError: if the disk cannot.
    """
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno != errno.EINVAL:  # file systems of some networks know no such thing
            raise
    finally:
        os.close(opened)


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
    """A new path in the same folder, in which nothing unfinished from long ago is left."""
    path = path.absolute()  # “.” has a name then, too
    _sweep(path.parent)
    return path.parent / f"{PART_PREFIX}{secrets.token_hex(4)}-{path.name}"


def _sweep(folder: Path) -> None:
    """Remove unfinished files and folders that nobody has written to for a day."""
    try:
        parts = [part for part in folder.iterdir() if _PART.fullmatch(part.name)]
    except OSError:  # whatever is wrong with the folder, writing to it will tell
        return
    for part in parts:
        # What cannot be removed, on Windows because someone reads it, stays; it is in nobody's way.
        with suppress(OSError):
            if time.time() - _last_change(part) < _ABANDONED_SECONDS:
                continue
            if part.is_dir() and not part.is_symlink():
                shutil.rmtree(part)
            else:
                part.unlink()


def _last_change(part: Path) -> float:
    return max(each.lstat().st_mtime for each in (part, *part.rglob("*")))
