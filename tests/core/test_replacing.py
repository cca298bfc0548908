"""A file that is replaced is the old one or the new one, never half of either."""

import pytest

from cadl_gui.core.replacing import replacing


def test_the_new_file_is_in_place_after_the_block_and_not_before(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    with replacing(path) as beside:
        beside.write_text("new")
        assert path.read_text() == "old"
        assert beside.suffix == ".json"
    assert path.read_text() == "new"
    assert not beside.exists()


def test_an_error_leaves_the_old_file_and_nothing_beside(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as beside:
        beside.write_text("half") / 0
    assert path.read_text() == "old"
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [path]


def test_whoever_reads_the_old_file_keeps_it(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    with path.open() as follower:
        with replacing(path) as beside:
            beside.write_text("new")
        assert follower.read() == "old"
