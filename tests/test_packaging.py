"""The specification of the packaged app is consistent with the program."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
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


def test_top_folder_has_no_other_entries():
    """Once, films that a script had written where it was started were committed."""
    names = [path.name for path in ROOT.iterdir()]
    if (ROOT / ".git").exists() and shutil.which("git"):  # elsewhere, nothing has been added yet
        command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        names = [path.partition("/")[0] for path in listed.splitlines()]
    assert {name for name in names if not name.startswith(".")} == {
        "cadl_gui", "resources", "tests", "cadl_gui.spec", "pyproject.toml",
        "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "LICENSES", "README.md", "SECURITY.md",
    }  # fmt: skip


def test_the_readme_is_short_and_its_pages_have_no_link_that_leads_nowhere():
    """Links within the manual are checked when its site is built."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"):
        links = re.findall(r"\]\(([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
        assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == [], page


def test_the_package_has_one_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert PROJECT["version"] == __version__ == re.search(r"^version: (.+)$", citation, re.MULTILINE)[1]


def test_the_wheel_names_each_licence_of_which_a_text_and_a_file_are_there():
    """What `reuse lint` holds against the files is held against what the wheel says of itself."""
    texts = {path.stem for path in (ROOT / "LICENSES").iterdir()}
    files = re.findall(
        r"^License: (.+)$", (ROOT / ".reuse" / "dep5").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert texts == {name for line in files for name in line.split(" AND ")}
    assert texts == set(PROJECT["license"].split(" AND "))
    assert {"LICENSE", "LICENSES/*", "resources/ATTRIBUTION.md"} == set(PROJECT["license-files"])


def test_what_was_tested_is_pinned_within_what_may_be_installed():
    """Without it, a newer version of a library makes the tests fail although nothing was committed."""
    lines = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"]]
    asked += [each for name in ("test", "dev", "browser", "package") for each in extras[name]]
    for python in ("3.11", "3.12", "3.13"):
        environment = {"python_version": python}
        pinned = {
            canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
            for pin in pins
            if pin.marker is None or pin.marker.evaluate(environment)
        }
        for wanted in map(Requirement, asked):
            if wanted.name != PROJECT["name"] and (not wanted.marker or wanted.marker.evaluate(environment)):
                assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def test_the_icons_have_every_size_that_a_system_needs():
    with Image.open(ICONS / "app.ico") as ico:
        assert {16, 24, 32, 48, 256} <= {width for width, _ in ico.info["sizes"]}
    with Image.open(ICONS / "app.icns") as icns:
        assert {128, 256, 512} <= {width * scale for width, _, scale in icns.info["sizes"]}
    with Image.open(ICONS / "app.png") as png:
        assert png.size == (256, 256)
        assert png.getpixel((0, 0))[3] == 0, "corners are transparent"


def test_every_system_opens_sessions_lessons_and_checkpoints_with_the_program():
    entry = ConfigParser(interpolation=None)
    entry.read(PACKAGING / "share" / "applications" / "cadl-gui.desktop", encoding="utf-8")
    values = entry["Desktop Entry"]
    assert values["Exec"].split() == ["cadl-gui", "%f"]
    names = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    kinds = ET.parse(PACKAGING / "share" / "mime" / "packages" / "cadl-gui.xml").findall("m:mime-type", names)
    assert [kind.attrib["type"] for kind in kinds] == values["MimeType"].strip(";").split(";")
    told = {
        (kind.find("m:comment", names).text, kind.find("m:glob", names).attrib["pattern"][1:])
        for kind in kinds
    }
    assert {ending for _, ending in told} == {".cadl", ".cadl-lesson", ".keras"}
    by_script = (PACKAGING / "associate.ps1").read_text(encoding="utf-8")
    classes = dict(re.findall(r'\("(\.[\w-]+)", "(CADL\.\w+)", "', by_script))
    assert {
        (title, ending) for ending, _, title in re.findall(r'\("(.+)", "(.+)", "(.+)"\)', by_script)
    } == told
    on_mac = re.findall(
        r'file_type\("[^"]+", "([^"]+)", "([^"]+)"\)', (ROOT / "cadl_gui.spec").read_text("utf-8")
    )
    assert {(title, f".{ending}") for title, ending in on_mac} == told
    values = registered(ET.parse(PACKAGING / "cadl-gui.wxs"))
    program = "[INSTALLFOLDER]cadl-gui.exe"
    assert {(values[values[ending]], ending) for ending in values if ending.startswith(".")} == told
    for ending, name in classes.items():
        assert values[ending] == name
        assert values[f"{name}\\shell\\open\\command"] == f'"{program}" "%1"'
        assert values[f"{name}\\DefaultIcon"] == f'"{program}",0'


def registered(installer):
    """What the installer for Windows registers as kinds of files, by key."""
    entries = [each.attrib for each in installer.iter() if each.tag.endswith("}RegistryValue")]
    return {
        entry["Key"].removeprefix("Software\\Classes\\"): entry["Value"]
        for entry in entries
        if entry["Key"].startswith("Software\\Classes\\")
    }


def test_the_installer_for_windows_gives_each_part_a_name_and_each_component_one_key():
    parts = [*ET.parse(PACKAGING / "cadl-gui.wxs").iter()]
    for name in ("Id", "Guid"):
        given = [part.attrib[name] for part in parts if name in part.attrib]
        assert given, name
        assert len(given) == len(set(given)), name
    components = [part for part in parts if part.tag.endswith("}Component")]
    assert len(components) == 5
    assert [sum(child.get("KeyPath") == "yes" for child in each) for each in components] == [1] * 5
    needed = {
        name for part in parts for value in part.attrib.values() for name in re.findall(r"\$\((\w+)\)", value)
    }
    builds = (ROOT / ".ci" / "installer").read_text(encoding="utf-8")
    assert needed == set(re.findall(r'-d "(\w+)=', builds))


@pytest.mark.skipif(sys.platform == "win32", reason="a script of Linux and macOS")
def test_what_signs_the_packages_ends_well_without_secrets_and_says_which_is_missing(tmp_path):
    """On a pretended macOS and Windows."""
    for system, secret in (("Darwin", "MACOS_CERTIFICATE"), ("MINGW64_NT-10.0", "WINDOWS_CERTIFICATE")):
        uname = tmp_path / "uname"
        uname.write_text(f"#!/bin/sh\necho {system}\n")
        uname.chmod(0o755)
        pretended = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        done = subprocess.run(
            [ROOT / ".ci" / "sign"], env=pretended, capture_output=True, text=True, check=True
        )
        assert done.stdout == f"Not signed: the secret {secret} is not set.\n"


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


@pytest.mark.skipif(sys.platform == "win32", reason="a script of Linux and macOS")
def test_the_notes_of_a_release_are_the_section_of_its_version():
    def notes(tag):
        return subprocess.run([ROOT / ".ci" / "notes", tag], capture_output=True, text=True, check=False)

    told = notes(f"v{__version__}").stdout
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}] – " in text
    assert len(told.splitlines()) > 5
    assert told in text
    assert "## [" not in told
    other = notes("v0.0.7")
    assert other.returncode == 1
    assert "does not name version 0.0.7" in other.stderr


def test_the_workflows_only_call_scripts_that_run_here_too():
    steps = [
        line.split("run:", 1)[1].strip()
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"^[ -]*run: *\S", line)
    ]
    assert len(steps) >= 8
    for step in steps:
        script = re.fullmatch(r"""(?:sudo (?:env "PATH=\$PATH" )?)?(\.ci/[\w-]+)(?: [\w$"=. -]+)?""", step)
        assert script, step
        assert (ROOT / script[1]).is_file(), step


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
