"""If Qt cannot start, a message names the missing packages."""

import re
import sys
from pathlib import Path

import pytest

from cadl_gui.system.system_libraries import complaint, missing_packages

README = Path(__file__).parents[2] / "README.md"
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux leaves them out")


def nothing_but(*present):
    def load(name):
        if name not in present:
            raise OSError(name)

    return load


@on_linux
def test_x11_needs_the_libraries_of_the_xcb_plugin():
    missing = missing_packages({"DISPLAY": ":0"}, nothing_but("libEGL.so.1", "libGL.so.1"))
    assert {"libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxkbcommon-x11-0"} <= set(missing)
    assert "libegl1" not in missing


@on_linux
def test_wayland_needs_its_own_libraries_and_not_those_of_x11():
    missing = missing_packages({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, nothing_but())
    assert {"libwayland-client0", "libwayland-cursor0", "libglib2.0-0"} <= set(missing)
    assert "libxcb-cursor0" not in missing


@on_linux
def test_offscreen_needs_none_of_them():
    missing = missing_packages({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, nothing_but())
    assert "libegl1" in missing
    assert "libxcb-cursor0" not in missing


@on_linux
def test_the_message_can_be_pasted_into_a_terminal():
    def load(name):
        if "xcb-cursor" in name:
            raise OSError(name)

    assert complaint({"DISPLAY": ":0"}, load).endswith("sudo apt install libxcb-cursor0")


@on_linux
def test_no_display_is_reported():
    assert "no display" in complaint({}, lambda _: None)
    assert complaint({"WAYLAND_DISPLAY": "wayland-0"}, lambda _: None) == ""


@on_linux
@pytest.mark.parametrize(("mark", "others"), [("install", set()), ("test", {"strace"})])
def test_the_readme_installs_every_package_that_the_program_can_ask_for(mark, others):
    """Its line for Debian and Ubuntu begins with them, so that it works on a bare machine."""
    text = README.read_text(encoding="utf-8")
    command = re.search(rf"<!-- {mark} -->\n```sh\n(.+?)\n```", text, re.DOTALL)
    assert command is not None
    installed = re.search(r"apt-get install -y ([^&]+)&&", command[1])
    assert installed is not None
    needed = (missing_packages({"QT_QPA_PLATFORM": each}, nothing_but()) for each in ("xcb", "wayland"))
    assert set(installed[1].split()) == {"python3-venv"}.union(others, *needed)
