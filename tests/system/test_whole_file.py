"""Only regular files are read, and none that is too large."""

import os
import sys
import tracemalloc
from pathlib import Path

import pytest

from cadl_gui.system.whole_file import read_whole, require_file


def test_an_ordinary_file_is_read_also_through_a_link(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"whole")
    assert read_whole(path, 5) == b"whole"
    link = tmp_path / "link"
    link.symlink_to(path)
    assert read_whole(link, 5) == b"whole"


def test_what_is_too_large_missing_or_a_folder_is_refused(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"whole")
    with pytest.raises(OSError, match="too large"):
        read_whole(path, 4)
    with pytest.raises(FileNotFoundError):
        read_whole(tmp_path / "missing", 4)
    with pytest.raises(IsADirectoryError):
        read_whole(tmp_path, 4)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
def test_a_pipe_is_not_waited_for_and_a_device_not_read_without_end(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="a pipe or a device"):
            require_file(path)


def test_room_is_made_for_what_is_there_and_not_for_all_that_would_be_read(tmp_path):
    """The limit of a snapshot is a gigabyte, and one is read whenever the timeline moves."""
    (tmp_path / "small").write_bytes(b"x" * 1000)
    tracemalloc.start()
    try:
        assert len(read_whole(tmp_path / "small", 2**28)) == 1000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
