"""Makes the shipped datasets anew from what they come from.

    python tests/tools/remake.py mnist SOURCE_FOLDER OUT.h5
    python tests/tools/remake.py emoji PACKAGE.tgz OUT.zip

SOURCE_FOLDER has the original four IDX files, compressed or not. PACKAGE.tgz is
https://registry.npmjs.org/emoji-datasource-google/-/emoji-datasource-google-16.0.0.tgz. Its PNG files are in
the archive as they are, by category, under readable names.
"""

import argparse
import base64
import hashlib
import json
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.preparing.found_files import natural_key
from cadl_gui.datasets.sources.idx import read_idx
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.file_format import FORMAT
from cadl_gui.system.atomic_write import atomic_write

_ATTRIBUTION = (
    "The MNIST database of handwritten digits: Yann LeCun, Corinna Cortes and Christopher J. C. Burges."
)
_LICENCE = "CC BY-SA 3.0, https://creativecommons.org/licenses/by-sa/3.0/"
_PUBLISHED_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
"""MD5 sums of the uncompressed files, by name."""

INTEGRITY = "ZRexfzs7MVoLnmzZmNsO4TKhnAJp5D++Vm6PpUpH/jEQQlemp3l88CjZ+DoZ2faM9R4QxZkOPJCoT8DlPhfQ3A=="
"""SHA-512 of the package, version 16.0.0, as npm publishes it."""

ATTRIBUTION_NAME = "ATTRIBUTION.txt"
_EMOJI_ATTRIBUTION = """\
The images are those of Noto Emoji, https://github.com/googlefonts/noto-emoji, by Google, under the Apache
License 2.0, https://www.apache.org/licenses/LICENSE-2.0; the flags are in the public domain or otherwise
exempt from copyright. They come, unchanged, from the package emoji-datasource-google 16.0.0 by Cal Henderson,
https://github.com/iamcal/emoji-data, under the MIT License, as do names and categories.
"""

_DATE = (1980, 1, 1, 0, 0, 0)
"""Of all members of the archive, so that it depends on its contents only."""


def write_mnist(source: Path, out: Path) -> None:
    """Write the file that `load_mnist` reads.

    Args:
        source: folder of the original four IDX files, compressed or not.
        out: file to write: `images` (70000, 28, 28, 1) uint8, training images first, and `labels` (70000,)
            uint8, both uncompressed and contiguous.

    Raises:
        DatasetError: if a file is missing or is not the published one.
    """
    train_images, train_labels, test_images, test_labels = (
        _read_published(source, name, md5) for name, md5 in _PUBLISHED_MD5.items()
    )
    with h5py.File(out, "w", alignment_threshold=4096, alignment_interval=4096) as file:
        file.attrs.update(format=FORMAT, attribution=_ATTRIBUTION, licence=_LICENCE)
        images = np.concatenate([train_images, test_images])[..., np.newaxis]
        file.create_dataset("images", data=images, track_times=False)
        labels = np.concatenate([train_labels, test_labels])
        file.create_dataset("labels", data=labels, track_times=False)


def _read_published(folder: Path, name: str, md5: str) -> NDArray[Any]:
    path = folder / name
    array = read_idx(path if path.exists() else path.with_name(f"{name}.gz"))
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    if hashlib.md5(header + array.tobytes(), usedforsecurity=False).hexdigest() != md5:
        raise DatasetError(f"“{path}” is not the published file: its MD5 sum is not {md5}.")
    return array


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
    with tarfile.open(package) as archive:
        members = (member for member in archive if PurePosixPath(member.name).suffix in {".json", ".png"})
        files = {PurePosixPath(each.name).name: archive.extractfile(each).read() for each in members}
    listed = [each for each in json.loads(files["emoji.json"]) if each["category"] != "Component"]
    images = {f"{each['category']}/{name}.png": files[each["image"]] for each, name in _named(listed)}
    with atomic_write(out) as beside, zipfile.ZipFile(beside, "w") as archive:
        for name in sorted(images, key=natural_key):
            _add(archive, name, images[name])
        _add(archive, ATTRIBUTION_NAME, _EMOJI_ATTRIBUTION.encode())


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


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a shipped dataset anew from what it comes from.")
    parser.add_argument("dataset", choices=["mnist", "emoji"])
    parser.add_argument(
        "source", type=Path, help="mnist: folder of the four IDX files; emoji: the package, .tgz"
    )
    parser.add_argument("out", type=Path, help="file to write")
    arguments = parser.parse_args()
    write = write_mnist if arguments.dataset == "mnist" else write_emoji
    try:
        write(arguments.source, arguments.out)
    except (DatasetError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
