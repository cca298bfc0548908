"""Disk usage of files and folders."""

import os
from contextlib import suppress
from pathlib import Path


def bytes_of(path: Path) -> int:
    """Return the size in bytes of a file, or of all files in a folder and its subfolders.

    Links are not followed. Files that do not exist, or disappear meanwhile, count as 0.
    """
    files = [path]
    if path.is_dir():
        files = [Path(place, name) for place, _, names in os.walk(path) for name in names]
    n_bytes = 0
    for file in files:
        with suppress(FileNotFoundError):
            n_bytes += file.lstat().st_size
    return n_bytes
