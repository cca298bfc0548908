"""Where Qt could not start, one sentence names the packages."""

import sys

import pytest

from cadl_gui.core.system_libraries import complaint, missing_packages

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux leaves them out")


def nothing_but(*present):
    def load(name):
        if name not in present:
            raise OSError(name)

    return load


def test_x11_needs_the_libraries_of_the_xcb_plugin():
    missing = missing_packages({"DISPLAY": ":0"}, nothing_but("libEGL.so.1", "libGL.so.1"))
    assert {"libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxkbcommon-x11-0"} <= set(missing)
    assert "libegl1" not in missing


def test_offscreen_needs_none_of_them():
    missing = missing_packages({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, nothing_but())
    assert "libegl1" in missing
    assert "libxcb-cursor0" not in missing


def test_the_sentence_can_be_pasted_into_a_terminal(monkeypatch):
    monkeypatch.setattr("cadl_gui.core.system_libraries.missing_packages", lambda _: ("libxcb-cursor0",))
    assert complaint({"DISPLAY": ":0"}).endswith("sudo apt install libxcb-cursor0")


def test_no_display_is_told(monkeypatch):
    monkeypatch.setattr("cadl_gui.core.system_libraries.missing_packages", lambda _: ())
    assert "no display" in complaint({})
    assert complaint({"WAYLAND_DISPLAY": "wayland-0"}) == ""
