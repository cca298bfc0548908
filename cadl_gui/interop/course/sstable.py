"""Reads sorted string tables (LevelDB's file format), the container of both TensorFlow 1 checkpoint formats.

https://github.com/google/leveldb/blob/main/doc/table_format.md. TensorFlow's own reader is not used, since
it terminates the process when it meets an unexpected entry.
"""

import itertools
import struct
from collections.abc import Iterator
from pathlib import Path

import google_crc32c

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.interop.wire import varint
from cadl_gui.system.words import _

_FOOTER_BYTES = 48
_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
_TRAILER_BYTES = 5
"""Size of the trailer after every block: compression type and checksum."""

_MOST_ENTRIES = 20_000
_LONGEST_KEY = 1024
"""Keys share prefixes with the previous key: without a limit a small file could hold huge ones."""


def is_sstable(path: Path) -> bool:
    """Return whether a file ends with the magic number of a table.

    Raises:
        OSError: if the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - len(_MAGIC)))
        return file.read() == _MAGIC


def read_sstable(data: bytes, path: Path) -> dict[bytes, memoryview]:
    """Return all entries of an untrusted table, after verifying the checksum of every block.

    Returns:
        Values by key. The values are views of `data`, so they take no extra memory.

    Raises:
        CheckpointError: if the file is damaged, compressed or not a table.
    """
    try:
        return _read(memoryview(data))
    except (ValueError, IndexError, struct.error) as error:
        raise CheckpointError(
            _("“{path}” is damaged, or no checkpoint of TensorFlow 1.").format(path=path)
        ) from error


def checksum(data: memoryview | bytes) -> int:
    """Return the CRC-32C, masked as in tables and checkpoints."""
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
    """Yield keys and values; a key is stored as the number of bytes shared with the last one, and a rest."""
    (n_restarts,) = struct.unpack_from("<I", block, len(block) - 4)
    end = len(block) - 4 * (n_restarts + 1)
    place, key = 0, b""
    while place < end:
        shared, place = varint(block, place)
        unshared, place = varint(block, place)
        n_bytes, place = varint(block, place)
        if shared > len(key) or shared + unshared > _LONGEST_KEY or place + unshared + n_bytes > end:
            raise ValueError("Expected an entry. Received: one that reaches too far")
        key = key[:shared] + bytes(block[place : place + unshared])
        place += unshared
        yield key, block[place : place + n_bytes]
        place += n_bytes


def _handle(data: memoryview, place: int) -> tuple[int, int, int]:
    """Decode a block handle: return the block's offset, its size, and the offset after the handle."""
    start, place = varint(data, place)
    size, place = varint(data, place)
    return start, size, place
