"""Claims the place of a dataset in the cache, and removes what killed processes left there half prepared."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cadl_gui.system.atomic_write import PART
from cadl_gui.system.file_lock import SECONDS_BETWEEN, FileLock, HeldElsewhereError


@contextmanager
def claimed(folder: Path, patience_s: float) -> Iterator[None]:
    """Let no other process prepare the same dataset during the block.

    First, what is half prepared is removed, of this dataset and of others, unless a process still prepares
    it: the operating system releases the lock of one that was killed.

    Args:
        folder: where the prepared dataset will be; its parent is created if necessary.
        patience_s: how long to wait for another process, in seconds.

    Raises:
        HeldElsewhereError: if another process is preparing it.
        OSError: if the lock cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_half_prepared(folder.parent)
    with FileLock(
        _lock_path(folder.parent, folder.name), tries=1 + round(patience_s / SECONDS_BETWEEN)
    ) as lock:
        lock.write(f"{os.getpid()}\n".encode())
        yield


def remove_half_prepared(cache: Path) -> None:
    """Remove what killed processes left half prepared in a cache; nothing if there is no cache."""
    for part in cache.iterdir() if cache.is_dir() else ():
        named = PART.fullmatch(part.name)
        if named is None or part.is_symlink():
            continue
        # What cannot be removed, such as files open on Windows, does no harm and is tried again.
        with suppress(OSError, HeldElsewhereError), FileLock(_lock_path(cache, named[1]), tries=1):
            shutil.rmtree(part)


def _lock_path(cache: Path, name: str) -> Path:
    return cache / f".{name}.lock"
