"""The specification of the packaged app is consistent with the program."""

import ctypes
import os
import platform
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
BINUTILS = pytest.mark.skipif(
    not (
        sys.platform == "linux"
        and platform.machine() == "x86_64"
        and shutil.which("as")
        and shutil.which("ld")
    ),
    reason="libraries are made smaller on Linux only, with the binutils",
)
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
    asked = [*PROJECT["dependencies"], *extras["test"], *extras["dev"], *extras["package"]]
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


def test_every_system_opens_sessions_and_checkpoints_with_the_program():
    entry = ConfigParser(interpolation=None)
    entry.read(PACKAGING / "share" / "applications" / "cadl-gui.desktop", encoding="utf-8")
    values = entry["Desktop Entry"]
    assert values["Exec"].split() == ["cadl-gui", "%f"]
    names = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    kinds = ET.parse(PACKAGING / "share" / "mime" / "packages" / "cadl-gui.xml").findall("m:mime-type", names)
    assert [kind.attrib["type"] for kind in kinds] == values["MimeType"].strip(";").split(";")
    assert [kind.find("m:glob", names).attrib["pattern"] for kind in kinds] == ["*.cadl", "*.keras"]
    on_windows = (PACKAGING / "associate.ps1").read_text(encoding="utf-8")
    on_mac = (ROOT / "cadl_gui.spec").read_text(encoding="utf-8")
    for ending in ("cadl", "keras"):
        assert f'".{ending}"' in on_windows
        assert f'{{"public.filename-extension": ["{ending}"]}}' in on_mac


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


def library(path, code, *options):
    """Assemble a shared library, and return its path."""
    path.with_suffix(".s").write_text(code)
    subprocess.run(["as", "-o", path.with_suffix(".o"), path.with_suffix(".s")], check=True)
    command = ["ld", "-shared", "--build-id=none", "-soname", path.name, *options, "-o", path]
    subprocess.run([*command, path.with_suffix(".o")], check=True)
    return path


def function(name, *instructions):
    return "\n".join(
        [".text", f".globl {name}", f".type {name}, @function", f"{name}:", *instructions, "ret", ""]
    )


# `answer` is found by name; it calls a function of C++, which reads a variable by way of its address.
INNER = (
    function("answer", "call _Z5innerv@PLT")
    + function("_Z5innerv", "mov pointer(%rip), %rax", "mov (%rax), %eax")
    + function("_Z5knownv", "mov $7, %eax")
    + ".data\n.globl _Z4data\n.type _Z4data, @object\n.size _Z4data, 4\n_Z4data: .long 42\n"
    + "pointer: .quad _Z4data\n"
)


@BINUTILS
def test_a_library_that_is_bound_inside_works_without_the_names_that_only_itself_uses(tmp_path):
    packaging = runpy.run_path(str(PACKAGING / "bind_inside.py"))
    source, target = library(tmp_path / "libwhole.so", INNER), tmp_path / "libbound.so"
    packaging["bind_inside"](source, target, {b"_Z5knownv"})
    assert {b"_Z5innerv", b"_Z4data"} <= packaging["dynamic_names"](source)
    assert packaging["dynamic_names"](target) == {b"", b"answer", b"_Z5knownv"}
    bound = ctypes.CDLL(str(target))
    assert bound.answer() == 42
    assert bound["_Z5knownv"]() == 7
    with pytest.raises(AttributeError, match="_Z5innerv"):
        bound["_Z5innerv"]


@BINUTILS
def test_a_library_that_is_bound_inside_still_uses_what_another_library_has(tmp_path):
    packaging = runpy.run_path(str(PACKAGING / "bind_inside.py"))
    other = library(tmp_path / "libother.so", function("_Z5otherv", "mov $9, %eax"))
    code = function("answer", "call _Z5otherv@PLT") + ".data\n.quad answer\n"
    source = library(tmp_path / "libuser.so", code, "-rpath", str(tmp_path), str(other))
    packaging["bind_inside"](source, tmp_path / "libbound.so", packaging["dynamic_names"](other))
    assert ctypes.CDLL(str(tmp_path / "libbound.so")).answer() == 9


@BINUTILS
def test_a_library_stands_in_for_another_with_the_names_and_versions_that_others_look_for(tmp_path):
    packaging = runpy.run_path(str(PACKAGING / "smaller_libraries.py"))
    (tmp_path / "versions").write_text("FIRST { global: one; }; SECOND { global: two; };")
    code = "".join(function(name, "mov $1, %eax") for name in ("one", "two"))
    options = (f"--version-script={tmp_path / 'versions'}",)
    original = library(tmp_path / "libused.so", code, *options)
    calls = function("answer", "call one@PLT", "mov %eax, %ebx", "call two@PLT", "add %ebx, %eax")
    user = library(tmp_path / "libuser.so", calls, "-rpath", str(tmp_path), str(original))
    stand_in = tmp_path / "stand_in" / "libused.so"
    stand_in.parent.mkdir()
    packaging["write_stand_in"](original, stand_in)
    stand_in.replace(original)
    assert ctypes.CDLL(str(user), os.RTLD_NOW).answer() == 0


@BINUTILS
def test_a_library_for_another_processor_is_left_as_it_is(tmp_path):
    """Its relocations and instructions are others; this one says in its header that it is for 64-bit Arm."""
    source = library(tmp_path / "libwhole.so", INNER)
    source.write_bytes(source.read_bytes()[:18] + (183).to_bytes(2, "little") + source.read_bytes()[20:])
    runpy.run_path(str(PACKAGING / "bind_inside.py"))["bind_inside"](source, tmp_path / "bound.so", set())
    runpy.run_path(str(PACKAGING / "smaller_libraries.py"))["write_stand_in"](
        source, tmp_path / "stand_in.so"
    )
    for name in ("bound.so", "stand_in.so"):
        assert (tmp_path / name).read_bytes() == source.read_bytes()


SORTED = """
from PySide6.QtCore import QCollator, QLocale, QStringConverter
for language in QLocale.Language:
    collator = QCollator(QLocale(language))
    collator.setNumericMode(True)
    words = ["z", "Ärger", "ärger", "åka", "chleb", "čas", "file 10", "file 9", "あ", "ア", "漢", "ñ", "nz"]
    print(language.name, [collator.compare(a, b) for a in words for b in words])
print(QStringConverter.availableCodecs())
"""


@BINUTILS
def test_files_are_sorted_in_every_language_with_the_smaller_data_of_icu(tmp_path):
    import PySide6

    (original,) = (Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*")
    spec = (ROOT / "cadl_gui.spec").read_text(encoding="utf-8")
    patterns = re.findall(
        r'"([^"]+)"', re.search(r"^UNUSED_ICU = \[(.*?)^\]", spec, re.DOTALL | re.MULTILINE)[1]
    )
    runpy.run_path(str(PACKAGING / "smaller_libraries.py"))["write_smaller_icu"](
        original, tmp_path / original.name, patterns
    )
    assert (tmp_path / original.name).stat().st_size < 0.5 * original.stat().st_size
    whole, smaller = (
        subprocess.run(
            [sys.executable, "-c", SORTED],
            env=os.environ | {"LD_LIBRARY_PATH": folder},
            capture_output=True,
            check=True,
        ).stdout
        for folder in ("", str(tmp_path))
    )
    assert smaller == whole
