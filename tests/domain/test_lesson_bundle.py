"""Bundles of lessons: what is inside is read, and a stranger's file can neither hurt nor write elsewhere."""

import json
import random
import zipfile
from contextlib import suppress

import pytest

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.lesson import read_lesson
from cadl_gui.domain.lesson_block import Names
from cadl_gui.domain.lesson_bundle import lesson_in
from cadl_gui.system.archive import unpack_member
from cadl_gui.system.file_limits import MOST_BUNDLED_BYTES

FOUR = json.dumps(Drawing((Stroke((Point(0.25, 0.5), Point(0.75, 0.375, 0.5)), 0.125),)).to_json())
LESSON = "---\ntitle: Own\n---\n## One\n![a](a.png)\n```cadl\nshow: drawing four.json\n```\n"
MEMBERS = {"own lesson.lesson.md": LESSON, "four.json": FOUR, "a.png": b"\x89PNG", "own run.cadl": b"PK"}


@pytest.fixture
def bundle(tmp_path):
    """Writes a bundle with these members."""

    def bundle(members, name="own.cadl-lesson"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    return bundle


def read(path, to):
    lesson = lesson_in(path, to)
    return read_lesson(lesson, Names(files=[each.name for each in lesson.parent.iterdir()]))


def test_a_bundle_is_unpacked_once_to_the_same_place(bundle, tmp_path):
    path, to = bundle(MEMBERS), tmp_path / "to"
    first = lesson_in(path, to)
    assert {each.name for each in first.parent.iterdir()} == {*MEMBERS}
    assert read(path, to).drawings["four.json"].to_json() == json.loads(FOUR)
    first.write_text("mine", encoding="utf-8")
    assert lesson_in(path, to) == first
    assert first.read_text(encoding="utf-8") == "mine"
    other = lesson_in(bundle(MEMBERS | {"a.png": b"\x89PNG2"}, "Other.CADL-lesson"), to)
    assert other.parent != first.parent
    assert lesson_in(first, to) is first


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"../own.lesson.md": LESSON}, "is no lesson of CADL"),
        ({"/own.lesson.md": LESSON}, "is no lesson of CADL"),
        ({"C:\\own.lesson.md": LESSON}, "is no lesson of CADL"),
        ({"folder/own.lesson.md": LESSON}, "is no lesson of CADL"),
        (MEMBERS | {"run.py": "print()"}, "is no lesson of CADL"),
        (MEMBERS | {".hidden.json": FOUR}, "is no lesson of CADL"),
        (MEMBERS | {"A.png": b""}, "is no lesson of CADL"),
        (MEMBERS | {"two.lesson.md": LESSON}, "has to hold one .lesson.md file, and holds 2."),
        ({"four.json": FOUR}, "has to hold one .lesson.md file, and holds 0."),
        ({}, "has to hold one .lesson.md file, and holds 0."),
        (MEMBERS | {"four.json": b" " * 2**21}, "“four.json” in the lesson takes"),
        (MEMBERS | {f"{n}.png": b"0" * 2**22 for n in range(17)}, "would expand to 71 MB; at most 20 times"),
        (MEMBERS | {"a.cadl": b"0" * 2**26}, "would expand to 67 MB; at most 20 times its size is read."),
        (MEMBERS | {"a.cadl/b.json": FOUR}, "is no lesson of CADL"),
        (MEMBERS | {"a.CADL": b"PK"}, "is no lesson of CADL"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(bundle, tmp_path, members, says):
    path = bundle(members)
    with pytest.raises(UserError, match="“") as told:
        lesson_in(path, tmp_path / "to")
    assert says in str(told.value)
    assert [*tmp_path.rglob("*")] == [path]


@pytest.mark.parametrize(
    ("name", "n", "n_bytes", "says"),
    [
        ("png", 17, 2**22, "is no lesson of CADL"),
        ("cadl", 1, MOST_BUNDLED_BYTES + 1, "“0.cadl” in the lesson takes 1,074 MB, at most 1,074 MB."),
        ("cadl", 2, MOST_BUNDLED_BYTES // 2 + 1, "is no lesson of CADL"),
    ],
)
def test_a_bundle_that_is_too_large_is_told_by_what_it_lists(tmp_path, name, n, n_bytes, says):
    """The sizes are only claimed, by a sparse file: nothing of it is read."""
    path = tmp_path / "own.cadl-lesson"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("own.lesson.md", LESSON)
        for number in range(n):
            archive.writestr(f"{number}.{name}", b"")
            archive.filelist[-1].file_size = n_bytes
        archive.fp.seek(MOST_BUNDLED_BYTES // 16, 1)
        archive.start_dir = archive.fp.tell()
    with pytest.raises(UserError) as told:
        lesson_in(path, tmp_path / "to")
    assert says in str(told.value)


def test_a_bundle_is_written_part_by_part_until_that_is_cancelled(bundle, tmp_path):
    class CancelledError(Exception):
        pass

    def cancel_third():
        parts.append(1)
        if len(parts) == 3:
            raise CancelledError

    parts, to = [], tmp_path / "to"
    path = bundle({"own.lesson.md": LESSON, "a.cadl": random.Random(7).randbytes(2**21 + 1)})
    with pytest.raises(CancelledError):
        lesson_in(path, to, cancel_third)
    assert [*to.iterdir()] == []
    lesson = lesson_in(path, to)
    with zipfile.ZipFile(path) as archive:
        unpack_member(archive, "a.cadl", tmp_path / "a.cadl", lambda: parts.append(1))
        assert lesson.with_name("a.cadl").read_bytes() == archive.read("a.cadl")
    assert len(parts) == 6, "two whole parts of a megabyte, and one of a byte"


def test_a_hundred_damaged_bundles_are_read_or_told(bundle, tmp_path):
    path, chance, told = bundle(MEMBERS), random.Random(49), 0
    whole = path.read_bytes()
    for number in range(100):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 4, 20])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice([len(data), chance.randrange(len(data))])])
        to = tmp_path / str(number)
        with suppress(UserError):
            assert read(path, to).steps
            continue
        told += 1
        assert [*to.rglob(".part-*")] == []
    assert 50 < told < 100
    assert {each.name for each in tmp_path.iterdir()} <= {path.name, *map(str, range(100))}
