"""Looks through the boxes of an MP4 or a QuickTime film before FFmpeg does.

A table of a few bytes in it can claim billions of frames, for each of which FFmpeg takes 24 bytes of memory.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import MOST_FRAMES_LISTED

_BOX = struct.Struct(">I4s")
_MOST_BOXES, _MOST_BOX_BYTES = 100_000, 2**26
"""Boxes of a film, of which a fragmented one has one for every few seconds; and the largest that is searched.
The tables of a day's film take 30 MB.
"""

_DATA = b"mdat"
_FILM = {b"moov", b"moof"}
_PACKED_FILM = b"cmov"
_TABLES = {b"stsz": 12, b"stz2": 12, b"trun": 8}
"""Tables of frames, and how far from its name each says how many there are."""

_PCM = {
    b"raw ", b"twos", b"sowt", b"lpcm", b"in24", b"in32", b"fl32", b"fl64", b"ulaw", b"alaw", b"NONE",
    b"ipcm",
    b"fpcm",
}  # fmt: skip
"""Uncompressed sound, in which every single number counts as a sample; FFmpeg takes them by the thousand."""


def has_boxes(path: Path) -> bool:
    """Whether a file consists of boxes, as MP4 and QuickTime films do.

    Raises:
        DatasetError: if tables in it claim more frames than any film has.
        OSError: if it cannot be read.
    """
    n_frames, is_film = 0, False
    with path.open("rb") as file:
        file_bytes = os.fstat(file.fileno()).st_size
        for name, n_bytes in _boxes(file, file_bytes):
            if name == _DATA:
                continue
            content = file.read(n_bytes) if n_bytes <= _MOST_BOX_BYTES else _PACKED_FILM
            if _PACKED_FILM in content:
                return False
            is_film = is_film or name in _FILM
            n_frames += sum(_n_frames(track, file_bytes) for track in content.split(b"trak"))
            if n_frames > MOST_FRAMES_LISTED:
                raise DatasetError(
                    f"“{path}” claims to hold {n_frames:,} frames: at most {MOST_FRAMES_LISTED:,} are read."
                )
    return is_film


def _boxes(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int]]:
    """Names and sizes of the outermost boxes; the file is at the content of each."""
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(_BOX.size)
        if len(head) < _BOX.size:
            return
        size, name = _BOX.unpack(head)
        n_head = _BOX.size
        if size == 1:  # a large one
            size, n_head = int.from_bytes(file.read(8), "big"), 16
        size = end - at if size == 0 else size
        if size < n_head:
            return
        yield name, max(0, min(size, end - at) - n_head)
        at += size
    yield b"more", _MOST_BOX_BYTES + 1


def _n_frames(track: bytes, file_bytes: int) -> int:
    """Number of frames that the tables of a track claim.

    They are found by their names, wherever they are: FFmpeg looks for them in boxes of all kinds.
    """
    n = 0
    for name, offset in _TABLES.items():
        at = track.find(name)
        while at >= 0:
            n += int.from_bytes(track[at + offset : at + offset + 4], "big")
            at = track.find(name, at + 1)
    return 0 if n <= file_bytes and _is_plain_sound(track) else n


def _is_plain_sound(track: bytes) -> bool:
    """Whether a track is uncompressed sound, whose samples FFmpeg does not list one by one."""
    times, kinds = track.split(b"stts"), track.split(b"stsd")
    if len(times) != 2 or len(kinds) != 2 or b"vide" in track or b"soun" not in track:
        return False
    n_times, seconds, n_kinds = times[1][4:8], times[1][12:16], kinds[1][4:8]
    return n_times == seconds == n_kinds == b"\0\0\0\1" and kinds[1][12:16] in _PCM
