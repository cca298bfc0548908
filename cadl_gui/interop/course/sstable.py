"""Sorted tables: the container of both formats of TensorFlow 1's checkpoints, LevelDB's file format.

https://github.com/google/leveldb/blob/main/doc/table_format.md. TensorFlow's own reader is not asked, since
it ends the whole process when an entry is not what it expects.
"""

import itertools
import struct
from collections.abc import Iterator
from pathlib import Path

import google_crc32c

from cadl_gui.domain.errors import CheckpointError

_FOOTER_BYTES = 48
_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
_TRAILER_BYTES = 5
"""Behind every block: how it is compressed, and its checksum."""

_MOST_ENTRIES = 20_000
_LONGEST_KEY = 1024
"""Keys share their beginnings with the key before: without a limit a small file could hold huge ones."""


def is_sstable(path: Path) -> bool:
    """Whether a file ends as tables do.

    Raises:
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - len(_MAGIC)))
        return file.read() == _MAGIC


def read_sstable(data: bytes, path: Path) -> dict[bytes, memoryview]:
    """All entries of a table that is not trusted, every block known to have its checksum.

    Args:
        data: the whole file. Values are views of it, so that no more memory is taken.
        path: of the file, for the sentence.

    Raises:
        CheckpointError: if it is damaged, compressed or no table at all.
    """
    try:
        return _read(memoryview(data))
    except (ValueError, IndexError, struct.error) as error:
        raise CheckpointError(f"“{path}” is damaged, or no checkpoint of TensorFlow 1.") from error


def checksum(data: memoryview | bytes) -> int:
    """CRC-32C, masked as tables and checkpoints store it."""
    crc: int = google_crc32c.value(bytes(data))
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _read(data: memoryview) -> dict[bytes, memoryview]:
    if len(data) < _FOOTER_BYTES or data[-len(_MAGIC) :] != _MAGIC:
        raise ValueError("Expected a table. Received: another end")
    footer = data[-_FOOTER_BYTES:]
    _, _, place = _handle(footer, 0)
    index_start, index_size, _ = _handle(footer, place)
    table: dict[bytes, memoryview] = {}
    end_of_last = 0
    for _, handle in _entries(_block(data, index_start, index_size)):
        start, size, _ = _handle(handle, 0)
        if start < end_of_last:
            raise ValueError("Expected blocks one after the other. Received: overlapping ones")
        end_of_last = start + size + _TRAILER_BYTES
        entries = _entries(_block(data, start, size))
        table.update(itertools.islice(entries, _MOST_ENTRIES + 1 - len(table)))
        if len(table) > _MOST_ENTRIES:
            raise ValueError(f"Expected at most {_MOST_ENTRIES} entries. Received: more")
    return table


def _block(data: memoryview, start: int, size: int) -> memoryview:
    end = start + size
    if end + _TRAILER_BYTES > len(data):
        raise ValueError("Expected a block. Received: a place behind the end")
    kind, stored = struct.unpack_from("<BI", data, end)
    if kind != 0:
        raise ValueError(f"Expected no compression. Received: kind={kind}")
    if stored != checksum(data[start : end + 1]):
        raise ValueError("Expected another checksum")
    return data[start:end]


def _entries(block: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Keys and values; each key tells how many bytes it has in common with the one before."""
    (n_restarts,) = struct.unpack_from("<I", block, len(block) - 4)
    end = len(block) - 4 * (n_restarts + 1)
    place, key = 0, b""
    while place < end:
        shared, place = _number(block, place)
        unshared, place = _number(block, place)
        n_bytes, place = _number(block, place)
        if shared > len(key) or shared + unshared > _LONGEST_KEY or place + unshared + n_bytes > end:
            raise ValueError("Expected an entry. Received: one that reaches too far")
        key = key[:shared] + bytes(block[place : place + unshared])
        place += unshared
        yield key, block[place : place + n_bytes]
        place += n_bytes


def _handle(data: memoryview, place: int) -> tuple[int, int, int]:
    """Where a block starts, how long it is, and where this information ends."""
    start, place = _number(data, place)
    size, place = _number(data, place)
    return start, size, place


def _number(data: memoryview, place: int) -> tuple[int, int]:
    """A whole number, seven bits a byte, and where it ends."""
    number = 0
    for shift in range(0, 64, 7):
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
    raise ValueError("Expected a number. Received: more than 64 bits")
