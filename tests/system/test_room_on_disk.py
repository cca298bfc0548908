"""All files in a folder are counted once, and none outside it."""

import os

import pytest

from cadl_gui.system.room_on_disk import bytes_of


@pytest.fixture
def folder(tmp_path):
    """300 bytes in two files, one of them in a subfolder."""
    folder = tmp_path / "run"
    (folder / "snapshots").mkdir(parents=True)
    (folder / "run.json").write_bytes(bytes(100))
    (folder / "snapshots" / "a.h5").write_bytes(bytes(200))
    return folder


def test_files_in_folders_of_a_folder_count(folder):
    assert bytes_of(folder) == 300


def test_a_file_counts_by_itself(folder):
    assert bytes_of(folder / "run.json") == 100


def test_what_links_lead_to_does_not_count(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "large").write_bytes(bytes(5000))
    try:
        (folder / "folder").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
        (folder / "file").symlink_to(tmp_path / "elsewhere" / "large")
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert 300 <= bytes_of(folder) < 5000


def test_what_goes_meanwhile_takes_no_room(folder, monkeypatch):
    """A training that drops snapshots removes files while they are counted."""
    walk = os.walk

    def before_it_goes(path):
        yield from walk(path)
        yield str(path), [], ["gone.h5"]

    monkeypatch.setattr(os, "walk", before_it_goes)
    assert bytes_of(folder) == 300
    assert bytes_of(folder / "gone.h5") == 0
