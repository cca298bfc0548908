"""The user's home folder, under which data, settings and logs are stored."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import platformdirs

from cadl_gui.system.words import _

_temporary: list[Path] = []


def ensure_home() -> None:
    """Create a temporary home folder if the user has none, as in a container."""
    try:
        Path.home()
    except RuntimeError:
        _temporary.append(Path(tempfile.mkdtemp(prefix="cadl_gui-")))
        os.environ["HOME"] = str(_temporary[-1])


def home_complaint() -> str:
    """Return a sentence if the home folder is temporary, or ""."""
    if not _temporary or os.environ.get("HOME") != str(_temporary[-1]):
        return ""
    return _("This user has no home folder: runs and settings are in “{folder}”, only temporarily.").format(
        folder=_temporary[-1]
    )


def folder_complaint(runs: Path) -> str:
    """Return a sentence if the runs folder is not writable, or only temporary; "" otherwise."""
    try:
        runs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=runs):
            return home_complaint()
    except OSError as error:
        return _("Trainings will not be saved: “{runs}” cannot be written to ({reason}).").format(
            runs=runs, reason=error.strerror or error
        )


def data_folder() -> Path:
    """Return the folder for what the program keeps: runs, unsaved work, and Keras's settings."""
    ensure_home()
    return platformdirs.user_data_path("cadl_gui", appauthor=False)


def keras_folder() -> Path:
    """Return the folder for this program's Keras settings."""
    return data_folder() / "keras"


def cache_folder() -> Path:
    """Return the folder for what can be made again, such as prepared datasets.

    Where none can be created, as for a user whose home folder does not exist, it is a temporary one.
    """
    folder = _wanted_cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return _temporary_cache()
    return folder


def cache_complaint() -> str:
    """Return a sentence if nothing that is made in the cache outlives this process, or ""."""
    wanted = _wanted_cache()
    if cache_folder() == wanted and not any(home in wanted.parents for home in _temporary):
        return ""
    return _("Nothing that is prepared would be kept: “{wanted}” cannot be created.").format(wanted=wanted)


def _wanted_cache() -> Path:
    ensure_home()
    return platformdirs.user_cache_path("cadl_gui", appauthor=False)


@cache
def _temporary_cache() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cadl_gui-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
