"""What `resources/ATTRIBUTION.md` lists is what is installed, and what is packaged says whose it is."""

import re
import runpy
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from PySide6.QtWidgets import QTextBrowser

from cadl_gui.ui.window.help_pages import AboutDialog

ROOT = Path(__file__).resolve().parents[1]
licences = runpy.run_path(str(ROOT / "resources" / "packaging" / "licences.py"))
listed_packages, normalised = licences["listed_packages"], licences["normalised"]


@pytest.fixture(scope="module")
def packages():
    """All that the program requires, and what that requires, by its name on PyPI."""
    found, asked = {}, ["cadl-gui"]
    while asked:
        name = normalised(asked.pop())
        if name not in found:
            found[name] = metadata.distribution(name)
            wanted = map(Requirement, found[name].requires or ())
            asked += [one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    del found["cadl-gui"]
    return found


def test_every_package_that_is_installed_is_listed_with_the_licence_that_it_names(packages):
    assert len(packages) > 30
    listed = listed_packages()
    for name, package in packages.items():
        about = package.metadata
        if expression := about.get("License-Expression"):
            # Of what was put together from several projects, the list may know more.
            assert listed[name].startswith(expression), name
        else:
            files = [path for path in package.files if path.name.startswith(("LICENSE", "NOTICE"))]
            texts = [about.get("License", ""), *(about.get_all("Classifier") or ())]
            texts += [path.read_text("utf-8") for path in files]
            for licence in re.split(r" AND | OR ", listed[name]):
                family = {"PSF": "PYTHON SOFTWARE FOUNDATION", "BSD": "(BSD|Redistribution and use)"}
                kind = licence.partition("-")[0]
                assert re.search(family.get(kind, kind), "\n".join(texts)), (name, licence)


def test_every_library_that_a_package_brings_along_is_listed(packages):
    paths = [path.as_posix() for package in packages.values() for path in package.files]
    assert licences["unlisted_libraries"](paths) == []
    other = "pillow.libs/libimagequant-9393c086.so.0.4"
    assert licences["unlisted_libraries"]([*paths, other, "libother.so.1"]) == ["libother.so.1", other]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("av.libs/libavcodec-5e6b81c2.so.62.28.102", "avcodec"),
        ("av.libs/avcodec-62-984de33114b7fa384296817dec999c9d.dll", "avcodec"),
        ("av.libs/libstdc++-6-2d5c346d47ad531ef9f5185db0e8cef3.dll", "stdc++"),
        ("PIL/.dylibs/libz.1.3.1.zlib-ng.dylib", "z"),
        ("av/.dylibs/libavcodec.62.28.102.dylib", "avcodec"),
        ("numpy.libs/libgfortran-040039e1-0352e75f.so.5.0.0", "gfortran"),
        ("libglib-2.0.so.0", "glib"),
        ("h5py.libs/libhdf5_hl-a45b8ce6.so.310", "hdf5_hl"),
    ],
)
def test_the_name_of_a_library_is_the_same_on_every_system(file, name):
    assert licences["library_name"](file) == name


def test_the_packaged_app_has_texts_and_an_offer_of_source_in_exact_versions(packages, tmp_path):
    folder = tmp_path / "licences"
    folder.mkdir()
    (folder / "of-another-build").touch()
    for _ in range(2):
        licences["write_licences"](folder, "9.8.7", {"av", "pillow"}, [])
    notice = (folder / "NOTICE.md").read_text(encoding="utf-8")
    assert "CADL 9.8.7" in notice
    rows = [f"| {name} | {packages[name].version} | {listed_packages()[name]} |" for name in ("av", "pillow")]
    assert "\n".join(rows) in notice
    assert re.search(r"FFmpeg \d+\.\d.*, x264, x265", notice)
    assert "version 3 or later (`COPYING`)" in notice
    assert "GENERAL PUBLIC LICENSE" in (folder / "COPYING").read_text(encoding="utf-8")
    assert "LESSER" in (folder / "COPYING.LESSER").read_text(encoding="utf-8")
    assert (folder / "pillow" / "LICENSE").stat().st_size > 10_000
    assert {path.name for path in folder.iterdir()} == {
        "COPYING", "COPYING.LESSER", "LICENSE", "LICENSES", "NOTICE.md", "av", "pillow"
    }  # fmt: skip
    with pytest.raises(KeyError, match="pluggy"):
        licences["write_licences"](folder, "9.8.7", {"pluggy"}, [])


@pytest.mark.parametrize("file", ["README.md", "cadl_gui.spec", ".ci/release", "resources/ATTRIBUTION.md"])
def test_whoever_gets_the_packaged_app_is_told_that_the_gpl_holds_for_it(file):
    """Its stamp once said MIT."""
    words = " ".join((ROOT / file).read_text(encoding="utf-8").split())
    assert re.search(r"GNU (GPL|General Public License), version 3 or later", words)


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="it is Debian's and Ubuntu's")
def test_the_packaged_app_names_the_source_package_of_a_library_of_the_system(tmp_path):
    licences["write_licences"](
        tmp_path / "licences", "9.8.7", ["av"], [shutil.which("dpkg-query"), "/nothing.so"]
    )
    command = ["dpkg-query", "-W", "-f", "| dpkg | ${Version} |", "dpkg"]
    row = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert (
        (tmp_path / "licences" / "NOTICE.md")
        .read_text(encoding="utf-8")
        .endswith(f"| version |\n|---|---|\n{row}\n")
    )
    assert "GPL" in (tmp_path / "licences" / "system" / "dpkg").read_text(encoding="utf-8")


def about(qtbot, notice):
    dialog = AboutDialog(None, "cadl.log", notice)
    qtbot.addWidget(dialog)
    return dialog.findChild(QTextBrowser, "aboutText").toPlainText()


@pytest.mark.gui
def test_about_names_the_libraries_whose_licences_ask_for_it_and_says_where_all_are_listed(qtbot, tmp_path):
    text = about(qtbot, tmp_path / "NOTICE.md")
    for part in ("Qt", "LGPL", "FFmpeg", "x264", "warranty", "MIT License", "ATTRIBUTION.md", "seaborn"):
        assert part in text, part
    assert "General Public License" not in text, "it is not the packaged app"


@pytest.mark.gui
def test_about_of_the_packaged_app_says_that_the_gpl_holds_for_it(qtbot, tmp_path):
    notice = tmp_path / "NOTICE.md"
    notice.touch()
    text = about(qtbot, notice)
    assert "General Public License, version 3 or later" in text
    assert str(notice) in text
