"""Folders and archives of images that claim, name or unpack what they should not."""

import gzip
import io
import json
import math
import struct
import sys
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image
from preparing import prepare, reasons

from cadl_gui.datasets.load import preview, scan
from cadl_gui.datasets.preparing.image_decoder import BAND_PIXELS, decode_image
from cadl_gui.datasets.preparing.zip_member import MOST_MEMBERS
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system import child


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


TINY = encoded(Image.new("L", (4, 4), 7))


def archive(path, names, data=TINY):
    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["\0.png", ".", "a/" * 3000 + "b.png"])
def test_members_without_a_name_or_with_a_very_long_one_are_refused(tmp_path, name):
    path = archive(tmp_path / "photos.zip", ["a.png", name.replace("\0", "?")])
    path.write_bytes(path.read_bytes().replace(b"?.png", b"\0.png"))  # a name ends there
    with pytest.raises(DatasetError, match=r"photos\.zip” is not opened: a file in it has no name"):
        scan(str(path))


def test_members_that_lie_at_the_same_place_are_refused(tmp_path):
    """So that a small archive cannot hold a large image a thousand times."""
    path = archive(tmp_path / "photos.zip", ["a.png", "b.png"])
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\1\2")
    content[second + 42 : second + 46] = bytes(4)
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"photos\.zip” is not opened: “b\.png” in it is part of another"):
        scan(str(path))


def test_a_member_that_lies_beyond_every_disk_is_skipped(tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.png", TINY)
        file.writestr("b.png", TINY)
        far = file.getinfo("b.png")
        far.header_offset = 2**64 - 2**20
    store, report = prepare(path)
    assert store.file_names == ("a.png",)
    assert list(reasons(report)) == ["b.png"]


def tar_of_cifar(path):
    with tarfile.open(path, "w:gz") as file:
        info = tarfile.TarInfo("data_batch_1.bin")
        info.size = 3 * 3073
        file.addfile(info, io.BytesIO(bytes(info.size)))
    return path


@pytest.mark.parametrize(
    ("name", "write", "module"),
    [
        ("photos.zip", lambda path: archive(path, ["a.png", "b.png"]), zipfile),
        ("cifar.tar.gz", tar_of_cifar, tarfile),
        ("some.idx.gz", lambda path: path.write_bytes(gzip.compress(b"\0\0\x08\3" + b"\0\0\0\2" * 4)), gzip),
    ],
)
def test_archives_are_read_in_another_process(tmp_path, name, write, module):
    write(tmp_path / name)
    ran = set()
    sys.setprofile(lambda frame, _event, _given: ran.add(frame.f_code.co_filename))
    try:
        dataset = preview(str(tmp_path / name))
    finally:
        sys.setprofile(None)
    assert dataset.n in {2, 3}
    assert child.__file__ in ran
    assert module.__file__ not in ran


def test_an_archive_of_very_many_files_is_refused(tmp_path):
    """It lists the same one again and again."""
    path = archive(tmp_path / "many.zip", ["a.png"])
    content = path.read_bytes()
    start, end = content.index(b"PK\1\2"), content.index(b"PK\5\6")
    listed = content[start:end] * (MOST_MEMBERS + 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), start, 0)
    path.write_bytes(content[:start] + listed + last)
    with pytest.raises(
        DatasetError, match=rf"many\.zip” cannot be read: it holds over {MOST_MEMBERS:,} files"
    ):
        scan(str(path))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "metadata.csv",
            "file_name,label\n" + "\n" * 2_100_000,
            "metadata.csv” is too large: at most 2,000,000",
        ),
        (
            "metadata.csv",
            "file_name,label" + "," * 2_100_000,
            "metadata.csv” is too large: at most 2,000,000",
        ),
        ("metadata.jsonl", "{}\n" * 1_100_000, "metadata.jsonl” is too large: at most 2,000,000"),
        ("metadata.jsonl", '{"file_name": ["a.png"], "label": 1}', "rows without a “file_name”"),
        (
            "metadata.jsonl",
            '{"file_name": "a.png", "label": [1]}',
            "labels that are neither texts nor numbers",
        ),
    ],
)
def test_metadata_that_would_fill_memory_or_are_no_labels_are_named(tmp_path, name, text, message):
    (tmp_path / "a.png").write_bytes(TINY)
    (tmp_path / name).write_text(text)
    with pytest.raises(DatasetError, match=message):
        scan(str(tmp_path))


def test_what_metadata_say_of_files_elsewhere_is_neglected(tmp_path):
    (tmp_path / "a.png").write_bytes(TINY)
    rows = [("a.png", "cat"), ("/etc/passwd", "dog"), ("../b.png", "bird"), ("c.png", "fish")]
    lines = [json.dumps({"file_name": name, "label": label}) for name, label in rows]
    (tmp_path / "metadata.jsonl").write_text("\n".join(lines))
    assert scan(str(tmp_path)).preview.class_names == ("cat",)


def test_the_name_of_a_column_is_shown_in_part(tmp_path):
    (tmp_path / "a.png").write_bytes(TINY)
    (tmp_path / "metadata.csv").write_text(f"file_name,{'n' * 100_000}\na.png,1\n")
    (guess,) = scan(str(tmp_path)).preview.guesses
    assert "The column “nnn" in guess
    assert len(guess) < 300


def test_a_jpeg_that_goes_over_its_pixels_again_and_again_is_skipped(tmp_path):
    whole = encoded(Image.new("L", (64, 64)), "JPEG", progressive=True)
    start = whole.index(b"\xff\xda")
    scan_of_it = whole[start : whole.index(b"\xff\xda", start + 2)]
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "bomb.jpg").write_bytes(whole[:start] + scan_of_it * 300 + whole[start:])
    (tmp_path / "photos" / "good.jpg").write_bytes(whole)
    store, report = prepare(tmp_path / "photos")
    assert store.file_names == ("good.jpg",)
    assert "more than 200 scans" in reasons(report)["bomb.jpg"]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I;16", "P"])
def test_a_large_image_is_converted_as_a_small_one(mode):
    """In bands, whose borders nobody sees."""
    random = np.random.default_rng(0)
    side = math.isqrt(BAND_PIXELS) + 100
    if mode == "I;16":
        levels = random.integers(0, 2**16, (side, side), np.uint16)
        image, expected = Image.fromarray(levels), Image.fromarray((levels >> 8).astype(np.uint8))
    else:
        colours = Image.fromarray(random.integers(0, 256, (side, side, 4), np.uint8))
        image = colours.convert("RGB" if mode == "P" else mode).convert(mode)
        if mode == "P":
            image.info["transparency"] = 3
        white = Image.new("RGBA", image.size, "white")
        expected = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    files = [encoded(each, compress_level=0) for each in (image, expected)]
    in_bands, whole = (decode_image(file, PreparingOptions(), side).pixels for file in files)
    np.testing.assert_array_equal(in_bands, whole)


def test_an_image_of_very_many_rows_is_skipped(tmp_path):
    (tmp_path / "photos").mkdir()
    for name, height in {"good.png": 65_535, "long.png": 65_536}.items():
        Image.new("L", (2, height)).save(tmp_path / "photos" / name)
    _, report = prepare(tmp_path / "photos")
    assert reasons(report) == {"long.png": "has 2×65,536 pixels: at most 65,535 in a row are read"}


def test_zip64_sizes_are_not_believed(tmp_path):
    path = archive(tmp_path / "photos.zip", ["a.png", "b.png"])
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\1\2")
    content[second + 20 : second + 28] = struct.pack("<II", 2**32 - 2, 2**32 - 2)
    path.write_bytes(content)
    _, report = prepare(path)
    assert "too large" in reasons(report)["b.png"]


def test_links_to_folders_around_it_are_not_entered(tmp_path):
    photos = tmp_path / "all" / "photos"
    photos.mkdir(parents=True)
    (photos / "a.png").write_bytes(TINY)
    (tmp_path / "elsewhere.png").write_bytes(TINY)
    for name, target in {"up": "..", "further": "../..", "disk": "/"}.items():
        (photos / name).symlink_to(target)
    assert scan(str(photos)).preview.n == 1


def test_a_whole_disk_is_no_folder_of_images(tmp_path):
    (tmp_path / "photos").symlink_to("/")
    with pytest.raises(DatasetError, match="photos” is a whole disk"):
        scan(str(tmp_path / "photos"))
