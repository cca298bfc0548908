"""Whose the libraries in the packaged app are: reads `resources/ATTRIBUTION.md`, writes notice and texts.

The app as a whole is passed on under the GPL. So a copy has to hold its text and those of the libraries'
licences, and has to say where the source of exactly these versions is.
"""

import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
_TEXT = re.compile(r"(?i)licen[cs]e|copying|notice|third.?party|authors")

_NOTICE = """\
# CADL {version}, packaged

© 2026 The cadl_gui founders, and the owners of what ships with it: `../ATTRIBUTION.md`. It comes without any
warranty.

The program itself is under the MIT License (`LICENSE`). This packaged app as a whole is passed on under the
GNU General Public License, version 3 or later (`COPYING`), because FFmpeg in it is linked to x264 and x265.
You may use it for everything, and pass it on, changed or not, under that licence. Each library has its own
licence, in the folder of its name.

## Source

The source of everything in this app is offered in exactly these versions, at no charge:

- CADL {version}: “Source code” of the release that this app is of; `cadl_gui.spec` builds the app.
- FFmpeg {ffmpeg}, x264, x265 and what else PyAV’s FFmpeg is linked to:
  <https://github.com/PyAV-Org/pyav-ffmpeg>, the newest tag that begins with {ffmpeg}; `scripts/pkg.py` there
  names the archive of each source, and its sum.
- libheif {heif}, {de265} (LGPL 3, in files of their own, which you may replace):
  <https://github.com/strukturag>.
- Qt {qt} and PySide6 (LGPL 3, in files of their own, which you may replace):
  <https://download.qt.io/official_releases/qt/> and <https://download.qt.io/official_releases/QtForPython/>.
- Python {python}: <https://www.python.org/downloads/source/>.
- The packages below: `https://pypi.org/project/NAME/VERSION/`, which has the source or names its repository.
- The libraries of the system: the source packages below, from the archive of {system}.

If you cannot get one of them there, open an issue at the repository’s page, and you will be sent it.

| package | version | licence |
|---|---|---|
{packages}

| source package of the system | version |
|---|---|
{system_packages}
"""


def _table(heading: str) -> Iterator[list[str]]:
    """Yield the cells of each row under a heading of ATTRIBUTION.md, without the two lines of its head."""
    text = (ROOT / "resources" / "ATTRIBUTION.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    for row in rows[2:]:
        yield [cell.strip() for cell in row.strip("|").split("|")]


def listed_packages() -> dict[str, str]:
    """Licences as SPDX expressions, by the normalised names of Python packages."""
    rows = ((re.findall(r"`(.+?)`", names), licence) for names, licence in _table("Python packages"))
    return {name: licence for names, licence in rows for name in names}


def listed_libraries() -> set[str]:
    """Names of shared libraries, as `library_name` returns them."""
    return {name for cells in _table("Shared libraries") for name in re.findall(r"`(.+?)`", cells[0])}


def library_name(path: str) -> str:
    """Name of a shared library on any system: “avcodec” for libavcodec-5e6b81c2.so.62 or avcodec-62.dll."""
    name = re.split(r"\.so\b|\.dylib\b|\.dll\b|\.\d", PurePosixPath(path).name)[0]
    return re.sub(r"(-[0-9a-f]{8,}|-\d+)+$", "", name).removeprefix("lib")


def normalised(name: str) -> str:
    """Name of a Python package as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def packages_of(paths: Iterable[str]) -> set[str]:
    """Normalised names of the packages in whose top-level folders or modules some paths in the app are."""
    owners = metadata.packages_distributions()
    tops = {re.split(r"[/.]", path)[0] for path in paths}
    return {normalised(name) for top in tops for name in owners.get(top, ())}


def unlisted_libraries(paths: Iterable[str]) -> list[str]:
    """Shared libraries, as paths in the app or among installed packages, of which the list knows no owner.

    A library is that of the package in whose folder it is, unless the package brought it along from
    elsewhere, as those in `av.libs`. Modules that Python loads are no libraries.
    """
    known, owners = listed_libraries(), metadata.packages_distributions()
    return sorted(
        path
        for path in paths
        if re.search(r"\.so\b|\.dylib$|\.dll$", path)
        and not re.search(r"\.(cpython-\d+-.*|abi3)\.(so|dylib)$|\blib-dynload/", path)
        and (path.split("/")[0] not in owners or "/.dylibs/" in path)
        and library_name(path) not in known
    )


def write_licences(folder: Path, version: str, packages: Iterable[str], system_files: Iterable[str]) -> None:
    """Write the notice, the offer of source and all texts.

    Args:
        folder: is created, and emptied before.
        version: of CADL.
        packages: normalised names of the packages in the app.
        system_files: paths on this machine of libraries in the app that are of no package.

    Raises:
        KeyError: if a package is not listed.
    """
    import av
    import pi_heif

    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "LICENSES", folder / "LICENSES")
    for text in (ROOT / "LICENSE", *Path(__file__).parent.glob("COPYING*")):
        shutil.copy(text, folder)
    listed, rows = listed_packages(), []
    for name in sorted(packages):
        package = metadata.distribution(name)
        rows.append(f"| {name} | {package.version} | {listed[name]} |")
        for path in package.files or []:
            # Deeper ones are of headers and of tests.
            is_text = path.suffix != ".py" and _TEXT.search(path.name)
            if is_text and (path.parts[0].endswith(".dist-info") or len(path.parts) == 2):
                target = folder / name / "-".join(path.parts[1:]).removeprefix("licenses-")
                target.parent.mkdir(exist_ok=True)
                shutil.copy(path.locate(), target)
    system, system_rows = _system_packages(folder / "system", system_files)
    notice = _NOTICE.format(
        version=version,
        ffmpeg=av.ffmpeg_version_info,
        heif=pi_heif.libheif_version(),
        de265=pi_heif.libheif_info()["decoders"]["libde265"],
        qt=metadata.version("PySide6-Essentials"),
        packages="\n".join(rows),
        python=platform.python_version(),
        system=system,
        system_packages="\n".join(system_rows),
    )
    (folder / "NOTICE.md").write_text(notice, encoding="utf-8")


def _system_packages(folder: Path, paths: Iterable[str]) -> tuple[str, list[str]]:
    """Copy what Debian knows of licences, and return the name of the system and rows of source packages."""
    if not shutil.which("dpkg-query"):
        return platform.platform(), []
    rows = set()
    for path in paths:
        # Debian moved /lib into /usr/lib, and records files in either.
        real = Path(path).resolve().as_posix()
        command = ["dpkg-query", "-S", real, real.removeprefix("/usr")]
        found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
        for owner in {line.partition(": ")[0] for line in found}:
            command = ["dpkg-query", "-W", "-f", "| ${source:Package} | ${source:Version} |", owner]
            rows.add(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            name = owner.partition(":")[0]
            folder.mkdir(exist_ok=True)
            shutil.copy(Path("/usr/share/doc", name, "copyright"), folder / name)
    return platform.freedesktop_os_release()["PRETTY_NAME"], sorted(rows)
