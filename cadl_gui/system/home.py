"""The user's home folder, under which each system keeps data, settings and logs."""

import os
import tempfile
from pathlib import Path

_temporary: list[Path] = []


def ensure_home() -> None:
    """See to it that there is one: whom the system knows of none for, as in a container, gets a temporary."""
    try:
        Path.home()
    except RuntimeError:
        _temporary.append(Path(tempfile.mkdtemp(prefix="cadl_gui-")))
        os.environ["HOME"] = str(_temporary[-1])


def home_complaint() -> str:
    """One sentence if the home is a temporary one, or ""."""
    if not _temporary or os.environ.get("HOME") != str(_temporary[-1]):
        return ""
    return f"This user has no home folder: runs and settings are kept in “{_temporary[-1]}”, for now only."


def folder_complaint(runs: Path) -> str:
    """In a sentence, that runs cannot be written to their folder, or not for long; "" if they can."""
    try:
        runs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=runs):
            return home_complaint()
    except OSError as error:
        return f"Trainings will not be kept: “{runs}” cannot be written to ({error.strerror or error})."
