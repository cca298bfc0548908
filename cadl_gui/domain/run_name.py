"""Inspects a run on disk without opening it: its name, and whether it can be opened."""

from pathlib import Path

from cadl_gui.system import bounded_json
from cadl_gui.system.atomic_write import RUN_HISTORY, RUN_MANIFEST
from cadl_gui.system.file_limits import MOST_MANIFEST_BYTES
from cadl_gui.system.whole_file import read_whole

_LONGEST_NAME = 80


def is_run_folder(folder: Path) -> bool:
    """Whether the folder is a run folder, that is, a training has written its manifest there."""
    try:
        return (folder / RUN_MANIFEST).is_file()
    except OSError:  # the folder may not be entered
        return False


def has_begun(folder: Path) -> bool:
    """Whether the run can be opened: its history holds at least the untrained network."""
    try:
        return (folder / RUN_HISTORY).stat().st_size > 0
    except OSError:
        return False


def name_of_run(path: Path) -> str:
    """Display name of a run: read from the manifest of a run folder, otherwise the file's stem.

    Never raises; problems with a file are reported when it is opened.
    """
    try:
        if not path.is_dir():
            return path.stem
        name = bounded_json.parse(read_whole(path / RUN_MANIFEST, MOST_MANIFEST_BYTES))["name"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return path.name
    return name[:_LONGEST_NAME] if isinstance(name, str) and name else path.name
