"""Where a new run is written."""

import re
import uuid
from datetime import datetime
from pathlib import Path


def new_run_folder(runs_folder: Path, name: str) -> Path:
    """A folder for a run that begins now, named for the time and for what people call it; not made yet."""
    stem = f"{datetime.now():%Y-%m-%d %H-%M-%S} {as_file_name(name)}"
    folder = runs_folder / stem
    return folder if not folder.exists() else runs_folder / f"{stem} {uuid.uuid4().hex[:4]}"


def as_file_name(name: str) -> str:
    """A name without what some file system takes ill; people may call a run as they like."""
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]', "-", name)[:80].rstrip(" .")
