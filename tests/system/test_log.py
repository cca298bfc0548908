"""The log is a file if possible; crashes of libraries are logged in a second one."""

import faulthandler
import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from cadl_gui.system.log import open_log


@pytest.fixture(autouse=True)
def _unlogged():
    """Removes log handlers after each test."""
    yield
    package = logging.getLogger("cadl_gui")
    for handler in package.handlers[:]:
        package.removeHandler(handler)
        handler.close()


def test_the_log_is_made_with_its_folder_and_names_the_version(tmp_path):
    file = tmp_path / "Protokolle für Ä" / "cadl_gui.log"
    assert open_log(file)
    logging.getLogger("cadl_gui.ui").error("it broke ✗")
    text = file.read_text(encoding="utf-8")
    assert "cadl_gui 0" in text
    assert "ERROR cadl_gui.ui: it broke ✗" in text


def test_where_no_file_can_be_written_standard_error_has_it(tmp_path, capsys):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    assert not open_log(in_the_way / "cadl_gui.log")
    logging.getLogger("cadl_gui").error("it broke")
    assert "it broke" in capsys.readouterr().err


def test_a_log_that_is_opened_again_is_written_once(tmp_path):
    open_log(tmp_path / "cadl_gui.log")
    open_log(tmp_path / "cadl_gui.log")
    logging.getLogger("cadl_gui").error("it broke")
    assert (tmp_path / "cadl_gui.log").read_text(encoding="utf-8").count("it broke") == 1
    assert faulthandler.is_enabled()


def open_files():
    """The number of files that this process has open."""
    n = 0
    for descriptor in range(1000):
        with suppress(OSError):
            os.fstat(descriptor)
            n += 1
    return n


def test_however_often_logs_are_opened_two_files_are_open(tmp_path):
    open_log(tmp_path / "first.log")
    before = open_files()
    for name in ("second.log", "third.log"):
        open_log(tmp_path / name)
        assert open_files() == before


def test_each_crash_leaves_its_trace_below_those_before(tmp_path):
    program = (
        "import os, pathlib, sys\n"
        "from cadl_gui.system.log import open_log\n"
        "def overreaches(): os.abort()\n"
        "def stumbles(): os.abort()\n"
        "open_log(pathlib.Path(sys.argv[1])); globals()[sys.argv[2]]()"
    )
    for callback in ("overreaches", "stumbles"):
        done = subprocess.run(
            [sys.executable, "-c", program, tmp_path / "cadl_gui.log", callback], check=False
        )
        assert done.returncode != 0
    trace = (tmp_path / "cadl_gui.crash.log").read_text(encoding="utf-8")
    assert 0 < trace.find("overreaches") < trace.find("stumbles")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_on_a_full_disk_there_is_one_sentence_and_no_traceback(tmp_path):
    """In a process of its own: at its end, the rest would be written."""
    (tmp_path / "full.log").symlink_to("/dev/full")
    code = (
        "import logging, sys; from pathlib import Path; from cadl_gui.system.log import open_log; "
        "open_log(Path(sys.argv[1])); log = logging.getLogger('cadl_gui'); "
        "log.error('it broke'); log.error('again'); print('it goes on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "full.log")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "it goes on\n")
    assert done.stderr == f"The log “{tmp_path / 'full.log'}” cannot be written: No space left on device.\n"
