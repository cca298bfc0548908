"""What is told of a run on disk without reading it: its name, and whether there is anything to open."""

from pathlib import Path

from cadl_gui.system import bounded_json
from cadl_gui.system.file_limits import MOST_MANIFEST_BYTES
from cadl_gui.system.whole_file import read_whole

_MANIFEST, _HISTORY = "run.json", "history.jsonl"
_LONGEST_NAME = 80


def is_run_folder(folder: Path) -> bool:
    """Whether a training has got so far there as to say what it is."""
    return (folder / _MANIFEST).is_file()


def has_begun(folder: Path) -> bool:
    """Whether there is anything to open: the untrained network counts once the history tells of it."""
    try:
        return (folder / _HISTORY).stat().st_size > 0
    except OSError:
        return False


def name_of_run(path: Path) -> str:
    """What people call a run: a run folder tells it, any other file is called as it is.

    Never fails: what is wrong with a file is told when it is opened.
    """
    if not path.is_dir():
        return path.stem
    try:
        name = bounded_json.parse(read_whole(path / _MANIFEST, MOST_MANIFEST_BYTES))["name"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return path.name
    return name[:_LONGEST_NAME] if isinstance(name, str) and name else path.name
