"""A user without a home folder gets a temporary one, and a message."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cadl_gui.system.home import cache_folder, ensure_home, home_complaint


@pytest.fixture
def homeless(monkeypatch, tmp_path):
    def home():
        if "HOME" not in os.environ:
            raise RuntimeError
        return Path(os.environ["HOME"])

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("HOME", "")  # put back after the test
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(Path, "home", home)


def test_a_home_that_is_there_is_left_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    ensure_home()
    assert os.environ["HOME"] == str(tmp_path)
    assert home_complaint() == ""


def test_a_user_without_a_home_gets_one_of_their_own_and_is_reported(homeless, tmp_path):
    ensure_home()
    home = Path(os.environ["HOME"])
    assert home.parent == tmp_path
    assert home.stat().st_mode & 0o077 == 0, "nobody else can look into it"
    assert str(home) in home_complaint()
    ensure_home()
    assert os.environ["HOME"] == str(home)


@pytest.mark.skipif(sys.platform != "linux", reason="XDG_CACHE_HOME is looked at on Linux only")
def test_where_no_cache_can_be_created_it_is_temporary(tmp_path):
    """One folder for the whole process, which leaves nothing behind."""
    (tmp_path / "file").touch()
    program = (
        "from cadl_gui.system.home import cache_folder\n"
        "folder = cache_folder()\n"
        "(folder / 'datasets').mkdir()\n"
        "assert folder == cache_folder()\n"
        "print(folder)"
    )
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "file" / "cache"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    folder = Path(done.stdout.strip())
    assert folder.parent == tmp_path
    assert not folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="XDG_CACHE_HOME is looked at on Linux only")
def test_a_cache_that_can_be_created_is_where_the_system_wants_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "cadl_gui"
