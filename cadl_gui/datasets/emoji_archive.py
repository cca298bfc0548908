"""The archive of emoji that ships with the program: how it is made, and its images.

It holds PNG files of the package `emoji-datasource-google` as they are, by category, under readable names.
"""

import base64
import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from cadl_gui.datasets.image_file_scan import scan_image_files
from cadl_gui.datasets.preparing.found_files import natural_key
from cadl_gui.datasets.preparing.scan import Scan
from cadl_gui.datasets.preparing.shipped import EMOJI, EMOJI_SHA256
from cadl_gui.datasets.preparing.tar_members import tar_members
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.atomic_write import atomic_write
from cadl_gui.system.resources import resource_path

INTEGRITY = "ZRexfzs7MVoLnmzZmNsO4TKhnAJp5D++Vm6PpUpH/jEQQlemp3l88CjZ+DoZ2faM9R4QxZkOPJCoT8DlPhfQ3A=="
"""SHA-512 of the package, version 16.0.0, as npm publishes it."""

ATTRIBUTION_NAME = "ATTRIBUTION.txt"
_ATTRIBUTION = """\
The images are those of Noto Emoji, https://github.com/googlefonts/noto-emoji, by Google, under the Apache
License 2.0, https://www.apache.org/licenses/LICENSE-2.0; the flags are in the public domain or otherwise
exempt from copyright. They come, unchanged, from the package emoji-datasource-google 16.0.0 by Cal Henderson,
https://github.com/iamcal/emoji-data, under the MIT License, as do names and categories.
"""

_ARCHIVE = resource_path("emoji.zip")
_LIST, _LEFT_OUT = "emoji.json", "Component"
_MOST_FILE_BYTES, _MOST_PACKAGE_BYTES = 2**22, 2**28
_PATIENCE_S = 30.0
"""Another process needs half a second. Nobody asked for this preparation, so it is waited for in silence."""

_DATE = (1980, 1, 1, 0, 0, 0)
"""Of all members of the archive, so that it depends on its contents only."""


def scan_emoji(options: PreparingOptions, path: Path = _ARCHIVE) -> Scan:
    """Find the images in the archive that ships.

    Args:
        options: how to prepare them.
        path: where the archive is.

    Raises:
        DatasetError: if the archive is missing or damaged.
    """
    try:
        is_intact = hashlib.sha256(path.read_bytes()).hexdigest() == EMOJI_SHA256
    except OSError:
        is_intact = False
    if not is_intact:
        raise DatasetError(
            f"The emoji that ship with the program cannot be read from “{path}”; install it again."
        )
    found = scan_image_files(path, options)
    return replace(
        found,
        path=EMOJI,
        preview=replace(found.preview, guesses=()),
        state=EMOJI_SHA256,
        names=[PurePosixPath(name).stem for name in found.names],
        in_processes=False,  # to start processes takes longer than to decode so few images
        patience_s=_PATIENCE_S,
    )


def write_emoji(package: Path, out: Path, integrity: str = INTEGRITY) -> None:
    """Write the archive.

    Args:
        package: the package, as npm publishes it.
        out: ZIP archive to write: a folder for each category, and in it the images by name, uncompressed.
        integrity: SHA-512 that the package has to have, in base 64.

    Raises:
        DatasetError: if the package is not the published one, or cannot be read.
        OSError: if it cannot be read, or the archive cannot be written.
    """
    digest = hashlib.sha512(package.read_bytes()).digest()
    if base64.b64encode(digest).decode() != integrity:
        raise DatasetError(f"“{package}” is not the published package: its SHA-512 is not {integrity}.")
    wanted = tar_members(
        package, lambda name: name == _LIST or name.endswith(".png"), _MOST_FILE_BYTES, _MOST_PACKAGE_BYTES
    )
    files = dict(wanted)
    listed = [each for each in json.loads(files[_LIST]) if each["category"] != _LEFT_OUT]
    images = {f"{each['category']}/{name}.png": files[each["image"]] for each, name in _named(listed)}
    with atomic_write(out) as beside, zipfile.ZipFile(beside, "w") as archive:
        for name in sorted(images, key=natural_key):
            _add(archive, name, images[name])
        _add(archive, ATTRIBUTION_NAME, _ATTRIBUTION.encode())


def _named(listed: Iterable[Mapping[str, Any]]) -> Iterable[tuple[Mapping[str, Any], str]]:
    """Give each emoji a name of its own that can be that of a file."""
    counts = Counter(each["name"] for each in listed)
    for each in listed:
        name = each["name"] if counts[each["name"]] == 1 else each["short_name"].replace("_", " ")
        yield each, _in_ordinary_case(name).replace(": *", " asterisk").replace(":", ",")


def _in_ordinary_case(name: str) -> str:
    """“GRINNING FACE” in lower case; “Germany Flag” as it is."""
    return name.lower() if name.isupper() else name


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    about = zipfile.ZipInfo(name, _DATE)
    about.create_system, about.external_attr = 3, 0o644 << 16
    archive.writestr(about, content)
