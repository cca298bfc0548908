"""Only regular files are read, and none that is too large."""

import os
import sys
import tracemalloc
from pathlib import Path

import pytest

from cadl_gui.system.whole_file import read_whole, read_whole_quickly, require_file


@pytest.fixture(params=["carefully", "quickly"])
def read(request):
    """Both ways of reading."""
    return read_whole if request.param == "carefully" else lambda path, n: read_whole_quickly(str(path), n)


def test_an_ordinary_file_is_read_also_through_a_link(tmp_path, read):
    path = tmp_path / "file"
    path.write_bytes(b"whole")
    assert read(path, 5) == b"whole"
    link = tmp_path / "link"
    link.symlink_to(path)
    assert read(link, 5) == b"whole"


def test_what_is_too_large_missing_or_a_folder_is_refused(tmp_path, read):
    path = tmp_path / "file"
    path.write_bytes(b"whole")
    with pytest.raises(OSError, match="too large"):
        read(path, 4)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "missing", 4)
    with pytest.raises(OSError, match=r"directory|pipe or a device"):
        read(tmp_path, 4)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
def test_a_pipe_is_not_waited_for_and_a_device_not_read_without_end(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="a pipe or a device"):
            require_file(path)
        with pytest.raises(OSError, match="a pipe or a device"):
            read_whole_quickly(str(path), 100)


def test_room_is_made_for_what_is_there_and_not_for_all_that_would_be_read(tmp_path):
    """The limit of a snapshot is a gigabyte, and one is read whenever the timeline moves."""
    (tmp_path / "small").write_bytes(b"x" * 1000)
    tracemalloc.start()
    try:
        assert len(read_whole(tmp_path / "small", 2**28)) == 1000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
