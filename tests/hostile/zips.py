"""Malicious ZIP archives in place of one with images."""

import functools
import io
import struct
import warnings
import zipfile
import zlib

from hostile import image_files, image_folders
from hostile.mutations import Random, archive_of, members_of

_TINY = image_files.tiny_png()


def _archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, *, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore")
        archive.comment = comment
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def _local(name: bytes, data: bytes) -> bytes:
    return struct.pack(
        "<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0
    ) + name + data  # fmt: skip


def _entry(
    name: bytes, data: bytes, offset: int = 0, *, packed: int | None = None, unpacked: int | None = None,
    method: int = 0, flags: int = 0, extra: bytes = b"",
) -> bytes:  # fmt: skip
    """A line of the list of members, which says whatever it should."""
    sizes = (len(data) if packed is None else packed, len(data) if unpacked is None else unpacked)
    return struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, flags, method, 0, 33, zlib.crc32(data), *sizes, len(name),
        len(extra),
        0, 0, 0, 0, offset,
    ) + name + extra  # fmt: skip


def _ended(body: bytes, listed: bytes, n: int) -> bytes:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, n % 65536, n % 65536, len(listed), len(body), 0)
    return body + listed + end


def strange_names(random: Random, data: bytes) -> bytes:
    """Names that are empty, lead elsewhere, are very long, or no text."""
    names = (
        b"", b".", b"..", b"./", b"/", b"//", b"a//b.png", b"../a.png", b"/etc/a.png", b"C:a.png",
        b"a/../../b.png",
        b"\0", b"a\0.png", b"\xff\xfe.png", b"9" * 5000 + b".png", b"x" * 60_000 + b".png",
        b"a/" * 20_000 + b"b.png",
        b"\\\\hostile-canary.invalid\\a.png", "\u202egnp.a".encode(), b"a\nb.png", b"con.png", b"aux",
    )  # fmt: skip
    name = names[random.integers(len(names))]
    flags = int(random.choice([0, 0x800]))
    body = _local(name, _TINY) + _local(b"b.png", _TINY)
    listed = _entry(name, _TINY, flags=flags) + _entry(b"b.png", _TINY, len(_local(name, _TINY)))
    return _ended(body, listed, 2)


def overlapping_members(random: Random, data: bytes) -> bytes:
    """Thousands of members that are all the same one, or each contain the next."""
    n = int(random.choice([300, 3000, 20_000]))
    image = image_files.png_bomb()
    body = _local(b"0.png", image)
    listed = b"".join(_entry(b"%d.png" % i, image) for i in range(n))
    return _ended(body, listed, n)


def lying_sizes(random: Random, data: bytes) -> bytes:
    """Members whose size, packed size, place or checksum is not what the list says."""
    huge = (2**31, 2**32 - 2, 2**27 + 1, 2**27, 0, 1)
    packed, unpacked = (huge[random.integers(len(huge))] for _ in range(2))
    wide = (2**62, 2**63, 2**64 - 1)
    large = b"\1\0\x18\0" + struct.pack("<3Q", *(wide[random.integers(3)] for _ in range(3)))
    ways = (
        _entry(b"a.png", _TINY, packed=packed),
        _entry(b"a.png", _TINY, unpacked=unpacked),
        _entry(b"a.png", _TINY, packed=packed, unpacked=unpacked),
        _entry(b"a.png", _TINY, offset=2**32 - 2),
        _entry(b"a.png", _TINY, packed=2**32 - 1, unpacked=2**32 - 1, offset=2**32 - 1, extra=large),
        _entry(b"a.png", _TINY, offset=2**32 - 1, extra=b"\1\0\x08\0" + struct.pack("<Q", 2**64 - 1)),
        _entry(b"a.png", _TINY, offset=2**32 - 1, extra=b"\1\0\x08\0" + struct.pack("<Q", 2**63 - 1)),
        _entry(b"a.png", _TINY, method=int(random.choice([8, 9, 12, 14, 99]))),
        _entry(b"a.png", _TINY, flags=int(random.choice([1, 8, 32, 64, 0x2000]))),
    )
    body = _local(b"a.png", _TINY)
    whole = _ended(body, ways[random.integers(len(ways))], 1)
    if random.random() < 0.3:  # the place of the list of members
        at = len(whole) - 22 + int(random.choice([8, 10, 12, 16]))
        whole = whole[:at] + random.bytes(2) + whole[at + 2 :]
    return whole


def very_many_members(random: Random, data: bytes) -> bytes:
    """A hundred thousand images or other files, or a list of members for more than a million."""
    return _many(int(random.integers(5)))


@functools.cache
def _many(way: int) -> bytes:
    if way == 0:  # the same image, over and over
        part = _local(b"000000.png", _TINY)
        n = 100_000
        body = b"".join(_local(b"%06d.png" % i, _TINY) for i in range(n))
        return _ended(body, b"".join(_entry(b"%06d.png" % i, _TINY, i * len(part)) for i in range(n)), n)
    if way == 1:  # empty ones
        n = 100_000
        part = len(_local(b"000000.png", b""))
        body = b"".join(_local(b"%06d.png" % i, b"") for i in range(n))
        return _ended(body, b"".join(_entry(b"%06d.png" % i, b"", i * part) for i in range(n)), n)
    if way == 2:  # no members at all, but a long list
        return _ended(b"", b"".join(_entry(b"%x.png" % i, b"") for i in range(1_500_000)), 0)
    if way == 3:  # folders
        return _ended(b"", b"".join(_entry(b"%x/" % i, b"") for i in range(1_500_000)), 0)
    return _ended(b"", b"".join(_entry(b"%x/%x/a.png" % (i % 9000, i), b"") for i in range(100_000)), 0)


def bombs(random: Random, data: bytes) -> bytes:
    """Members that unpack to far more than they take."""
    ways = (
        lambda: {"a.bmp": image_files.bmp(5000, 5000)},
        lambda: {f"{i}.bmp": image_files.bmp(4000, 4000) for i in range(3)},
        lambda: {"a.png": bytes(2**27)},
        lambda: {"a.png": bytes(2**27 + 1)},
        lambda: {"a.png": _TINY, "metadata.csv": b"file_name,label\n" + b"a.png,1\n" * 8_000_000},
        lambda: {"a.png": _TINY, "metadata.csv": b"," * 2**26},
        lambda: {"a.png": image_files.png_bomb(), "b.png": _archive({"c.png": _TINY})},
    )
    return _bomb(ways, int(random.integers(len(ways))))


_bombs: dict[int, bytes] = {}


def _bomb(ways, number: int) -> bytes:
    if number not in _bombs:
        _bombs[number] = _archive(ways[number]())
    return _bombs[number]


def forged_member(random: Random, data: bytes) -> bytes:
    """One image or one metadata file in it is malicious; the archive itself is well made."""
    members = members_of(data)
    name = list(members)[random.integers(len(members))]
    changes = image_folders.METADATA if "metadata" in name else image_files.CHANGES
    changed = changes[random.integers(len(changes))](random, members[name])
    return archive_of(members | {name: changed}, packed=(name,))


def ends_strangely(random: Random, data: bytes) -> bytes:
    """A comment, bytes before the archive, two ends, or a list of members elsewhere."""
    ways = (
        lambda: _archive({"a.png": _TINY}, comment=b"x" * 60_000),
        lambda: random.bytes(1000) + data,
        lambda: data + data,
        lambda: data + b"PK\5\6" + bytes(18),
        lambda: _archive({"a.png": _TINY, "b/a.png": _TINY}, zipfile.ZIP_LZMA),
        lambda: _archive({"a.png": _TINY, "A.png": _TINY, "a.png ": _TINY}),
        lambda: b"PK\5\6" + bytes(18),
    )
    return ways[random.integers(len(ways))]()


CHANGES = (
    strange_names, strange_names, overlapping_members, lying_sizes, lying_sizes, very_many_members, bombs,
    forged_member, forged_member, ends_strangely,
)  # fmt: skip
