"""Analyses the content and size of the packaged app.

    python tests/tools/package_size.py [dist/cadl_gui] [--level 10] [--idle]

Prints its largest parts; what cadl_gui.spec left out; libraries that something inside needs and that are
neither inside nor on every Linux; libraries that `resources/ATTRIBUTION.md` does not list; and its size,
unpacked and as an archive, with the limits. The exit status is 1 if it is too large, or a library is missing
or not listed.

Three checks ensure that nothing that was left out is needed: the list of missing libraries, which follows all
references from library to library; the self-test, which uses all kinds of files and networks; and the stubs,
which report their name if they are used. `--idle` runs the self-test and lists the libraries that it never
loaded: candidates to be left out next, if nothing else needs them.
"""

import argparse
import contextlib
import os
import platform
import re
import runpy
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from figures import Figures, within

_ROOT = Path(__file__).resolve().parents[2]
LARGEST_UNPACKED = 1_150_000_000
LARGEST_COMPRESSED = 350_000_000  # at level 10; at level 19, as it is published, it is smaller
_N_PARTS = 25
_IDLE_WORTH_TELLING = 500_000
_PARTS_WORTH_OPENING = {"_internal", "tensorflow", "PySide6", "resources"}
_ON_EVERY_LINUX = re.compile(
    r"ld-linux.*|libc\.so.*|libm\.so.*|libmvec\.so.*|libdl\.so.*|libpthread\.so.*|librt\.so.*|libutil\.so.*"
    r"|libresolv\.so.*"
    # Belong to the graphics driver or the session, so PyInstaller leaves them to the system on purpose;
    # `cadl_gui.system.system_libraries` reports missing ones.
    r"|libGL\.so.*|libEGL\.so.*|libGLX.*|libOpenGL.*|libdrm.*|libgbm.*|libxcb\.so.*|libxcb-dri.*|libwayland.*"
    r"|libvulkan.*|libnsl.*"
)


def parts(folder: Path) -> Counter[str]:
    """Bytes of each part: files and folders of the first level, and for large folders those of the next."""
    sizes: Counter[str] = Counter()
    for path in files(folder):
        names = path.relative_to(folder).parts
        depth = 1
        while depth < len(names) and names[depth - 1] in _PARTS_WORTH_OPENING:
            depth += 1
        sizes["/".join(names[:depth])] += path.stat().st_size
    return sizes


def files(folder: Path) -> list[Path]:
    """All files; links are not followed."""
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def missing_libraries(folder: Path) -> dict[str, str]:
    """Missing libraries, each with one that needs it. Linux only."""
    inside = {path.name for path in folder.rglob("*")}
    missing = {}
    for path in files(folder):
        if ".so" not in path.name:
            continue
        dump = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=False).stdout
        for library in re.findall(r"NEEDED\s+(\S+)", dump):
            if library not in inside and not _ON_EVERY_LINUX.fullmatch(library):
                missing[library] = str(path.relative_to(folder))
    return missing


def unlisted_libraries(folder: Path) -> list[str]:
    """Libraries that may not be passed on, since the list does not say under what licence."""
    inside = folder / "_internal"
    unlisted = runpy.run_path(str(_ROOT / "resources" / "packaging" / "licences.py"))["unlisted_libraries"]
    return unlisted(path.relative_to(inside).as_posix() for path in files(inside))


def compressed(folder: Path, level: int) -> int:
    """Bytes of the archive for download: a tar compressed with zstd, counted without being stored."""
    tar = subprocess.Popen(["tar", "-c", "-C", folder.parent, folder.name], stdout=subprocess.PIPE)
    zstd = subprocess.Popen(
        ["zstd", f"-{level}", "--long=27", "-T0", "-c"], stdin=tar.stdout, stdout=subprocess.PIPE
    )
    assert zstd.stdout is not None, "it is a pipe"
    n_bytes = sum(len(block) for block in iter(lambda: zstd.stdout.read(2**20), b""))
    if tar.wait() or zstd.wait():
        raise RuntimeError("tar or zstd failed")
    return n_bytes


def idle_libraries(folder: Path) -> dict[str, int]:
    """Large libraries that the self-test never loads, with their bytes. Linux only."""
    loaded: set[str] = set()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen([folder / "cadl", "selftest"], env=environment, stdout=subprocess.DEVNULL) as app:
        while app.poll() is None:
            with contextlib.suppress(OSError):  # it has just ended
                loaded |= {
                    line.split(maxsplit=5)[-1]
                    for line in Path(f"/proc/{app.pid}/maps").read_text().splitlines()
                }
            time.sleep(0.2)
    sizes = {path: path.stat().st_size for path in files(folder) if ".so" in path.name}
    return {
        str(path.relative_to(folder)): n_bytes
        for path, n_bytes in sorted(sizes.items(), key=lambda item: -item[1])
        if str(path) not in loaded and n_bytes >= _IDLE_WORTH_TELLING
    }


def left_out() -> str:
    """What the specification lists as unused, with its reasons."""
    spec = _ROOT / "cadl_gui.spec"
    return "".join(
        re.findall(
            r"^(?:UNUSED_\w+|\w*STAND_INS|WITHOUT_DOCSTRINGS) = \[\n(.*?)^\]",
            spec.read_text(encoding="utf-8"),
            re.DOTALL | re.MULTILINE,
        )
    )


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist/cadl_gui"))
    parser.add_argument("--level", type=int, default=10, help="of zstd, 1 (fast) to 19 (small)")
    parser.add_argument("--idle", action="store_true", help="list libraries that the self-test never loads")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    sizes = parts(folder)
    largest = sizes.most_common(_N_PARTS)
    largest.append(("the rest", sizes.total() - sum(n_bytes for _, n_bytes in largest)))
    for name, n_bytes in largest:
        print(f"{n_bytes / 1e6:9.1f} MB  {name}")
    print(f"\nLeft out:\n{left_out()}")
    for library, n_bytes in (idle_libraries(folder) if arguments.idle else {}).items():
        print(f"{n_bytes / 1e6:9.1f} MB  never loaded by the self-test: {library}")
    missing = missing_libraries(folder) if sys.platform.startswith("linux") else {}
    for library, needed_by in missing.items():
        print(f"missing: {library}, needed by {needed_by}")
    unlisted = unlisted_libraries(folder)
    for library in unlisted:
        print(f"not listed in resources/ATTRIBUTION.md: {library}")
    totals = (
        ("unpacked", sizes.total(), LARGEST_UNPACKED),
        (f"as tar.zst, level {arguments.level}", compressed(folder, arguments.level), LARGEST_COMPRESSED),
    )
    with Figures(arguments.json) as figures:
        figures.begin("size", f"the packaged app on {platform.system()}", "MB")
        for what, n_bytes, limit in totals:
            figures.row(what, within(round(n_bytes / 1e6, 1), limit // 10**6))
    return 1 if missing or unlisted or any(n_bytes > limit for _, n_bytes, limit in totals) else 0


if __name__ == "__main__":
    sys.exit(main())
