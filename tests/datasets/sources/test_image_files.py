"""A folder of images, or an archive of one, becomes what Pillow itself reads."""

import errno
import io
import os
import zipfile

import numpy as np
import pytest
from heic_files import heic, rotate
from PIL import Image, ImageOps
from preparing import prepare, reasons

from cadl_gui.datasets.load import load, scan
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import MOST_DATASET_BYTES


def picture(width=80, height=60, mode="RGB"):
    """A photograph, more or less: smooth, and nowhere symmetrical."""
    small = np.random.default_rng((width, height)).integers(0, 256, (6, 8, 3), np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def saved(path, image=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    (picture() if image is None else image).save(path, **options)
    return path


def as_pillow_reads(path, size=64, mode="RGB", background="white"):
    """Upright, over the background, the central square, in the size."""
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        overlay = upright.convert("RGBA")
        upright = Image.new("RGBA", overlay.size, background)
        upright.alpha_composite(overlay)
    fitted = ImageOps.fit(upright.convert("RGB").convert(mode), (size, size))
    return np.asarray(fitted).reshape(size, size, -1)


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "photos"


@pytest.mark.parametrize("suffix", ["jpg", "jfif", "png", "bmp", "gif", "webp", "tif", "ppm", "avif"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_every_format_is_read_as_pillow_reads_it(folder, suffix, mode):
    path = saved(folder / f"a.{suffix}", picture(mode=mode))
    store, report = prepare(folder)
    np.testing.assert_array_equal(store.images[:][0], as_pillow_reads(path))
    assert report.opened == 1
    grey, _ = prepare(folder, grey=True, size=20)
    np.testing.assert_array_equal(grey.images[:][0], as_pillow_reads(path, 20, "L"))


def test_photographs_of_telephones_are_read(folder):
    folder.mkdir()
    (folder / "IMG_0001.HEIC").write_bytes(heic(turns=(rotate(1),)))
    store, report = prepare(folder)
    assert report.opened == 1
    blue, white = store.images[:][0, 5, 20], store.images[:][0, 50, 2]
    np.testing.assert_allclose(blue, (30, 30, 220), atol=5)
    np.testing.assert_allclose(white, (255, 255, 255), atol=5)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_images_are_turned_as_their_exif_data_say(folder, orientation):
    path = saved(folder / "a.jpg", picture(81, 60), exif=turned(orientation), quality=95)
    store, report = prepare(folder)
    difference = store.images[:][0].astype(int) - as_pillow_reads(path)
    assert np.abs(difference).max() <= 1
    assert report.count("turned") == (orientation != 1)


@pytest.mark.parametrize("suffix", ["png", "tif", "webp"])
def test_formats_other_than_jpeg_are_turned_too(folder, suffix):
    path = saved(
        folder / f"a.{suffix}",
        picture(80, 61),
        exif=turned(6),
        **({"lossless": True} if suffix == "webp" else {}),
    )
    store, report = prepare(folder)
    difference = store.images[:][0].astype(int) - as_pillow_reads(path)
    assert np.abs(difference).max() <= 1
    assert "1 turned by EXIF" in str(report)


@pytest.mark.parametrize("background", ["white", "black"])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_is_transparent_shows_the_background(folder, background, mode):
    image = picture().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    if mode != "PA":
        image = image.convert(mode)
    path = saved(folder / "a.png", image.quantize() if mode == "PA" else image)
    store, report = prepare(folder, background=background)
    np.testing.assert_array_equal(store.images[:][0], as_pillow_reads(path, background=background))
    assert f"1 converted from transparent to {background}" in str(report)


def test_sixteen_bits_are_scaled_to_eight_and_not_clipped(folder):
    ramp = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
    saved(folder / "a.png", Image.fromarray(ramp))
    saved(folder / "b.tif", Image.fromarray(ramp))
    store, report = prepare(folder, grey=True)
    for image in store.images[:]:
        np.testing.assert_array_equal(image[..., 0], ramp >> 8)
    assert "2 converted from 16 bits" in str(report)


def test_cmyk_palettes_and_animations_are_converted_and_said(folder):
    cmyk = saved(folder / "a.jpg", picture(mode="CMYK"), quality=95)
    palette = saved(folder / "b.png", picture(mode="P"))
    frames = [picture().rotate(angle) for angle in (0, 90, 180)]
    animated = saved(folder / "c.gif", frames[0], save_all=True, append_images=frames[1:])
    store, report = prepare(folder)
    for image, path in zip(store.images[:], (cmyk, palette, animated), strict=True):
        np.testing.assert_array_equal(image, as_pillow_reads(path))
    assert "1 converted from CMYK" in str(report)
    assert "1 converted from the first of several frames" in str(report)


def test_a_crop_factor_keeps_the_middle_as_the_course_does(folder):
    """There, the shorter side is resized to size / crop_factor, and the middle cut out."""
    path = saved(folder / "a.png", picture(400, 200))
    store, _ = prepare(folder, crop_factor=0.5, size=50)
    with Image.open(path) as image:
        resized = np.asarray(image.resize((200, 100), Image.Resampling.BICUBIC))
    expected = resized[25:75, 75:125].astype(int)
    assert np.abs(store.images[:][0] - expected).max() <= 3


def test_a_large_jpeg_is_decoded_small_and_looks_the_same(folder):
    path = saved(folder / "a.jpg", picture(3000, 2000))
    store, _ = prepare(folder)
    assert np.abs(store.images[:][0].astype(int) - as_pillow_reads(path)).max() <= 4


def test_sub_folders_are_classes_and_files_are_in_natural_order(folder):
    for name in ("b10/1.png", "b2/10.png", "b2/9.png", "b2/.hidden.png", "__MACOSX/x.png", ".thumbs/y.png"):
        saved(folder / name)
    (folder / "b2" / "notes.txt").write_text("no image")
    found = scan(str(folder)).preview
    assert found.class_names == ("b2", "b10")
    assert "1 other file left out." in found.guesses
    store, _ = prepare(folder)
    assert store.file_names == ("b2/9.png", "b2/10.png", "b10/1.png")
    assert store.labels.tolist() == [0, 0, 1]
    assert store.name == "photos"


@pytest.mark.parametrize(
    ("folders", "names"),
    [
        (["2019", "2021", "2020"], ("2019", "2020", "2021")),
        (["1", "0", "3"], ("0", "1", "2", "3")),
        ([str(number) for number in range(100, 400)], tuple(str(number) for number in range(400))),
    ],
)
def test_years_are_names_of_classes_and_not_thousands_of_labels(folder, folders, names):
    for name in folders:
        saved(folder / name / "1.png")
    assert scan(str(folder)).preview.class_names == names
    store, _ = prepare(folder)
    assert [store.class_names[label] for label in store.labels] == sorted(folders)


def test_train_validation_and_test_are_the_parts(folder):
    for name in ("test/cat/1.png", "train/dog/1.png", "train/cat/1.png", "train/cat/2.png", "val/dog/1.png"):
        saved(folder / name)
    store, _ = prepare(folder)
    assert (store.n_validation, store.n_test) == (1, 1)
    assert store.file_names[-2:] == ("val/dog/1.png", "test/cat/1.png")
    assert [store.class_names[label] for label in store.labels] == ["cat", "cat", "dog", "dog", "cat"]


def test_folders_on_the_way_to_all_images_are_no_classes(folder):
    for name in ("all/of/them/cat/1.png", "all/of/them/dog/1.png"):
        saved(folder / name)
    assert prepare(folder)[0].class_names == ("cat", "dog")
    saved(folder / "all/of/them/loose.png")
    store, _ = prepare(folder)
    assert store.labels is None
    assert "no sub-folder" in scan(str(folder)).preview.guesses[0]


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("train/train", "test/test"),
        ("training_set/training_set", "test_set/test_set"),
        ("seg_train", "seg_test"),
    ],
)
def test_parts_are_found_as_downloads_name_them(folder, train, test):
    """There, the folder of a part often lies in one of the same name."""
    for name in (f"{train}/cat/1.png", f"{train}/train/2.png", f"{test}/cat/3.png", f"{test}/train/4.png"):
        saved(folder / name)
    store, _ = prepare(folder)
    assert store.class_names == ("cat", "train")
    assert store.labels.tolist() == [0, 1, 0, 1]
    assert store.n_test == 2


@pytest.mark.parametrize(
    ("other", "why"),
    [("seg_pred", "there are other folders, too"), ("train_masks", "some are of the same part")],
)
def test_what_only_looks_like_parts_is_said(folder, other, why):
    for name in ("train/1.png", "test/2.png", f"{other}/3.png"):
        saved(folder / name)
    found = scan(str(folder)).preview
    assert len(found.class_names) == 3
    assert found.n_test == 0
    (guess,) = found.guesses
    assert {"train", "test"} <= set(guess.split())
    assert guess.endswith(f"are not taken as parts, since {why}.")


@pytest.mark.parametrize("way", ["train", "data/train", "Testing/all"])
def test_a_part_on_the_way_to_all_images_hides_no_classes(folder, way):
    for name in ("cat/1.png", "dog/1.png"):
        saved(folder / way / name)
    store, _ = prepare(folder)
    assert store.class_names == ("cat", "dog")
    assert store.labels.tolist() == [0, 1]
    assert (store.n_validation, store.n_test) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "encoding"), [("csv", "utf-8"), ("csv", "utf-8-sig"), ("csv", "utf-16"), ("jsonl", "utf-8")]
)
def test_metadata_label_the_images_instead_of_folders(folder, kind, encoding):
    for name in ("cat/1.png", "dog/1.png"):
        saved(folder / name)
    rows = {
        "csv": "file_name,label,size\ncat/1.png,Zebra,3\ndog/1.png,猫,4\n",
        "jsonl": '{"file_name": "cat/1.png", "label": "Zebra"}\n{"file_name": "dog/1.png", "label": "猫"}\n',
    }
    (folder / f"metadata.{kind}").write_text(rows[kind], encoding=encoding)
    store, _ = prepare(folder)
    assert [store.class_names[label] for label in store.labels] == ["Zebra", "猫"]
    saved(folder / "dog/2.png")
    with pytest.raises(DatasetError, match=r"photos.*no label for 1 of 3 images: “dog/2.png”"):
        scan(str(folder))


def test_letters_that_a_mac_takes_apart_are_the_same(folder):
    """There, “ü” is a “u” and its dots."""
    for name in ("train/Ku\u0308he/1.png", "train/Pferde/2.png", "test/K\u00fche/3.png"):
        saved(folder / name)
    store, _ = prepare(folder)
    assert store.class_names == ("K\u00fche", "Pferde")
    assert store.labels.tolist() == [0, 1, 0]
    (folder / "metadata.csv").write_text(
        "file_name,label\ntrain/K\u00fche/1.png,a\ntrain/Pferde/2.png,b\ntest/K\u00fche/3.png,c\n", "utf-8"
    )
    assert scan(str(folder)).preview.class_names == ("a", "b", "c")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_numbers_in_metadata_are_labels_themselves(folder, separator):
    for name in ("a.png", "b.png"):
        saved(folder / name)
    rows = "file_name,digit\na.png,7\nb.png,0\n".replace(",", separator)
    (folder / "metadata.csv").write_text(rows)
    store, _ = prepare(folder)
    assert store.labels.tolist() == [7, 0]
    assert store.class_names == tuple("01234567")
    assert "column “digit”" in scan(str(folder)).preview.guesses[0]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("metadata.csv", "file_name,text\ncat/a.png,a cat\ndog/b.png,a dog\n"),
        ("metadata.csv", f"file_name,said\ncat/a.png,a cat\ndog/b.png,{'a very lazy dog ' * 20}\n"),
        (
            "metadata.jsonl",
            '{"file_name": "cat/a.png", "what": {"at": []}}\n{"file_name": "dog/b.png", "what": {"at": []}}',
        ),
    ],
    ids=["captions", "long texts", "boxes"],
)
def test_metadata_that_say_something_else_leave_folders_as_classes(folder, name, rows):
    for path in ("cat/a.png", "dog/b.png"):
        saved(folder / path)
    (folder / name).write_text(rows)
    store, _ = prepare(folder)
    assert store.class_names == ("cat", "dog")
    assert f"“{name}” has no column “label”, so it is neglected." in scan(str(folder)).preview.guesses


@pytest.mark.parametrize(
    "text", [b"\xff", b"name\na.png\n", b"file_name,label\na.png\n", b"file_name,label\na.png,1,2\n"]
)
def test_damaged_metadata_are_named(folder, text):
    saved(folder / "a.png")
    (folder / "metadata.csv").write_bytes(text)
    with pytest.raises(DatasetError, match=r"photos.*metadata.csv"):
        scan(str(folder))


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_is_like_the_folder_in_it(tmp_path, folder, compression):
    for name in ("cat/1.png", "cat/é/2.jpg", "dog/猫.png", "dog/.hidden.png"):
        saved(folder / name)
    with zipfile.ZipFile(tmp_path / "photos.zip", "w", compression) as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(tmp_path))
    packed, loose = prepare(tmp_path / "photos.zip")[0], prepare(folder)[0]
    np.testing.assert_array_equal(packed.images[:], loose.images[:])
    assert packed.file_names == tuple(f"photos/{name}" for name in loose.file_names)
    assert (packed.class_names, packed.labels.tolist()) == (loose.class_names, loose.labels.tolist())


def test_an_archive_may_have_a_comment(tmp_path):
    """As what GitHub packs: that of the commit."""
    data = saved(tmp_path / "a.png").read_bytes()
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photos-main/cat/1.png", data)
        archive.writestr("photos-main/dog/2.png", data)
        archive.comment = b"86cb7ab2f6d8b4b3a5a6f0ab5c7b9f36e7b9f1a2"
    assert prepare(tmp_path / "photos.zip")[0].class_names == ("cat", "dog")


def test_names_in_an_archive_are_those_that_were_packed(tmp_path):
    """A Mac does not say that they are in UTF-8, older programs for Windows have its slashes."""
    data = saved(tmp_path / "a.png").read_bytes()
    names = ("Aepfel/1.png", "B\\2.png", "Bild 12:30.png")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, data)
    content = (tmp_path / "photos.zip").read_bytes()
    (tmp_path / "photos.zip").write_bytes(content.replace(b"Aepfel", "Äpfel".encode()))
    store, _ = prepare(tmp_path / "photos.zip")
    assert sorted(store.file_names) == ["B/2.png", "Bild 12:30.png", "Äpfel/1.png"]


@pytest.mark.parametrize("name", ["../a.png", "/a.png", "x/../../a.png", "x\\..\\..\\a.png", "C:/a.png"])
def test_an_archive_whose_names_lead_out_of_it_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr(name, saved(tmp_path / "a.png").read_bytes())
    with pytest.raises(DatasetError, match=r"photos\.zip” is not opened: .* leads out of it"):
        scan(str(tmp_path / "photos.zip"))


def test_damaged_members_of_an_archive_are_skipped_and_no_archive_is_said(tmp_path):
    data = saved(tmp_path / "a.png").read_bytes()
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("a.png", data)
        archive.writestr("b.png", data)
        archive.writestr("c.png", b"\0" * 10**6, zipfile.ZIP_DEFLATED)
        archive.writestr("d.png", data, zipfile.ZIP_BZIP2)
    content = bytearray((tmp_path / "photos.zip").read_bytes())
    content[content.index(data) + 100] ^= 1
    (tmp_path / "photos.zip").write_bytes(content)
    store, report = prepare(tmp_path / "photos.zip")
    assert store.file_names == ("b.png",)
    assert reasons(report)["a.png"] == "is damaged in the archive"
    assert reasons(report)["d.png"] == "is packed in a way that is not supported"
    (tmp_path / "text.zip").write_text("no archive")
    with pytest.raises(DatasetError, match=r"text\.zip” is not a ZIP archive"):
        scan(str(tmp_path / "text.zip"))


def nuisances(folder):
    """Every kind of file that cannot be used, and one that can."""
    saved(folder / "good.png")
    (folder / "text.jpg").write_text("no image at all")
    (folder / "empty.png").write_bytes(b"")
    whole = saved(folder / "whole.jpg", picture(200, 200)).read_bytes()
    (folder / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "whole.jpg").unlink()
    saved(folder / "dot.png", picture(1, 1))
    (folder / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40)
    saved(folder / "float.tif", Image.fromarray(np.zeros((9, 9), np.float32)))
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    (folder / "bomb.png").write_bytes(bomb.getvalue())
    (folder / "link.png").symlink_to(folder / "nowhere.png")
    os.mkfifo(folder / "pipe.png")


def test_each_file_that_cannot_be_used_is_skipped_with_its_reason(folder):
    folder.mkdir()
    nuisances(folder)
    store, report = prepare(folder)
    assert store.file_names == ("good.png",)
    found = reasons(report)
    for name, reason in {
        "text.jpg": "is none of PNG, JPEG",
        "empty.png": "is empty",
        "truncated.jpg": "damaged or truncated",
        "dot.png": "is too small (1×1)",
        "photo.heic": "is damaged or truncated",
        "float.tif": "decimal numbers",
        "bomb.png": "too large: at most 25 megapixels of a PNG",
        "link.png": "is no longer there",
        "pipe.png": "pipe or a device",
    }.items():
        assert reason in found.pop(name)
    assert not found
    assert str(report).startswith("1 image opened, 9 skipped: ")
    assert len(report.lines) == 8, "the damaged ones share a line"


def test_a_link_to_itself_takes_no_other_file_away(folder):
    for path in ("a.png", "more/b.png", "more/c.png"):
        saved(folder / path)
    for path in ("itself", "more/itself"):
        (folder / path).symlink_to(folder / path)
    assert scan(str(folder)).preview.n == 3
    assert prepare(folder)[0].images.shape[0] == 3


@pytest.fixture
def no_permission(monkeypatch):
    """Refuses to open paths that end so, as the system would; for root, it never does."""
    refused = []

    def refusing(function):
        def call(path, *arguments, **options):
            if any(str(path).endswith(end) for end in refused):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return function(path, *arguments, **options)

        return call

    monkeypatch.setattr(os, "open", refusing(os.open))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    return refused.append


def test_files_and_folders_without_permission_are_skipped(folder, no_permission):
    for path in ("a.png", "b.png", "c/d.png"):
        saved(folder / path)
    no_permission("b.png")
    no_permission("photos/c")
    found = scan(str(folder))
    [block] = next(iter(found.tasks())).blocks()
    notes = [*found.notes, *block.notes]
    assert {note.name: "ermission denied" in note.text for note in notes} == {"b.png": True, "c": True}


def test_a_folder_without_images_is_named(folder):
    folder.mkdir()
    with pytest.raises(DatasetError, match=r"photos” holds no image files\."):
        scan(str(folder))
    (folder / "a.png").write_text("no image")
    with pytest.raises(DatasetError, match=r"photos” holds no image that can be read: .*“a\.png” \(none of"):
        prepare(folder)


def test_links_that_form_a_circle_are_entered_once(folder):
    saved(folder / "a" / "1.png")
    (folder / "a" / "again").symlink_to(folder)
    assert scan(str(folder)).preview.n == 1


def test_a_limit_takes_images_evenly_from_all_classes(folder):
    for number in range(20):
        saved(folder / ("cat" if number < 10 else "dog") / f"{number}.png", picture(9, 9))
    store, _ = prepare(folder, limit=6)
    assert np.bincount(store.labels).tolist() == [3, 3]
    assert load(f"{folder}:limit=6").fingerprint == store.fingerprint


def test_names_in_any_script_even_none_are_kept(folder):
    folder.mkdir()
    saved(folder / "猫 é 😀.png")
    (folder / os.fsdecode(b"caf\xe9.png")).write_bytes((folder / "猫 é 😀.png").read_bytes())
    store, report = prepare(folder)
    assert report.opened == 2
    assert "猫 é 😀.png" in store.file_names


def test_too_many_pixels_together_are_refused_before_any_is_decoded(folder):
    content = saved(folder / "0.png").read_bytes()
    for i in range(1, MOST_DATASET_BYTES // (512 * 512 * 3)):
        (folder / f"{i}.png").write_bytes(content)
    scan(f"{folder}:size=511")
    with pytest.raises(DatasetError, match=r"photos” would take 4,295 MB, .* smaller size"):
        scan(f"{folder}:size=512")


def test_long_names_of_classes_and_of_files_come_back(folder):
    name = "é" * 100
    inner = "/".join(["x" * 200] * 4)
    for top in (name, "other"):
        saved(folder / top / "a.png")
    saved(folder / name / inner / "b.png")
    store, _ = prepare(folder)
    assert store.class_names == ("other", name)
    assert store.file_names[1] == f"{name}/a.png"
    assert store.file_names[2].startswith("...")
    assert store.file_names[2].endswith("x/b.png")
