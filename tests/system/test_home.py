"""A user without a home folder gets a temporary one, and a message."""

import os
import tempfile
from pathlib import Path

import pytest

from cadl_gui.system.home import ensure_home, home_complaint


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
