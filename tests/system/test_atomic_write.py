"""A file that is replaced is either the old one or the new one, never part of either."""

import os
import socket
import time
from pathlib import Path

import pytest

from cadl_gui.system.atomic_write import atomic_folder, atomic_output, atomic_write, require_writable

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
    for file in (path, path.with_suffix(".ONNX")):
        with atomic_write(file) as beside:
            beside.write_text("new")
            assert beside.suffix == ".onnx", "Keras and NumPy know a format by small letters"
        assert file.read_text() == "new"


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


def special(tmp_path, kind):
    """A pipe, or a socket."""
    path = tmp_path / "special"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        with socket.socket(socket.AF_UNIX) as own:
            own.bind(str(path))
    return path


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_what_is_no_file_is_not_replaced(tmp_path, kind):
    path = special(tmp_path, kind)
    before = path.lstat()
    for writing in (atomic_write, atomic_output):
        with pytest.raises(OSError, match="a pipe or a device"), writing(path):
            pytest.fail("it began to work")
    with pytest.raises(OSError, match="a pipe or a device"):
        require_writable(path)
    assert (path.lstat().st_ino, path.lstat().st_mode) == (before.st_ino, before.st_mode)


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
def test_what_has_become_a_pipe_meanwhile_is_not_replaced_and_nothing_is_left_beside(tmp_path):
    path = tmp_path / "special"

    def write():
        with atomic_write(path) as beside:
            beside.write_text("new")
            os.mkfifo(path)

    with pytest.raises(OSError, match="a pipe or a device"):
        write()
    assert path.is_fifo()
    assert [each.name for each in tmp_path.iterdir()] == ["special"]


@pytest.mark.parametrize("is_there", [True, False], ids=["file", "nothing"])
def test_a_link_that_the_user_names_stays_and_leads_to_the_new_file(tmp_path, is_there):
    """Twice: the first time must not turn it into a file."""
    target, link = tmp_path / "there" / "chosen.png", tmp_path / "latest.png"
    target.parent.mkdir()
    if is_there:
        target.write_text("old")
    link.symlink_to(target)
    for text in ("new", "newer"):
        require_writable(link)
        with atomic_output(link) as beside:
            assert beside.parent == target.parent
            beside.write_text(text)
        assert link.is_symlink()
        assert target.read_text() == text
    assert [each.name for each in target.parent.iterdir()] == ["chosen.png"]


def test_a_link_in_the_program_s_own_folders_is_replaced_and_not_followed(tmp_path):
    """A run folder of a stranger may lead anywhere."""
    letter, link = tmp_path / "letter.txt", tmp_path / "history.jsonl"
    letter.write_text("mine")
    link.symlink_to(letter)
    with atomic_write(link) as beside:
        beside.write_text("new")
    assert letter.read_text() == "mine"
    assert link.read_text() == "new"


@pytest.fixture
def run(tmp_path):
    """What a training has written."""
    folder = tmp_path / "run"
    (folder / "snapshots").mkdir(parents=True)
    for name in ("run.json", "checkpoint-0001.keras", "snapshots/epoch-0001-batch-0000.h5"):
        (folder / name).write_text("trained")
    return folder


@pytest.mark.parametrize(
    "name", ["checkpoint-0001.keras", "checkpoint-0002.keras", "snapshots/epoch-0001-batch-0000.h5"]
)
def test_output_goes_into_no_folder_of_a_run_under_any_name(tmp_path, run, name):
    link = tmp_path / "link.keras"
    link.symlink_to(run / name)
    for path in (run / name, link):
        with pytest.raises(PermissionError, match="the folder of a run"):
            require_writable(path)
        with pytest.raises(PermissionError, match="the folder of a run"), atomic_output(path):
            pytest.fail("it began to work")
    with atomic_write(run / name) as beside:  # its own training may
        beside.write_text("trained on")


def test_beside_a_run_there_is_room_and_a_run_json_alone_makes_none(tmp_path, run):
    (tmp_path / "run.json").write_text("of another program")
    for path in (tmp_path / "model.keras", run.parent / "run.keras"):
        require_writable(path)
        with atomic_output(path) as beside:
            beside.write_text("new")
        assert path.read_text() == "new"
