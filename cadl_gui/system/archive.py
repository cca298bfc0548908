"""ZIP archives that are not trusted."""

import struct
import zipfile
from pathlib import Path

from cadl_gui.system.file_limits import MOST_ARCHIVE_BYTES, megabytes

_END = struct.Struct("<4s4H2LH")
"""At the very end: signature, disks, members, bytes and place of the list of members, length of a comment."""

_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
"""Before it, in archives of more than two gigabytes: the same in longer numbers, and where that lies."""


class TooManyMembersError(zipfile.BadZipFile):
    """The list of members is too long; the message says how long, as the end of a sentence."""


def require_few_members(path: Path) -> None:
    """Make sure that `zipfile` will not be busy with a list of a million members.

    Raises:
        TooManyMembersError: if the list is too long.
        zipfile.BadZipFile: if it is not where any program puts it that we know.
        OSError: if the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        tail_bytes = min(size, _LARGE_END.size + _LOCATOR.size + _END.size)
        file.seek(size - tail_bytes)
        tail = file.read(tail_bytes)
    n_bytes = _list_bytes(tail, size - tail_bytes)
    if n_bytes > MOST_ARCHIVE_BYTES:
        most = megabytes(MOST_ARCHIVE_BYTES)
        raise TooManyMembersError(f"its list of members takes {megabytes(n_bytes)}, at most {most} are read")


def _list_bytes(tail: bytes, start: int) -> int:
    """How many bytes the list of members takes; `tail` is the file's end, which begins at `start`."""
    if len(tail) < _END.size:
        raise zipfile.BadZipFile("it is too short")
    signature, *_, n_bytes, _, comment = _END.unpack(tail[-_END.size :])
    if signature != b"PK\5\6" or comment:
        raise zipfile.BadZipFile("it does not end as archives do")
    locator = tail[: -_END.size][-_LOCATOR.size :]
    if not locator.startswith(b"PK\6\7"):
        return int(n_bytes)
    if len(tail) < _LARGE_END.size + _LOCATOR.size + _END.size or _LOCATOR.unpack(locator)[2] != start:
        raise zipfile.BadZipFile("its list of members is not before its end")
    signature, *numbers = _LARGE_END.unpack(tail[: _LARGE_END.size])
    if signature != b"PK\6\6":
        raise zipfile.BadZipFile("its list of members is not before its end")
    return int(numbers[-2])
