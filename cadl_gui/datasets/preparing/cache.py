"""The prepared datasets in the user's cache.

Each is a folder with `images.h5`, in the format of `sources.arrays`, and `about.json`. Its name depends on
path, options and state of the dataset, so a prepared dataset never changes.
"""

import hashlib
import json
import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cadl_gui.datasets.preparing.found_files import state_of
from cadl_gui.datasets.preparing.shipped import SHIPPED_STATES
from cadl_gui.domain.dataset_library import ABOUT_PREPARED, PreparedDataset
from cadl_gui.domain.errors import ConfigurationError, DatasetError
from cadl_gui.domain.file_format import FORMAT
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.domain.preparing_options import PreparingOptions, parse_options
from cadl_gui.system.bounded_json import parse
from cadl_gui.system.home import cache_folder
from cadl_gui.system.whole_file import read_whole

IMAGES = "images.h5"
_MOST_ABOUT_BYTES = 2**24
_UNUSUAL = re.compile(r"[^\w.-]+")


def write_about(prepared: PreparedDataset, folder: Path) -> None:
    """Write everything of a prepared dataset but the images.

    Args:
        folder: where to write; the dataset's folder, or the temporary one that will be moved there.

    Raises:
        OSError: if it cannot be written.
    """
    from cadl_gui.system.versions import installed_version, program_versions

    values = {
        "format": FORMAT,
        "path": str(prepared.path),
        "options": prepared.options.changed,
        "state": prepared.state,
        "n": prepared.n,
        "image_shape": list(prepared.image_shape),
        "created": prepared.created,
        "report": prepared.report.to_json(),
        "versions": program_versions() | {name: installed_version(name) for name in ("pillow", "av")},
    }
    (folder / ABOUT_PREPARED).write_text(json.dumps(values, indent=1), encoding="utf-8")


def is_current(prepared: PreparedDataset) -> bool:
    """Return whether the files that a dataset was prepared from are unchanged."""
    try:
        return _current_state(prepared.path) == prepared.state
    except DatasetError:
        return False


def datasets_folder() -> Path:
    """Folder of all prepared datasets; it may not exist yet."""
    return cache_folder() / "datasets"


def folder_of(path: Path, options: PreparingOptions, state: str) -> Path:
    """Folder in which a dataset is prepared.

    Args:
        path: absolute path of the dataset.
    """
    key = json.dumps([FORMAT, str(path), options.changed, state])
    name = _UNUSUAL.sub("-", path.stem)[:40]
    return datasets_folder() / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def find_prepared(path: Path, options: PreparingOptions) -> PreparedDataset | None:
    """Find a prepared dataset; None if it was not prepared, or its files have changed since.

    Where the files are gone, as on a disk that is not connected, the one that was prepared last is taken.

    Args:
        path: absolute path of the dataset, or the title of one that ships.

    Raises:
        DatasetError: if the files cannot be read.
    """
    if path in SHIPPED_STATES or path.exists():
        return read_prepared(folder_of(path, options, _current_state(path)))
    found = [each for each in prepared_datasets() if (each.path, each.options) == (path, options)]
    return found[-1] if found else None


def prepared_datasets() -> list[PreparedDataset]:
    """All prepared datasets, the oldest first."""
    folder = datasets_folder()
    folders = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [read_prepared(each) for each in folders if not each.name.startswith(".")]
    return sorted((each for each in found if each is not None), key=lambda each: each.created)


def now() -> str:
    """The current date and time, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def remove_remains(folder: Path) -> None:
    """Remove what is left of a prepared dataset whose removal was interrupted.

    Raises:
        OSError: if it cannot be removed.
    """
    if folder.is_dir() and read_prepared(folder) is None:
        shutil.rmtree(folder)


def read_prepared(folder: Path) -> PreparedDataset | None:
    """Read what is known of a prepared dataset; None if the folder does not hold one."""
    about = folder / ABOUT_PREPARED
    with suppress(
        OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, ConfigurationError
    ):
        values: dict[str, Any] = parse(read_whole(about, _MOST_ABOUT_BYTES))
        if values["format"] != FORMAT or not (folder / IMAGES).is_file():
            return None
        height, width, channels = values["image_shape"]
        return PreparedDataset(
            folder,
            Path(values["path"]),
            parse_options(values["options"]),
            values["state"],
            values["n"],
            (height, width, channels),
            values["created"],
            ImportReport.from_json(values["report"]),
        )
    return None


def _current_state(path: Path) -> str:
    return SHIPPED_STATES.get(path) or state_of(path)
