"""A bundle: one file with a lesson, its drawings and its images, which can be sent."""

import hashlib
import re
from pathlib import Path

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.lesson import MOST_BYTES, SUFFIX
from cadl_gui.system.archive import open_archive
from cadl_gui.system.atomic_write import atomic_folder

BUNDLE_SUFFIX = ".cadl-lesson"

_MOST_IMAGE_BYTES = 4 * 2**20
_MOST_FILES_BYTES = 2**26
_NAME = r"\w[\w -]{0,99}"
_LIMITS = (
    (re.compile(rf"{_NAME}{re.escape(SUFFIX)}"), MOST_BYTES),
    (re.compile(rf"{_NAME}\.json"), MOST_BYTES),
    (re.compile(rf"{_NAME}\.(png|jpg|jpeg)"), _MOST_IMAGE_BYTES),
)
"""Names of members, with the size of each: a bundle has no others, so none leads elsewhere."""


def is_bundle(path: Path) -> bool:
    """Return whether a file is a bundle by its name."""
    return path.suffix.lower() == BUNDLE_SUFFIX


def lesson_in(path: Path, to: Path) -> Path:
    """Return the lesson of a bundle, unpacked into a folder; any other file is returned as it is.

    Args:
        to: gets a folder for the bundle, the same whenever it is opened; made if necessary.

    Raises:
        UserError: if the bundle is damaged, has not one lesson, or cannot be unpacked.
    """
    if not is_bundle(path):
        return path
    with open_archive(path, _LIMITS, "lesson", UserError) as archive:
        infos = archive.infolist()
        lessons = [info.filename for info in infos if info.filename.endswith(SUFFIX)]
        if len(lessons) != 1:
            raise UserError(f"“{path.name}” has to hold one {SUFFIX} file, and holds {len(lessons)}.")
        if len({info.filename.casefold() for info in infos}) < len(infos):
            raise ValueError("Expected names that differ on any disk.")
        if sum(info.file_size for info in infos) > _MOST_FILES_BYTES:
            raise ValueError("Expected a lesson with a few images.")
        digest = hashlib.sha256(repr([(info.filename, info.CRC) for info in infos]).encode()).hexdigest()
        folder = to / digest[:16]
        if not folder.is_dir():
            to.mkdir(parents=True, exist_ok=True)
            with atomic_folder(folder) as beside:
                beside.mkdir()
                for info in infos:
                    (beside / info.filename).write_bytes(archive.read(info))
    return folder / lessons[0]
