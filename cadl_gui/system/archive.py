"""Checks on untrusted ZIP archives."""

import errno
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cadl_gui.system.file_limits import (
    MOST_ARCHIVE_BYTES,
    MOST_EXPANSION,
    MOST_SESSION_FILES,
    MOST_SESSION_LIST_BYTES,
    megabytes,
    most_unpacked_bytes,
)
from cadl_gui.system.whole_file import require_file
from cadl_gui.system.words import _

_END = struct.Struct("<4s4H2LH")
"""End record: signature, disks, members, size and offset of the central directory, comment length."""

_LOCAL = struct.Struct("<26xHH")
"""Header before a member's data: the lengths of its name and of the extra field."""

_MEMBER = b"PK\1\2"
_SIGNATURE = b"PK\5\6"
_MOST_COMMENT_BYTES = 2**16 - 1

_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
"""ZIP64 end record and its locator, which precede the end record in large archives."""


_ENCRYPTED = 0x1
_CHUNK_BYTES = 2**20

_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError, TypeError,
    AttributeError, NotImplementedError, OverflowError, RuntimeError,
)  # fmt: skip
"""What `zipfile` raises for damaged archives, and reading values that this program did not write."""


@contextmanager
def open_archive(
    path: Path, limits: Collection[tuple[re.Pattern[str], int]], what: str, error: type[Exception]
) -> Iterator[zipfile.ZipFile]:
    """Open an archive that a stranger may have made, and tell in a sentence what is wrong with it.

    Args:
        limits: names of the members that it may have, so that none leads elsewhere, with their sizes.
        what: what the archive is, such as “session”.
        error: raised with the sentence, also where reading the archive in the block fails.
    """
    try:
        require_file(path)
        require_few_members(path, MOST_SESSION_LIST_BYTES, MOST_SESSION_FILES)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            for info in infos:
                most = next((most for name, most in limits if name.fullmatch(info.filename)), -1)
                if info.file_size > most >= 0:
                    takes = _("takes {file_size}, at most {most}").format(
                        file_size=megabytes(info.file_size), most=megabytes(most)
                    )
                    raise error(
                        _("“{filename}” in the {what} {takes}.").format(
                            filename=info.filename, what=what, takes=takes
                        )
                    )
                if most < 0 or info.flag_bits & _ENCRYPTED:
                    raise ValueError(f"Expected a member of a {what}. Received: {info.filename!r:.100}")
            if len({info.filename for info in infos}) < len(infos):
                raise ValueError("Expected different names.")
            n_bytes = sum(info.file_size for info in infos)
            if n_bytes > most_unpacked_bytes(path.stat().st_size):
                takes = _("“{name}” would expand to {n_bytes}").format(
                    name=path.name, n_bytes=megabytes(n_bytes)
                )
                raise error(
                    _("{takes}; at most {most_expansion} times its size is read.").format(
                        takes=takes, most_expansion=MOST_EXPANSION
                    )
                )
            yield archive
    except _DAMAGE as cause:
        raise error(
            _("“{name}” is no {what} of CADL, or is damaged.").format(name=path.name, what=what)
        ) from cause
    except OSError as cause:
        raise error(
            _("“{name}” cannot be opened: {cause}.").format(name=path.name, cause=cause.strerror or cause)
        ) from cause


def unpack_member(
    archive: zipfile.ZipFile, name: str, to: Path, require_go_on: Callable[[], None] = lambda: None
) -> None:
    """Write a member of an archive to a file, part by part.

    Args:
        archive: the archive.
        name: name of the member.
        to: the file.
        require_go_on: called between parts; what it raises ends the writing.
    """
    with archive.open(name) as source, to.open("wb") as file:
        while chunk := source.read(_CHUNK_BYTES):
            require_go_on()
            file.write(chunk)


def require_few_members(
    path: Path, most_bytes: int = MOST_ARCHIVE_BYTES, most_members: int | None = None
) -> None:
    """Require that an archive is not so large that `zipfile` would take long to list its members.

    Args:
        most_bytes: largest size of the central directory.
        most_members: largest number of members; None for as many as fit.

    Raises:
        zipfile.BadZipFile: if the end records are not laid out as all common programs do.
        OSError: if the central directory is larger, or lists more; or if the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        tail_bytes = min(size, _LARGE_END.size + _LOCATOR.size + _END.size + _MOST_COMMENT_BYTES)
        start = size - tail_bytes
        file.seek(start)
        tail = file.read(tail_bytes)
        n_bytes = _list_bytes(tail[: _end_of(tail)], start)
        listed = b""
        if most_members is not None and n_bytes <= most_bytes:
            file.seek(max(0, start - n_bytes))
            listed = file.read(n_bytes + tail_bytes)
    if n_bytes > most_bytes:
        most = megabytes(most_bytes)
        about = _("its list of members takes {n_bytes}, at most {most} are read")
        raise OSError(errno.EFBIG, about.format(n_bytes=megabytes(n_bytes), most=most), str(path))
    # What the end record says of their number may be wrong; each member has a signature.
    if most_members is not None and listed.count(_MEMBER) > most_members:
        about = _("it holds over {most_members:,} files")
        raise OSError(errno.EFBIG, about.format(most_members=most_members), str(path))


def seek_data(archive: BinaryIO, header_offset: int) -> int:
    """Go to where a member's data begin, after its local header, whose last two fields vary in length.

    Raises:
        struct.error: if there is no header.
    """
    archive.seek(header_offset)
    name_length, extra_length = _LOCAL.unpack(archive.read(_LOCAL.size))
    return archive.seek(name_length + extra_length, 1)


def _end_of(tail: bytes) -> int:
    """Where in the end of a file its end record, as `zipfile` finds it, ends; a comment may follow."""
    if len(tail) < _END.size:
        raise zipfile.BadZipFile(_("it is too short"))
    last = tail[-_END.size :]
    if last.startswith(_SIGNATURE) and last.endswith(b"\0\0"):
        return len(tail)
    at = tail.rfind(_SIGNATURE)
    end = at + _END.size
    if at < 0 or end > len(tail) or _END.unpack(tail[at:end])[-1] != len(tail) - end:
        raise zipfile.BadZipFile(_("it does not end as archives do"))
    return end


def _list_bytes(tail: bytes, start: int) -> int:
    """Size of the central directory in bytes; `tail` is a file from offset `start` to its end record."""
    *_before, n_bytes, _start, _comment = _END.unpack(tail[-_END.size :])
    locator = tail[: -_END.size][-_LOCATOR.size :]
    if not locator.startswith(b"PK\6\7"):
        return int(n_bytes)
    large = tail[-_LARGE_END.size - _LOCATOR.size - _END.size :]
    place = start + len(tail) - len(large)
    if len(large) < _LARGE_END.size + _LOCATOR.size + _END.size or _LOCATOR.unpack(locator)[2] != place:
        raise zipfile.BadZipFile(_("its list of members is not before its end"))
    signature, *numbers = _LARGE_END.unpack(large[: _LARGE_END.size])
    if signature != b"PK\6\6":
        raise zipfile.BadZipFile(_("its list of members is not before its end"))
    return int(numbers[-2])
