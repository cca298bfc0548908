"""What every test gets: an offscreen Qt, settings of its own, and a check that no thread is left behind."""

import os
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Settings and runs of a test live in its own folder, never in the user's."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def no_dangling_threads():
    """A test that leaves a thread of Qt's running fails."""
    before = {thread.ident for thread in threading.enumerate()}
    yield
    left = [
        thread for thread in threading.enumerate() if thread.ident not in before and "Dummy" in thread.name
    ]
    assert not left, f"threads left running: {left}"
