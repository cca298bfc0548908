"""Tables are read as LevelDB wrote them; damaged ones, even with valid checksums, are refused."""

import struct
from pathlib import Path

import pytest
import tables
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.interop.course.sstable import read_sstable

PATH = Path("model.ckpt")
REFUSED = r"model\.ckpt” is damaged, or no checkpoint"


@given(st.dictionaries(st.binary(max_size=40), st.binary(max_size=200), max_size=20))
def test_what_was_written_is_read(entries):
    half = len(entries) // 2
    items = sorted(entries.items())
    data = tables.table(tables.block(items[:half]), tables.block(items[half:]))
    assert {key: bytes(value) for key, value in read_sstable(data, PATH).items()} == entries


def test_keys_share_their_beginnings():
    entries = b"\x00\x05\x01hello1" + b"\x04\x02\x01p!2" + struct.pack("<II", 0, 1)
    assert dict(read_sstable(tables.table(entries), PATH)) == {b"hello": b"1", b"hellp!": b"2"}


@given(st.binary(max_size=300))
def test_noise_is_refused(data):
    with pytest.raises(CheckpointError, match=REFUSED):
        read_sstable(data, PATH)


def test_every_flipped_bit_of_a_block_is_noticed():
    whole = tables.table(tables.block([(b"a", b"first"), (b"b", b"second")]))
    for place in range(len(tables.block([(b"a", b"first"), (b"b", b"second")]))):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        with pytest.raises(CheckpointError, match=REFUSED):
            read_sstable(bytes(damaged), PATH)


BLOCK = tables.sealed(tables.block([(b"a", bytes(1000))]))


@pytest.mark.parametrize(
    "data",
    [
        tables.table(tables.block([(b"a", b"1")]), kind=1),
        tables.table(b"\x00\xff\xff\xff\xff\x7f\x01" + struct.pack("<II", 0, 1)),
        tables.table(b"\x09\x01\x01ab" + struct.pack("<II", 0, 1)),
        tables.table(b"\xff" * 20 + struct.pack("<II", 0, 1)),
        tables.table(tables.block([(bytes(2000), b"1")])),
        tables.table(tables.block([(struct.pack(">I", i), b"") for i in range(20_001)])),
        tables.finished(BLOCK, [(bytes([i]), b"\0" + tables.varint(len(BLOCK) - 5)) for i in range(9)]),
        tables.finished(BLOCK, [(b"a", tables.varint(2**63) + tables.varint(2**63))]),
        tables.finished(BLOCK, [(b"a", b"")]),
    ],
    ids=[
        "compressed", "huge value", "shares more than there is", "endless number", "long key", "many entries",
        "one block again and again", "block far away", "no place",
    ],
)  # fmt: skip
def test_what_would_take_time_or_memory_is_refused(data):
    with pytest.raises(CheckpointError, match=REFUSED):
        read_sstable(data, PATH)
