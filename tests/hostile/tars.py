"""Malicious archives and folders in place of CIFAR-10."""

import functools
import gzip
import io
import struct
import tarfile

from hostile import pickles
from hostile.kind import Content, Files, Hole
from hostile.mutations import Random

_BATCH = "cifar-10-batches-py/data_batch_1"


def archive(files: Files, mode: str) -> bytes:
    """An archive with files in a folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as tar:
        for name, data in files.items():
            assert isinstance(data, bytes)
            _add(tar, f"cifar-10-batches-py/{name}", data)
    return buffer.getvalue()


def _add(tar: tarfile.TarFile, name: str, data: bytes, kind: bytes = tarfile.REGTYPE, link: str = "") -> None:
    about = tarfile.TarInfo(name)
    about.size, about.type, about.linkname = len(data), kind, link
    tar.addfile(about, io.BytesIO(data))


def _packed(random: Random, data: bytes) -> bytes:
    return gzip.compress(data, 1) if random.random() < 0.7 else data


def _header(name: str, size: bytes, kind: bytes = b"0", tail: bytes = b"") -> bytes:
    """A header as it stands in the archive, with a size of 12 bytes as given, and the right checksum."""
    header = bytearray(512)
    header[: len(name)] = name.encode()
    header[100:124] = b"0000644\0" + b"0000000\0" * 2
    header[124:136] = size
    header[136:148] = b"00000000000\0"
    header[156:157] = kind
    header[257:265] = b"ustar  \0" if kind == b"S" else b"ustar\00000"
    header[345 : 345 + len(tail)] = tail
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def _octal(n: int) -> bytes:
    return b"%011o\0" % n if n < 8**11 else b"\x80" + n.to_bytes(11, "big")


def lying_size(random: Random, data: bytes) -> bytes:
    """A member that claims gigabytes, or fewer than no bytes."""
    sizes = (
        _octal(2**26 + 1), _octal(2**29), _octal(2**33), _octal(2**60), b"\xff" * 11 + b"\0", b"\xff" * 12,
        b"\xff" * 10 + b"\xfc\0", b"\xff" * 10 + b"\xfe\0", b"-0000001000\0", b"99999999999\0", b"\0" * 12,
    )  # fmt: skip
    size = sizes[random.integers(len(sizes))]
    name = (_BATCH, "other")[random.integers(2)]
    first = _header(name, _octal(512)) + bytes(512)
    return _packed(random, first + _header(name, size) + bytes(int(random.choice([0, 512, 2_000_000]))))


@functools.cache
def _zeros(n: int) -> bytes:
    return gzip.compress(bytes(n), 9)


def endless_gzip(random: Random, data: bytes) -> bytes:
    """A megabyte that unpacks to a gigabyte, before, in or after a batch."""
    bomb = _zeros(2**28) * int(random.choice([1, 4, 400]))
    ways = (
        gzip.compress(_header(_BATCH, _octal(2**28))) + bomb,
        gzip.compress(_header("other", _octal(2**28))) + bomb,
        gzip.compress(_header("other", _octal(2**33))) + bomb,
        bomb,
        gzip.compress(archive({"data_batch_1": b"x"}, "w")) + bomb,
        gzip.compress(_header(_BATCH, _octal(2**26))) + bomb,
    )
    return ways[random.integers(len(ways))]


def long_gzip_header(random: Random, data: bytes) -> bytes:
    """A header of gzip with a name, a comment or an extra field of many megabytes."""
    n = int(random.choice([70_000, 60_000_000]))
    ways = (b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * n, b"\x1f\x8b\x08\x10" + bytes(6) + b"n" * n)
    many = b"".join([gzip.compress(b"")] * 300_000)
    return (*ways, many)[random.integers(3)]


def sparse_member(random: Random, data: bytes) -> bytes:
    """A batch that consists of a hole of gigabytes."""
    real = int(random.choice([2**26, 2**28, 2**33]))
    tail = bytearray(167)
    tail[41:65] = _octal(real) + _octal(0)  # one piece at the end, without bytes
    tail[138:150] = _octal(real)
    old = _header(_BATCH, _octal(0), b"S", bytes(tail))
    old = _header(_BATCH, _octal(0), b"S", _old_sparse(real))
    records = (
        b"GNU.sparse.major=1", b"GNU.sparse.minor=0", b"GNU.sparse.name=data_batch_1",
        b"GNU.sparse.realsize=%d" % real,
    )  # fmt: skip
    content = (b"1\n%d\n0\n" % real).ljust(512, b"\0")
    new = _pax(records) + _header(_BATCH, _octal(512)) + content
    middle = _pax((b"GNU.sparse.map=0,0", b"GNU.sparse.size=%d" % real, b"GNU.sparse.numblocks=1"))
    third = middle + _header(_BATCH, _octal(0))
    liar = _pax((b"size=%d" % real,)) + _header(_BATCH, _octal(512)) + bytes(512)
    return _packed(random, (old, new, third, liar)[random.integers(4)] + bytes(1024))


def _old_sparse(real: int) -> bytes:
    """What follows the name's prefix in the old format: four pieces, whether there are more, the size."""
    tail = bytearray(150)
    tail[41:65] = _octal(real) + _octal(0)
    tail[138:150] = _octal(real)
    return bytes(tail)


def _pax(records: tuple[bytes, ...]) -> bytes:
    lines = b""
    for record in records:
        n = len(record) + 3
        n = n if len(b"%d" % n) == 1 else n + len(b"%d" % n) - 1
        lines += b"%d %s\n" % (n, record)
    return _header("x", _octal(len(lines)), b"x") + lines.ljust(-(-len(lines) // 512) * 512, b"\0")


def linked_members(random: Random, data: bytes) -> bytes:
    """A batch that is a link, a pipe or a device, to a file elsewhere or to itself."""
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE)
    links = ("/etc/passwd", "../../../../etc/passwd", "/tmp/hostile-canary/data", "data_batch_1", _BATCH)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        kind = kinds[random.integers(len(kinds))]
        _add(tar, _BATCH, b"", kind, links[random.integers(len(links))])
        _add(tar, "cifar-10-batches-py/data_batch_2", b"", tarfile.LNKTYPE, _BATCH)
    return _packed(random, buffer.getvalue())


def escaping_names(random: Random, data: bytes) -> bytes:
    """Names that lead out of the archive, are empty, or are no text."""
    names = (
        "../../data_batch_1", "/tmp/hostile-canary/data_batch_1", "a\\data_batch_1", "", ".", "..", "\0",
        "data_batch_" + "9" * 80, "x" * 99,
    )  # fmt: skip
    name = names[random.integers(len(names))]
    first = bytearray(_header(name.replace("\0", "x"), _octal(3)))
    if random.random() < 0.3:
        first[0:3] = b"\xff\xfe\xfd"
        first[148:156] = b" " * 8
        first[148:156] = b"%06o\0 " % sum(first)
    return _packed(random, bytes(first) + b"abc".ljust(512, b"\0") + bytes(1024))


def very_many_members(random: Random, data: bytes) -> bytes:
    """Hundreds of thousands of empty members, or of headers that only announce a name."""
    ways = (
        lambda: _header("x", _octal(0)) * 400_000,
        lambda: _header("data_batch_1", _octal(0)) * 400_000,
        lambda: (_header("x", _octal(2), b"L") + b"y\0".ljust(512, b"\0")) * 3000,
        lambda: (_header("x", _octal(2), b"L") + b"y\0".ljust(512, b"\0")) * 100_000,
        lambda: (_header("x", _octal(2), b"K") + b"y\0".ljust(512, b"\0")) * 3000,
        lambda: _pax((b"path=data_batch_1",)) * 3000,
        lambda: _header("x", _octal(2**28), b"L"),
        lambda: _header("x", _octal(2**26), b"L") + b"y" * 2**26,
        lambda: _header("x", _octal(12_000_000), b"x") + b"6 a=b\n" * 2_000_000,
        lambda: _header("x", _octal(12_000_000), b"x") + b"1" * 12_000_000,
        lambda: _header("x", _octal(12_000_000), b"g") + b"6 a=b\n" * 2_000_000,
    )
    whole = ways[random.integers(len(ways))]()
    return gzip.compress(whole, 1) if random.random() < 0.8 else whole


def malicious_batch(random: Random, data: bytes) -> bytes:
    """An archive with a malicious pickle in it."""
    change = pickles.CHANGES[random.integers(len(pickles.CHANGES))]
    name = ("data_batch_1", "batches.meta")[random.integers(2)]
    return archive({name: change(random, data)}, "w:gz")


def other_archive(random: Random, data: bytes) -> bytes:
    """Something else under this name: other packers, other archives, a file of zeros."""
    import bz2
    import lzma
    import zipfile

    tar = archive({"data_batch_1": b"x" * 3073}, "w")
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("data_batch_1.bin", bytes(3073))
    ways = (
        bz2.compress(tar), lzma.compress(tar), zipped.getvalue(), bytes(10_240),
        gzip.compress(gzip.compress(tar)),
        gzip.compress(struct.pack("<I", 7)), b"\x1f\x8b",
    )  # fmt: skip
    return ways[random.integers(len(ways))]


CHANGES = (
    lying_size, endless_gzip, long_gzip_header, sparse_member, linked_members, escaping_names,
    very_many_members,
    malicious_batch, other_archive,
)  # fmt: skip


def very_many_batches(random: Random, files: Files) -> dict[str, Content]:
    """Hundreds of batches, each valid."""
    n = int(random.choice([50, 1000]))
    return dict(files) | {f"data_batch_{i}.bin": bytes([1]) * 3073 for i in range(2, n)}


def endless_batches(random: Random, files: Files) -> dict[str, Content]:
    """Batches of zeros, which take no space, and one as large as no disk is."""
    n = int(random.choice([1, 3, 100]))
    size = int(random.choice([3073 * 20_000, 2**26, 2**40]))
    return dict(files) | {f"data_batch_{i}.bin": Hole(size) for i in range(1, n + 1)}
