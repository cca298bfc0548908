"""Writes sorted tables, to forge TensorFlow 1 checkpoints with valid checksums."""

import struct

from cadl_gui.interop.course.sstable import checksum


def varint(number):
    data = bytearray()
    while number >= 0x80:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*data, number))


def block(entries):
    """A block of (key, value) entries, with complete keys."""
    data = b"".join(
        varint(0) + varint(len(key)) + varint(len(value)) + key + bytes(value) for key, value in entries
    )
    return data + struct.pack("<II", 0, 1)


def sealed(data, kind=0):
    return data + bytes([kind]) + struct.pack("<I", checksum(data + bytes([kind])))


def table(*blocks, kind=0):
    """A file of these blocks; `block` makes them."""
    data, handles = b"", []
    for number, content in enumerate(blocks):
        handles.append((bytes([number]), varint(len(data)) + varint(len(content))))
        data += sealed(content, kind)
    return finished(data, handles)


def finished(data, handles):
    """A file of blocks that were written before, with an index of (key, location of the block)."""
    meta = varint(len(data)) + varint(8)
    data += sealed(block([]))
    index = block(handles)
    footer = (meta + varint(len(data)) + varint(len(index))).ljust(40, b"\0")
    return data + sealed(index) + footer + struct.pack("<Q", 0xDB4775248B80FB57)
