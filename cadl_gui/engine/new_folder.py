"""Names the folder that a new run is written to."""

import re
import uuid
from collections.abc import Container
from datetime import datetime
from pathlib import Path

_MOST_BYTES = 180
"""Of a name in UTF-8: most file systems take 255, and time, ending and the prefix of a part are added."""


def new_run_folder(runs_folder: Path, name: str, promised: Container[Path] = ()) -> Path:
    """Return a folder for a new run, named after the time and the run's name; the folder is not created.

    Args:
        promised: folders of other new runs, which may not exist yet.
    """
    stem = f"{datetime.now():%Y-%m-%d %H-%M-%S} {as_file_name(name)}"
    folder = runs_folder / stem
    is_free = folder not in promised and not folder.exists()
    return folder if is_free else runs_folder / f"{stem} {uuid.uuid4().hex[:4]}"


def as_file_name(name: str) -> str:
    """Return a name that every file system takes: without certain characters, and not too long."""
    allowed = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "-", name)[:80]
    return allowed.encode(errors="ignore")[:_MOST_BYTES].decode(errors="ignore").rstrip(" .")
