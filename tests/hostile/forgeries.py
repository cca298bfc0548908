"""Malicious files of all kinds that were once a problem: they grow huge, start programs, or read paths.

Each is a `Change`, which turns a valid file into the malicious one. Files that take long to make are cached.
"""

import functools
import gzip
import io
import json
import struct
import zipfile
import zlib

import numpy as np

from hostile.mutations import Change, Random, archive_of, members_of

CANARY = "hostile-canary"
"""Part of all paths inside files; no system call may use it."""

PATHS = (
    f"/tmp/{CANARY}/data",
    f"~{CANARY}/x",
    f"\\\\{CANARY}.invalid\\share\\data.npz",
    f"//{CANARY}.invalid/share",
    f"file:///{CANARY}",
    f"{CANARY}.npz",
    f"/tmp/{CANARY}/film.mp4:every=1",
    f"/tmp/{CANARY}/photos.zip:size=32,grey=on",
    f"//{CANARY}.invalid/cifar-10.tar.gz",
)


def _picked(random: Random, choices):
    return choices[int(random.integers(len(choices)))]


# --- images ---


def other_format(random: Random, data: bytes) -> bytes:
    """PostScript that writes a file and never ends, and other formats that Pillow would open."""
    return _picked(random, _OTHER_FORMATS)


_POSTSCRIPT = (
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n"
    b"(executed) (w) file closefile\n{} loop\n"
)
_OTHER_FORMATS = (
    _POSTSCRIPT,
    b"\xc5\xd0\xd3\xc6" + struct.pack("<II", 32, len(_POSTSCRIPT)) + bytes(20) + _POSTSCRIPT,
    b"%PDF-1.4\n1 0 obj\n",
    b"\xd7\xcd\xc6\x9a" + bytes(80),  # a Windows metafile
    b"P3\n3000 3000\n255\n" + b"7 " * 2_000_000,
    b"/* XPM */\nstatic char *x[] = {\n" + b'"aaaaaaaaaaaaaaaa",\n' * 500_000,
    b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://hostile-canary.invalid/x'/></svg>",
)


def packed_text(random: Random, data: bytes) -> bytes:
    """A PNG with a text that unpacks to 64 MB."""
    kind, head = _picked(random, ((b"zTXt", b"k\0\0"), (b"iTXt", b"k\0\1\0\0\0"), (b"iCCP", b"k\0\0")))
    chunk = _chunk(kind, head + _zeros(2**26))
    return _PNG[:33] + chunk * int(random.integers(1, 4)) + _PNG[33:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


_PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(bytes(6)))
    + _chunk(b"IEND", b"")
)


def huge_tile(random: Random, data: bytes) -> bytes:
    """A TIFF of 64 pixels with a tile of up to 1e9."""
    side = _picked(random, (4000, 30_000, 2**31 - 1))
    tags = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 322: side, 323: side, 324: 8, 325: 64}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(64)


@functools.cache
def _zeros(n: int) -> bytes:
    return zlib.compress(bytes(n))


# --- datasets ---


def unpacks_to_gigabytes(random: Random, data: bytes) -> bytes:
    """An IDX file of a few megabytes that would unpack to far more."""
    return _packed_idx(int(_picked(random, (100_000, 400_000))))


@functools.cache
def _packed_idx(n: int) -> bytes:
    header = b"\0\0\x08\x03" + b"".join(side.to_bytes(4, "big") for side in (n, 28, 28))
    return gzip.compress(header + bytes(n * 28 * 28), 1)


def other_labels(random: Random, data: bytes) -> bytes:
    """The same number of labels, of another type, negative or huge."""
    code, dtype = _picked(random, ((9, ">i1"), (0xB, ">i2"), (0xC, ">i4"), (0xD, ">f4"), (0xE, ">f8")))
    n = int.from_bytes(gzip.decompress(data)[4:8] if data[:2] == b"\x1f\x8b" else data[4:8], "big")
    values = np.full(n, _picked(random, (-1, 100, 32_000)), np.float64).astype(dtype)
    return bytes([0, 0, code, 1]) + n.to_bytes(4, "big") + values.tobytes()


def very_many_labels(random: Random, data: bytes) -> bytes:
    """1e8 labels in a file of a hundred kilobytes."""
    return _labels_bomb()


@functools.cache
def _labels_bomb() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, images=np.zeros((3, 6, 5, 1), np.uint8), labels=np.zeros(10**8, np.uint8))
    return buffer.getvalue()


def very_many_members(random: Random, data: bytes) -> bytes:
    """An archive with 100,000 additional members."""
    return _with_members(data)


@functools.lru_cache(maxsize=8)
def _with_members(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        for i in range(100_000):
            archive.writestr(f"m{i}", b"")
    return buffer.getvalue()


# --- runs ---


def too_large_a_network(random: Random, data: bytes) -> bytes:
    """A description of a network, images or labels that would need gigabytes."""
    run = json.loads(data)
    match random.integers(6):
        case 0:
            run["configuration"]["layers"] = [8192] * int(random.integers(1, 33))
        case 1:
            run["image_shape"] = _picked(random, ([1200, 1200, 1], [1024, 1024, 16], [2**31, 2, 1]))
        case 2:
            run["dataset"]["class_names"] = ["x"] * int(_picked(random, (4000, 100_000, 10**6)))
        case 3:
            run["configuration"] |= {"latent_dim": 4096, "variational": True, "n_hidden": 8192}
        case 4:
            sizes = {"layers": [4096] * 8, "kernel_sizes": [31] * 8, "strides": [1] * 8}
            run["configuration"] |= {"convolutional": True, **sizes}
        case _:
            run["steps_per_epoch"], run["position"] = 2**31 - 1, [10**30, 10**30]
    return json.dumps(run).encode()


def path_inside(random: Random, data: bytes) -> bytes:
    """A description whose dataset is a path that must not be used."""
    run = json.loads(data)
    run["configuration"]["dataset"] = _picked(random, PATHS)
    run["configuration"]["labelled_examples"] = _picked(random, PATHS)
    return json.dumps(run).encode()


def very_many_values(random: Random, data: bytes) -> bytes:
    """A description with a history of a few million empty records."""
    filling = _picked(random, (b"{}", b"[]", b"0", b'""'))
    return data.rstrip()[:-1] + b', "history": [' + (filling + b",") * 3_000_000 + filling + b"]}"


def endless_history(random: Random, data: bytes) -> bytes:
    """One line of tens of megabytes, or millions of empty lines."""
    match random.integers(4):
        case 0:
            return b'{"kind": "' + b"x" * 40_000_000 + b'"}\n'
        case 1:
            return b"{}\n" * 10_000_000
        case 2:
            return b'{"kind": "steps", "first_step": 0, "metrics": {"loss": [' + b"0," * 5_000_000 + b"0]}}\n"
        case _:
            metrics = ",".join(f'"m{i}": [0]' for i in range(100_000))
            return (
                b'{"kind": "steps", "first_step": 0, "metrics": {"loss": [0], ' + metrics.encode() + b"}}\n"
            )


def in_run(change: Change) -> Change:
    """Change the description in a checkpoint, and repair the archive's checksums."""

    def changed(random: Random, data: bytes) -> bytes:
        members = members_of(data)
        return archive_of(members | {"cadl/run.json": change(random, members["cadl/run.json"])})

    changed.__name__ = f"{change.__name__} in cadl/run.json"
    return changed


# --- latent paths ---


def wild_path(random: Random, data: bytes) -> bytes:
    """Far too many pins, latents, frames or seconds, or an epoch that no run can have."""
    path = json.loads(data)
    n = len(path["pins"])
    changes = (
        {"pins": [[0.0, 1.0]] * 100_000},
        {"pins": [[0.5] * 4096] * 120},
        {"pins": [[1e300, -1e300]] * n},
        {"n_frames": 10**18},
        {"n_frames": 100_000, "pins": [[0.5] * 4096] * n},
        {"frames_per_second": 1e-300},
        {"epochs": [10**21] * n},
        {"epochs": [1e21] * n},
        {"times": [0.0] * (n - 1) + [1e300]},
    )
    return json.dumps(path | _picked(random, changes)).encode()
