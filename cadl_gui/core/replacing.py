"""Puts a file, or a folder, in place only once it is whole."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART_PREFIX = ".part-"
"""How the names of unfinished files begin. A process that is killed can leave one behind."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside to write to, and move the file into place when that went well.

    Whoever has the old file open keeps it; a kill at any instant leaves the old file or the new one.

    Args:
        path: what to write or replace. Its folder must exist.

    Yields:
        Where to write. Its name ends like the one of `path`.

    Raises:
        OSError: if the file cannot be written or moved; `path` is then as it was.
    """
    beside = path.with_name(f"{PART_PREFIX}{secrets.token_hex(4)}-{path.name}")
    try:
        yield beside
        with beside.open("r+b") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def placing_folder(path: Path) -> Iterator[Path]:
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
    beside = path.with_name(f"{PART_PREFIX}{secrets.token_hex(4)}-{path.name}")
    try:
        yield beside
        if path.exists():
            path.rmdir()
        beside.replace(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
