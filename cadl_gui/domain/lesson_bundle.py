"""A bundle: one file with a lesson, its drawings, its images and its sessions, which can be sent."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.file_format import has_ending
from cadl_gui.domain.lesson import MOST_BYTES, SUFFIX
from cadl_gui.domain.session import SUFFIX as SESSION_SUFFIX
from cadl_gui.system.archive import open_archive, unpack_member
from cadl_gui.system.atomic_write import atomic_folder
from cadl_gui.system.file_limits import MOST_BUNDLED_BYTES
from cadl_gui.system.words import _

BUNDLE_SUFFIX = ".cadl-lesson"

_MOST_IMAGE_BYTES = 4 * 2**20
_MOST_FILES_BYTES = 2**26
_NAME = r"\w[\w -]{0,99}"
_LIMITS = (
    (re.compile(rf"{_NAME}{re.escape(SUFFIX)}"), MOST_BYTES),
    (re.compile(rf"{_NAME}\.json"), MOST_BYTES),
    (re.compile(rf"{_NAME}\.(png|jpg|jpeg)"), _MOST_IMAGE_BYTES),
    (re.compile(rf"{_NAME}{re.escape(SESSION_SUFFIX)}"), MOST_BUNDLED_BYTES),
)
"""Names of members, with the size of each: a bundle has no others, so none leads elsewhere."""


def is_bundle(path: Path) -> bool:
    """Return whether a file is a bundle by its name."""
    return has_ending(path, BUNDLE_SUFFIX)


def lesson_in(path: Path, to: Path, require_go_on: Callable[[], None] = lambda: None) -> Path:
    """Return the lesson of a bundle, unpacked into a folder; any other file is returned as it is.

    Args:
        to: gets a folder for the bundle, the same whenever it is opened; made if necessary.
        require_go_on: called between parts; what it raises ends the unpacking.

    Raises:
        UserError: if the bundle is damaged, has not one lesson, or cannot be unpacked.
    """
    if not is_bundle(path):
        return path
    with open_archive(path, _LIMITS, "lesson", UserError) as archive:
        infos = archive.infolist()
        lessons = [info.filename for info in infos if info.filename.endswith(SUFFIX)]
        if len(lessons) != 1:
            raise UserError(
                _("“{name}” has to hold one {suffix} file, and holds {n}.").format(
                    name=path.name, suffix=SUFFIX, n=len(lessons)
                )
            )
        if len({info.filename.casefold() for info in infos}) < len(infos):
            raise ValueError("Expected names that differ on any disk.")
        sizes: dict[bool, int] = {True: 0, False: 0}
        for info in infos:
            sizes[info.filename.endswith(SESSION_SUFFIX)] += info.file_size
        if sizes[False] > _MOST_FILES_BYTES or sizes[True] > MOST_BUNDLED_BYTES:
            raise ValueError("Expected a lesson with a few images and sessions.")
        digest = hashlib.sha256(repr([(info.filename, info.CRC) for info in infos]).encode()).hexdigest()
        folder = to / digest[:16]
        if not folder.is_dir():
            to.mkdir(parents=True, exist_ok=True)
            with atomic_folder(folder) as beside:
                beside.mkdir()
                for info in infos:
                    unpack_member(archive, info.filename, beside / info.filename, require_go_on)
    return folder / lessons[0]
