"""A file that is replaced is either the old one or the new one, never part of either."""

import os
import time
from pathlib import Path

import pytest

from cadl_gui.system.atomic_write import atomic_folder, atomic_write, require_writable

LONG_AGO = time.time() - 25 * 60 * 60


def left_behind(path, *, changed=LONG_AGO):
    """What a killed process leaves: a file, or a folder with a file."""
    file = path if path.suffix else path / "variables"
    file.parent.mkdir(exist_ok=True)
    file.write_text("half")
    for each in (file, path):
        os.utime(each, (changed, changed))
    return path


def test_the_new_file_is_in_place_after_the_block_and_not_before(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    with atomic_write(path) as beside:
        beside.write_text("new")
        assert path.read_text() == "old"
        assert beside.suffix == ".json"
    assert path.read_text() == "new"
    assert not beside.exists()


def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path):
    """A character of Chinese takes three bytes."""
    path = tmp_path / f"{'数' * 83}.onnx"
    require_writable(path)
    with atomic_write(path) as beside:
        beside.write_text("new")
        assert beside.suffix == ".onnx"
    assert path.read_text() == "new"


def test_an_error_leaves_the_old_file_and_nothing_beside(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_write(path) as beside:
        beside.write_text("half") / 0
    assert path.read_text() == "old"
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [path]


def test_a_reader_of_the_old_file_keeps_it(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    with path.open() as follower:
        with atomic_write(path) as beside:
            beside.write_text("new")
        assert follower.read() == "old"


@pytest.mark.parametrize("name", ["folder", "link", "."])
def test_an_empty_folder_is_filled_whatever_it_is_called(tmp_path, monkeypatch, name):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    monkeypatch.chdir(folder if name == "." else tmp_path)
    with atomic_folder(Path(name)) as beside:
        beside.mkdir()
        (beside / "variables").write_text("new")
    assert (folder / "variables").read_text() == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "link"}


@pytest.mark.parametrize("place", [atomic_write, atomic_folder])
def test_old_files_of_killed_processes_are_removed_by_the_next_writer(tmp_path, place):
    names = (".part-0123abcd-model.pb", ".part-0123abcd-model")
    parts = [left_behind(tmp_path / name) for name in names]
    with place(tmp_path / "other.pb") as beside:
        assert not any(part.exists() for part in parts)
        beside.mkdir() if place is atomic_folder else beside.write_text("new")
    assert [path.name for path in tmp_path.iterdir()] == ["other.pb"]


@pytest.mark.parametrize("name", [".part-0123abcd-model.pb", ".part-0123abcd-model"])
def test_what_may_still_be_written_is_left_alone(tmp_path, name):
    part = left_behind(tmp_path / name, changed=time.time() - 60)
    with atomic_write(tmp_path / "other.pb") as beside:
        beside.write_text("new")
    assert part.exists()


@pytest.mark.parametrize("name", [".part-of-the-house.txt", "part-0123abcd-model.pb", ".part-0123abcd-"])
def test_files_of_others_are_left_alone(tmp_path, name):
    theirs = tmp_path / name
    theirs.write_text("theirs")
    os.utime(theirs, (LONG_AGO, LONG_AGO))
    with atomic_write(tmp_path / "other.pb") as beside:
        beside.write_text("new")
    assert theirs.exists()


def test_a_link_that_is_named_like_an_unfinished_folder_leads_to_nothing_being_removed(tmp_path):
    target = left_behind(tmp_path / "target")
    link = tmp_path / ".part-0123abcd-model"
    link.symlink_to(target, target_is_directory=True)
    os.utime(link, (LONG_AGO, LONG_AGO), follow_symlinks=False)
    with atomic_write(tmp_path / "other.pb") as beside:
        beside.write_text("new")
    assert (target / "variables").exists()
    assert not link.is_symlink()
