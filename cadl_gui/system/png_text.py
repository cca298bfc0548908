"""Reads the texts in a PNG file, within bounds and without decoding its pixels."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cadl_gui.system.file_limits import MOST_CHUNKS, MOST_TEXT_BYTES
from cadl_gui.system.whole_file import require_file

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHECKSUM_BYTES = 4


def text_of(path: Path) -> dict[str, str]:
    """Read the texts of a PNG by keyword; empty if the file is not a PNG or cannot be read."""
    try:
        require_file(path)
        with path.open("rb") as file:
            return dict(_texts(file))
    except (OSError, ValueError, struct.error, zlib.error):
        return {}


def _texts(file: BinaryIO) -> Iterator[tuple[str, str]]:
    if file.read(len(_SIGNATURE)) != _SIGNATURE:
        return
    for _ in range(MOST_CHUNKS):
        n_bytes, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"IEND":
            return
        if kind in _READERS and n_bytes <= MOST_TEXT_BYTES:
            keyword, _, rest = file.read(n_bytes).partition(b"\0")
            yield keyword.decode("latin-1"), _READERS[kind](rest)
            file.seek(_CHECKSUM_BYTES, 1)
        else:
            file.seek(n_bytes + _CHECKSUM_BYTES, 1)


def _international(rest: bytes) -> str:
    """The text of an `iTXt` chunk, after flag, method, language and translated keyword."""
    is_packed, (_, _, text) = rest[:1] != b"\0", rest[2:].split(b"\0", 2)
    return (_unpacked(text) if is_packed else text).decode("utf-8")


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(packed, MOST_TEXT_BYTES)
    if unpacking.unconsumed_tail:
        raise ValueError(f"Expected at most {MOST_TEXT_BYTES} bytes. Received: more")
    return text


_READERS = {
    b"tEXt": lambda rest: rest.decode("latin-1"),
    b"zTXt": lambda rest: _unpacked(rest[1:]).decode("latin-1"),
    b"iTXt": _international,
}
"""Decoders of the text after the keyword, by chunk type."""
