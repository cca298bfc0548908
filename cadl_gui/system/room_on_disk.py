"""How much room files take."""

import os
from contextlib import suppress
from pathlib import Path


def bytes_of(path: Path) -> int:
    """Add up the sizes of a file, or of all files in a folder and the folders in it.

    A link counts as itself, not as what it leads to. What goes meanwhile, or was never there, takes no room.
    """
    files = [path]
    if path.is_dir():
        files = [Path(place, name) for place, _, names in os.walk(path) for name in names]
    n_bytes = 0
    for file in files:
        with suppress(FileNotFoundError):
            n_bytes += file.lstat().st_size
    return n_bytes
