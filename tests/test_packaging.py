"""The specification of the packaged app is consistent with the program."""

import os
import re
import runpy
import sys
import tomllib
import xml.etree.ElementTree as ET
from configparser import ConfigParser
from pathlib import Path

import pytest
from PIL import Image

from cadl_gui import __version__

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "resources" / "packaging"
ICONS = ROOT / "resources" / "icons"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def requirements():
    return runpy.run_path(str(PACKAGING / "requirements.py"))["requirements"]


def test_the_app_is_built_with_everything_that_the_program_requires(requirements):
    for wanted in PROJECT["dependencies"]:
        if not wanted.startswith("tensorflow"):
            assert wanted in requirements("linux")


def test_linux_gets_the_tensorflow_without_gpu_and_of_the_same_version(requirements):
    (asked,) = [wanted for wanted in PROJECT["dependencies"] if wanted.startswith("tensorflow")]
    assert [wanted for wanted in requirements("linux") if "tensorflow" in wanted] == [
        asked.replace("tensorflow", "tensorflow-cpu")
    ]
    assert asked in requirements("darwin")
    assert asked in requirements("win32")


def test_the_package_has_one_version():
    assert PROJECT["version"] == __version__


def test_the_icons_have_every_size_that_a_system_needs():
    with Image.open(ICONS / "app.ico") as ico:
        assert {16, 24, 32, 48, 256} <= {width for width, _ in ico.info["sizes"]}
    with Image.open(ICONS / "app.icns") as icns:
        assert {128, 256, 512} <= {width * scale for width, _, scale in icns.info["sizes"]}
    with Image.open(ICONS / "app.png") as png:
        assert png.size == (256, 256)
        assert png.getpixel((0, 0))[3] == 0, "corners are transparent"


def test_the_desktop_entry_opens_the_type_that_the_mime_file_declares():
    entry = ConfigParser(interpolation=None)
    entry.read(PACKAGING / "share" / "applications" / "cadl-gui.desktop", encoding="utf-8")
    values = entry["Desktop Entry"]
    assert values["Exec"].split() == ["cadl-gui", "%f"]
    names = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    (kind,) = ET.parse(PACKAGING / "share" / "mime" / "packages" / "cadl-gui.xml").findall(
        "m:mime-type", names
    )
    assert kind.attrib["type"] in values["MimeType"].split(";")
    assert kind.find("m:glob", names).attrib["pattern"] == "*.keras"


def test_every_action_of_the_workflows_is_pinned_to_a_full_commit():
    used = [
        line.split("uses:")[1].strip()
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", action), action


def test_the_programs_start_what_the_entry_points_start():
    source = (PACKAGING / "program.py").read_text(encoding="utf-8")
    for entry in (PROJECT["scripts"]["cadl"], PROJECT["gui-scripts"]["cadl-gui"]):
        module, function = entry.split(":")
        assert f"from {module} import {function}\n" in source


def started(monkeypatch, name):
    """Run the program under a name, and return which entry point was started."""
    monkeypatch.setattr(sys, "argv", [name])
    monkeypatch.setenv("LD_LIBRARY_PATH", os.environ.get("LD_LIBRARY_PATH", ""))  # put back after the test
    for module in ("cli", "app"):
        monkeypatch.setattr(f"cadl_gui.{module}.main", lambda module=module: module)
    with pytest.raises(SystemExit) as left:
        exec((PACKAGING / "program.py").read_text(encoding="utf-8"))
    return left.value.code


@pytest.mark.parametrize(
    ("name", "expected"), [("cadl", "cli"), ("/opt/CADL.exe", "cli"), ("cadl-gui", "app"), ("Üben", "app")]
)
def test_the_entry_point_depends_on_the_name_of_the_program(monkeypatch, name, expected):
    assert started(monkeypatch, name) == expected


@pytest.mark.parametrize("original", [None, "/opt/lib"])
def test_programs_that_it_starts_look_for_libraries_where_they_always_did(monkeypatch, original):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/app/_internal")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if original is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", original)
    started(monkeypatch, "cadl")
    assert os.environ.get("LD_LIBRARY_PATH") == original
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_a_stub_says_that_something_was_left_out():
    stand_in = runpy.run_path(str(PACKAGING / "stand_in" / "__init__.py"), run_name="tensorflow.lite")
    with pytest.raises(AttributeError, match=r"tensorflow\.lite\.Interpreter was left out"):
        stand_in["__getattr__"]("Interpreter")
