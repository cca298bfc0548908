"""What is in the packaged app, and how large it is.

    python tests/benchmarks/package_size.py [dist/cadl_gui] [--level 10]

Prints its largest parts; what cadl_gui.spec left out; which libraries something inside needs that are neither
inside nor on every Linux; and its size, unpacked and as an archive, beside the limits. Exit status 1 if it is
larger than that, or a library is missing.
"""

import argparse
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

LARGEST_UNPACKED, LARGEST_COMPRESSED = 1_150_000_000, 450_000_000
_N_PARTS = 25
_PARTS_WORTH_OPENING = {"_internal", "tensorflow", "PySide6", "resources"}
_ON_EVERY_LINUX = re.compile(
    r"ld-linux.*|libc\.so.*|libm\.so.*|libdl\.so.*|libpthread\.so.*|librt\.so.*|libutil\.so.*|libresolv\.so.*"
    # Belong to the graphics driver or the session, so PyInstaller leaves them to the system on purpose;
    # `cadl_gui.core.system_libraries` tells where one is missing.
    r"|libGL\.so.*|libEGL\.so.*|libGLX.*|libOpenGL.*|libdrm.*|libgbm.*|libxcb\.so.*|libxcb-dri.*|libwayland.*"
    r"|libvulkan.*|libnsl.*"
)


def parts(folder: Path) -> Counter[str]:
    """Bytes of each part: files and folders of the first level, of large folders those of the next."""
    sizes: Counter[str] = Counter()
    for path in files(folder):
        names = path.relative_to(folder).parts
        depth = 1
        while depth < len(names) and names[depth - 1] in _PARTS_WORTH_OPENING:
            depth += 1
        sizes["/".join(names[:depth])] += path.stat().st_size
    return sizes


def files(folder: Path) -> list[Path]:
    """Every file, links not followed."""
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def missing_libraries(folder: Path) -> dict[str, str]:
    """Libraries that are needed and not there, each with one that needs it. Linux only."""
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


def compressed(folder: Path, level: int) -> int:
    """Bytes of the archive that is offered for download: a tar under zstd, packed as it is counted."""
    tar = subprocess.Popen(["tar", "-c", "-C", folder.parent, folder.name], stdout=subprocess.PIPE)
    zstd = subprocess.Popen(
        ["zstd", f"-{level}", "--long=27", "-T0", "-c"], stdin=tar.stdout, stdout=subprocess.PIPE
    )
    assert zstd.stdout is not None, "it is a pipe"
    n_bytes = sum(len(block) for block in iter(lambda: zstd.stdout.read(2**20), b""))
    if tar.wait() or zstd.wait():
        raise RuntimeError("tar or zstd failed")
    return n_bytes


def left_out() -> str:
    """What the specification names as unused, with its own words on why."""
    spec = Path(__file__).resolve().parents[2] / "cadl_gui.spec"
    return "".join(
        re.findall(r"^UNUSED_\w+ = \[\n(.*?)^\]", spec.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    )


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist/cadl_gui"))
    parser.add_argument("--level", type=int, default=10, help="of zstd, 1 (fast) to 19 (small)")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    sizes = parts(folder)
    largest = sizes.most_common(_N_PARTS)
    largest.append(("the rest", sizes.total() - sum(n_bytes for _, n_bytes in largest)))
    for name, n_bytes in largest:
        print(f"{n_bytes / 1e6:9.1f} MB  {name}")
    print(f"\nLeft out:\n{left_out()}")
    missing = missing_libraries(folder) if sys.platform.startswith("linux") else {}
    for library, needed_by in missing.items():
        print(f"missing: {library}, needed by {needed_by}")
    totals = (
        ("unpacked", sizes.total(), LARGEST_UNPACKED),
        (f"as tar.zst, level {arguments.level}", compressed(folder, arguments.level), LARGEST_COMPRESSED),
    )
    for what, n_bytes, limit in totals:
        verdict = "ok" if n_bytes <= limit else "TOO LARGE"
        print(f"{n_bytes / 1e6:9.1f} MB  {what}  (at most {limit / 1e6:.0f})  {verdict}")
    return 1 if missing or any(n_bytes > limit for _, n_bytes, limit in totals) else 0


if __name__ == "__main__":
    sys.exit(main())
