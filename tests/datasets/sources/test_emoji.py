"""The emoji that ship: what is in the archive, how it is made, and how it is prepared at its first use."""

import base64
import errno
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

import numpy as np
import pytest
from PIL import Image
from preparing import note_readers, prepare
from tools import remake
from tools.remake import ATTRIBUTION_NAME, write_emoji

from cadl_gui.datasets.load import load, load_if_asked_for, preview
from cadl_gui.datasets.preparing.cache import is_current, prepared_datasets
from cadl_gui.datasets.preparing.pixel_file import PixelFile
from cadl_gui.datasets.source import NotPreparedError
from cadl_gui.datasets.sources.emoji import scan_emoji
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.resources import resource_path
from cadl_gui.system.stages import result_of

pytestmark = pytest.mark.slow

FINGERPRINT = "9bbfd158457cc9469e432d538e1ce0add3b077e8fe5e8246b1b635313a2347b9"
COUNTS = {
    "Activities": 85,
    "Animals & Nature": 159,
    "Flags": 270,
    "Food & Drink": 131,
    "Objects": 264,
    "People & Body": 386,
    "Smileys & Emotion": 169,
    "Symbols": 224,
    "Travel & Places": 218,
}
EXAMPLES = ("Smileys & Emotion/grinning face", "Flags/São Tomé & Príncipe Flag", "Symbols/keycap asterisk")
NOT_IN_NAMES = set('<>:"/\\|?*')
"""What Windows allows in no file name."""


@pytest.fixture
def archive():
    with zipfile.ZipFile(resource_path("emoji.zip")) as archive:
        yield archive


def test_the_archive_holds_small_images_by_category_under_readable_names(archive):
    assert resource_path("emoji.zip").stat().st_size <= 8_000_000
    paths = [PurePosixPath(name) for name in archive.namelist() if name != ATTRIBUTION_NAME]
    assert Counter(path.parent.name for path in paths) == COUNTS
    assert len({path.name.lower() for path in paths}) == len(paths) == 1906
    assert not any(NOT_IN_NAMES & set(path.name) for path in paths)
    for path in (
        "Smileys & Emotion/grinning face",
        "Flags/São Tomé & Príncipe Flag",
        "Symbols/keycap asterisk",
    ):
        image = Image.open(io.BytesIO(archive.read(f"{path}.png")))
        assert (image.format, image.size, image.has_transparency_data) == ("PNG", (64, 64), True)


def test_the_archive_names_authors_and_licences(archive):
    text = archive.read(ATTRIBUTION_NAME).decode()
    assert "Google, under the Apache" in text
    assert "Cal Henderson" in text
    for licence in ("Apache License", "MIT License"):
        assert licence in text.replace("\n", " ")


def test_emoji_are_colour_images_on_white_in_nine_classes(archive):
    emoji = load("emoji")
    assert emoji.name == "Emoji"
    assert emoji.images.shape == (1906, 64, 64, 3)
    assert dict(zip(emoji.class_names, np.bincount(emoji.labels).tolist(), strict=True)) == COUNTS
    number = emoji.file_names.index("grinning face")
    assert emoji.class_names[emoji.labels[number]] == "Smileys & Emotion"
    shown = emoji.images[number : number + 1][0]
    overlay = Image.open(io.BytesIO(archive.read("Smileys & Emotion/grinning face.png"))).convert("RGBA")
    ground = Image.new("RGBA", overlay.size, "white")
    np.testing.assert_array_equal(shown, np.asarray(Image.alpha_composite(ground, overlay).convert("RGB")))
    assert shown[0, 0].tolist() == [255, 255, 255]


def test_emoji_are_the_same_for_ever_and_shared():
    """Saved runs identify their dataset by its fingerprint."""
    emoji = load("emoji")
    assert emoji.fingerprint == FINGERPRINT
    assert load("EMOJI") is load_if_asked_for("emoji") is emoji


def test_a_preview_prepares_nothing():
    about = preview("emoji")
    assert (about.n, about.image_shape, about.class_names) == (1906, (64, 64, 3), tuple(COUNTS))
    assert not prepared_datasets()


def test_emoji_are_prepared_once_wherever_the_program_is_installed(tmp_path):
    for place in ("first", "second"):
        moved = tmp_path / place / "emoji.zip"
        moved.parent.mkdir()
        moved.write_bytes(resource_path("emoji.zip").read_bytes())
        result_of(scan_emoji(PreparingOptions(), moved).prepare())
        moved.unlink()
    load("emoji")
    [prepared] = prepared_datasets()
    assert (prepared.dataset, is_current(prepared), prepared.report.opened) == ("Emoji", True, 1906)


def test_once_removed_they_are_prepared_again():
    load("emoji")
    prepared_datasets()[0].remove()
    assert load("emoji").fingerprint == FINGERPRINT
    assert len(prepared_datasets()) == 1


def test_what_an_interrupted_removal_left_is_not_opened():
    load("emoji")
    [prepared] = prepared_datasets()
    (prepared.folder / "about.json").unlink()
    with (prepared.folder / "images.h5").open("r+b") as images:
        images.write(b"overwritten")
    assert load("emoji").fingerprint == FINGERPRINT


def test_threads_that_open_them_at_once_share_them(monkeypatch):
    together, readers = threading.Barrier(4), note_readers(monkeypatch, resource_path("emoji.zip"))

    def opened(_):
        together.wait()
        return load("emoji")

    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(opened, range(4)))
    assert all(store is stores[0] for store in stores)
    assert stores[0].fingerprint == FINGERPRINT
    assert len(readers) == len(prepared_datasets()) == 1


def test_processes_that_open_them_at_once_all_succeed():
    program = "from cadl_gui.datasets.load import load; input(); print(load('emoji').fingerprint)"
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe, text=True)
        for _ in range(2)
    ]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate()[0].strip() for process in processes] == [FINGERPRINT] * 2
    assert len(prepared_datasets()) == 1


def test_other_options_are_prepared_when_the_user_asks():
    with pytest.raises(NotPreparedError, match="“emoji” has not been prepared with these options"):
        load("emoji:size=32")
    small, _ = prepare("emoji", size=32, grey=True)
    assert small.image_shape == (32, 32, 1)
    assert [each.dataset for each in prepared_datasets()] == ["Emoji:size=32,grey=on"]


def test_a_folder_of_this_name_is_another_dataset(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "emoji").mkdir()
    (tmp_path / "Emoji").mkdir(exist_ok=True)
    load("emoji")
    for name in ("./emoji", "./Emoji"):
        with pytest.raises(DatasetError, match=r"holds no image|has not been prepared"):
            load(name)


def test_a_user_who_has_no_cache_has_emoji_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "cache"))
    assert load("emoji").fingerprint == FINGERPRINT


def test_a_full_disk_is_reported_in_a_sentence_and_leaves_nothing(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(PixelFile, "write", full)
        with pytest.raises(DatasetError, match=r"^“Emoji” cannot be prepared in “.*”: No space left"):
            load("emoji")
    assert not prepared_datasets()
    assert load("emoji").fingerprint == FINGERPRINT


@pytest.mark.parametrize("damage", ["missing", "truncated", "changed"])
def test_damaged_emoji_archive_is_reported_in_a_message(tmp_path, damage):
    path, content = tmp_path / "emoji.zip", resource_path("emoji.zip").read_bytes()
    if damage == "truncated":
        path.write_bytes(content[:100_000])
    if damage == "changed":
        path.write_bytes(content.replace(b"grinning face", b"Grinning face"))
    with pytest.raises(DatasetError, match="install it again"):
        scan_emoji(PreparingOptions(), path)


LISTED = [
    ("GRINNING FACE", "grinning", "Smileys & Emotion"),
    ("KEYCAP: *", "keycap_star", "Symbols"),
    ("FAMILY: MAN, BOY", "man-boy", "People & Body"),
    ("MAN IN TUXEDO", "man_in_tuxedo", "People & Body"),
    ("MAN IN TUXEDO", "person_in_tuxedo", "People & Body"),
    ("Chad Flag", "flag-td", "Flags"),
    ("LIGHT SKIN TONE", "skin-tone-2", "Component"),
]
NAMES = [
    "Flags/Chad Flag.png",
    "People & Body/family, man, boy.png",
    "People & Body/man in tuxedo.png",
    "People & Body/person in tuxedo.png",
    "Smileys & Emotion/grinning face.png",
    "Symbols/keycap asterisk.png",
    ATTRIBUTION_NAME,
]


@pytest.fixture
def package(tmp_path):
    """A small package like the published one."""

    def file(name, content):
        about = tarfile.TarInfo(f"package/{name}")
        about.size = len(content)
        archive.addfile(about, io.BytesIO(content))

    listed = [
        {"name": name, "short_name": short, "category": category, "image": f"{number:04x}.png"}
        for number, (name, short, category) in enumerate(LISTED)
    ]
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as archive:
        file("emoji.json", json.dumps(listed).encode())
        file("img/google/sheets/64.png", b"a sheet of all")
        for each in listed:
            file(f"img/google/64/{each['image']}", f"pixels of {each['short_name']}".encode())
    return tmp_path / "package.tgz"


def test_an_archive_is_made_of_a_package_always_with_the_same_bytes(package, tmp_path):
    integrity = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    for name in ("once.zip", "again.zip"):
        write_emoji(package, tmp_path / name, integrity)
    assert (tmp_path / "once.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "once.zip") as made:
        assert made.namelist() == NAMES
        assert made.read(NAMES[3]) == b"pixels of person_in_tuxedo"
        assert {(each.compress_type, each.date_time[0]) for each in made.infolist()} == {(0, 1980)}


def test_the_command_refuses_what_is_not_the_published_package(package, tmp_path):
    out = tmp_path / "emoji.zip"
    command = [sys.executable, remake.__file__, "emoji", str(package), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not the published package" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr
    assert not out.exists()
