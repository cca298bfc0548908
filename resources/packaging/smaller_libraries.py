"""Makes libraries smaller for the packaged app on Linux, with the binutils `nm`, `as` and `ld`.

Packed relocations (RELR) would save more, but need a newer C library than Ubuntu 22.04's.
"""

import shutil
import struct
import subprocess
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

_X86_64 = (62).to_bytes(2, "little")
"""The machine in the header of such a file."""


def write_stand_in(source: Path, target: Path) -> None:
    """Write a library with the names of another, whose functions do nothing and return zero.

    It takes the place of a library that others are linked to and never call: they need it to be loaded.
    One for another processor than x86-64, whose instructions these are, is copied.
    """
    if source.read_bytes()[18:20] != _X86_64:
        shutil.copyfile(source, target)
        return
    # A is a version, _Z a name in C++, by which nothing that was written in C calls; of several versions of a
    # name one is the usual one, which has @@.
    names = [
        row[-1].partition("@")
        for row in _exported(source)
        if row[-2] != "A" and row[-1][:2] != "_Z" and ("@@" in row[-1] or "@" not in row[-1])
    ]
    code = [".text", "nothing: xor %eax, %eax", "ret"]
    members: dict[str, list[str]] = {}
    for name, _, version in names:
        code.append(f".globl {name}\n.type {name}, @function\n.set {name}, nothing")
        members.setdefault(version.lstrip("@"), []).append(name)
    versions = "".join(
        f"{version} {{ global: {'; '.join(of_version)}; }};\n"
        for version, of_version in members.items()
        if version
    )
    _link(target, source.name, "\n".join(code) + "\n", versions)


def write_smaller_icu(source: Path, target: Path, left_out: Iterable[str]) -> None:
    """Write ICU's library of data without the items that match one of the patterns.

    Its only symbol is the data: a header, a table of contents of the places of each item's name and content,
    counted from the table, then the names and the contents (ICU's `ucmndata.h`).

    Raises:
        ValueError: if it is another library.
    """
    library = source.read_bytes()
    ((_, size, _, symbol),) = _exported(source)
    begin = library.index(b"CmnD") - 12
    header_bytes, magic = struct.unpack_from("<HH", library, begin)
    if magic != 0x27DA:
        raise ValueError(f"{source} is not ICU's library of data")
    header, data = (
        library[begin : begin + header_bytes],
        library[begin + header_bytes : begin + int(size, 16)],
    )
    places = list(struct.iter_unpack("<II", data[4 : 4 + 8 * struct.unpack_from("<I", data)[0]]))
    ends = [place for _, place in places[1:]] + [len(data)]
    items = [
        (
            data[name : data.index(b"\0", name) + 1],
            data[content:end].ljust((end - content + 15) // 16 * 16, b"\0"),
        )
        for (name, content), end in zip(places, ends, strict=True)
    ]
    items = [
        (name, content)
        for name, content in items
        if not any(fnmatch(name[:-1].decode().partition("/")[2], pattern) for pattern in left_out)
    ]
    names, contents = b"".join(name for name, _ in items), b"".join(content for _, content in items)
    table, name_at = [len(items)], 4 + 8 * len(items)
    content_at = first_content = (name_at + len(names) + 15) // 16 * 16
    for name, content in items:
        table += [name_at, content_at]
        name_at, content_at = name_at + len(name), content_at + len(content)
    smaller = (struct.pack(f"<{len(table)}I", *table) + names).ljust(first_content, b"\0") + contents
    raw = target.with_name(f"{target.name}.dat")
    raw.write_bytes(header + smaller)
    code = (
        f'.section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, @object\n{symbol}: .incbin "{raw}"\n'
    )
    _link(target, source.name, f"{code}.size {symbol}, . - {symbol}\n", "")


def _exported(library: Path) -> list[list[str]]:
    """Return what `nm` prints of each exported name: address, size if known, kind, name and version."""
    command = ["nm", "-D", "-S", "--defined-only", library]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split() for line in printed.splitlines()]


def _link(target: Path, name: str, code: str, versions: str) -> None:
    """Assemble a library that is found by a name."""
    source, compiled, script = (target.with_name(f"{target.name}{end}") for end in (".s", ".o", ".map"))
    source.write_text(code, encoding="utf-8")
    script.write_text(versions, encoding="utf-8")
    subprocess.run(["as", "-o", compiled, source], check=True)
    options = [f"--version-script={script}"] if versions else []
    subprocess.run(
        ["ld", "-shared", "-s", "-soname", name, "-z", "noexecstack", *options, "-o", target, compiled],
        check=True,
    )
