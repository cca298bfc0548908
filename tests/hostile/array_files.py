"""Malicious `.npz` and `.h5` files in place of arrays with any names."""

import functools
import io
import struct
import zlib

import h5py
import numpy as np

from hostile import mutations
from hostile.mutations import Random


def _npy(shape: str, descr: str = "|u1", data: bytes = b"", *, order: str = "False") -> bytes:
    header = f"{{'descr': {descr!r}, 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + data


def strange_headers(random: Random, data: bytes) -> bytes:
    """Shapes that are negative, huge or no numbers, and dtypes that are no numbers."""
    shapes = (
        "(-5, 28, 28)", "(5, -28, -28)", "(0, 28, 28)", "(10000000, 4, 4)", "(9999999999999, 28, 28)",
        "(1, 1024, 1024)",
        "(5, 28, 28, 3, 1)", "()", "(True, 28, 28)", "(5, 28, 0)", "(2, 10**9)", "(" + "1," * 40 + ")",
        "(5, 1000000)",
        "(1" + "0" * 400 + ", 28, 28)", "[5, 28, 28]", "(5.0, 28, 28)",
    )  # fmt: skip
    dtypes = (
        "|u1",
        "<f8",
        "<f16",
        "<f2",
        "|b1",
        "|O",
        "<c8",
        "|V8",
        "<M8[s]",
        "<U9",
        "|S9",
        "[('a', '<f4')]",
        "<i8",
    )
    shape, dtype = shapes[random.integers(len(shapes))], dtypes[random.integers(len(dtypes))]
    order = ("False", "True")[random.integers(2)]
    members = {"x.npy": _npy(shape, dtype, bytes(4000), order=order)}
    if random.random() < 0.5:
        members["y.npy"] = _npy("(5,)", dtype, random.bytes(400))
    return mutations.archive_of(members, packed=("x.npy",))


def unpacks_to_gigabytes(random: Random, data: bytes) -> bytes:
    """Arrays of zeros: images, labels, one-hot labels, in either order; or of very many tiny images."""
    return _zeros(int(random.integers(9)))


@functools.cache
def _zeros(way: int) -> bytes:
    def u1(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.uint8)

    ways = (
        lambda: {"x": u1(2**26 // 784, 28, 28)},
        lambda: {"x": u1(2**29 // 784, 28, 28)},
        lambda: {"x": np.asfortranarray(u1(2**26 // 784, 28, 28))},
        lambda: {"x": u1(20, 8, 8), "y": np.zeros((20, 4096))},
        lambda: {"x": u1(2**22, 4, 4)},
        lambda: {"x": u1(2**20, 8, 8), "y": np.zeros(2**20)},
        lambda: {"x": u1(2**11, 8, 8), "y": np.eye(4096, dtype=np.float32)[: 2**11]},
        lambda: {"x": np.full((100, 8, 8), np.nan), "y": np.full(100, np.inf)},
        lambda: {
            "x": np.full((100, 8, 8), 1e308) * np.array([1, -1] * 50)[:, None, None],
            "y": np.zeros(100) - 1,
        },
    )
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **ways[way]())
    return buffer.getvalue()


def lying_sizes(random: Random, data: bytes) -> bytes:
    """A list of members that says they are packed less than they are, so that they seem harmless."""
    whole = bytearray(_zeros(int(random.integers(2))))
    at = whole.rindex(b"PK\1\2")
    whole[at + 20 : at + 24] = struct.pack("<I", int(random.choice([2**31, 2**32 - 2])))
    return bytes(whole)


def strange_names(random: Random, data: bytes) -> bytes:
    """Arrays with very long or empty names, in thousands, or whose names are the same."""
    tiny = _npy("(5, 8, 8)", "|u1", bytes(320))
    ways = (
        {"x" * 60_000 + ".npy": tiny},
        {".npy": tiny},
        {f"{'n' * 300}{i}.npy": _npy("(5,)", "<f8", bytes(40)) for i in range(100)},
        {f"{i}.npy": tiny for i in range(500)},
        {"../x.npy": tiny, "/etc/y.npy": _npy("(5,)", "<i8", bytes(40))},
        {"train/test/val.npy": tiny, "\u202e.npy": tiny, "a\nb.npy": tiny},
    )
    return mutations.archive_of(ways[random.integers(len(ways))])


NPZ_CHANGES = (
    strange_headers, strange_headers, strange_headers, unpacks_to_gigabytes, lying_sizes, strange_names,
    mutations.bomb, mutations.escaping_member,
)  # fmt: skip


# --- HDF5 ---


def _hdf5(write) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        write(file)
    return buffer.getvalue()


def huge_chunks(random: Random, data: bytes) -> bytes:
    """Small arrays in chunks of gigabytes, or chunks that unpack to more than they may hold."""
    return _chunks(int(random.integers(6)))


@functools.cache
def _chunks(way: int) -> bytes:
    def images(file, shape, chunk, n_bytes, **options):
        dataset = file.create_dataset(
            "x", shape, np.uint8, chunks=chunk, maxshape=(None,) * len(shape), compression="gzip", **options
        )
        dataset.id.write_direct_chunk((0,) * len(shape), _packed(n_bytes))

    ways = (
        lambda file: images(file, (10, 8, 8), (2**23, 8, 8), 2**29),
        lambda file: images(file, (10, 8, 8), (10, 8, 8), 2**30),
        lambda file: images(file, (10, 8, 8), (10, 8, 8), 2**30, shuffle=True),
        lambda file: images(file, (10, 8, 8), (10, 8, 8), 100),
        lambda file: images(file, (2**20, 8, 8), (2**20, 8, 8), 2**26),
        lambda file: images(file, (2**23, 8, 8), (2**20, 8, 8), 2**26),
    )
    return _hdf5(ways[way])


@functools.cache
def _packed(n: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(2**24)) for _ in range(-(-n // 2**24))) + packer.flush()


def links_elsewhere(random: Random, data: bytes) -> bytes:
    """Arrays that lie in other files, or lead in a circle."""

    def write(file):
        file["x"] = np.zeros((5, 8, 8), np.uint8)
        match random.integers(6):
            case 0:
                file["y"] = h5py.ExternalLink("/tmp/hostile-canary/data", "x")
            case 1:
                file["a/b"] = h5py.SoftLink("/")
                file["a/c"] = file["/"]
            case 2:
                file.create_dataset(
                    "z", (9, 28, 28), "u1", external=[("/tmp/hostile-canary/data", 0, 10_000)]
                )
            case 3:
                layout = h5py.VirtualLayout((9, 28, 28), "u1")
                layout[:5] = h5py.VirtualSource("/tmp/hostile-canary/data", "x", (5, 28, 28))
                file.create_virtual_dataset("z", layout)
            case 4:
                for i in range(12_000):
                    file.create_group(f"g{i}")
            case _:
                file["y"] = np.array([file.ref] * 5, h5py.ref_dtype)
                file["s"] = ["a" * 10_000] * 5
                file["n" * 60_000] = np.zeros(5)

    return _hdf5(write)


def huge_shapes(random: Random, data: bytes) -> bytes:
    """Arrays without data that claim to hold terabytes, or millions of tiny images."""
    shapes = (
        (2**40, 28, 28),
        (2**22, 4, 4),
        (2**23, 4, 4),
        (5, 1024, 1024),
        (2**20, 28, 28),
        (0, 28, 28),
        (2**20, 4096),
    )
    shape = shapes[random.integers(len(shapes))]
    dtype = ("u1", "f8", "i2", "f2")[random.integers(4)]
    chunked = random.random() < 0.5

    def write(file):
        options = {"chunks": True, "compression": "gzip"} if chunked else {}
        file.create_dataset("x", shape, dtype, **options)
        if random.random() < 0.5:
            file.create_dataset("y", shape[:1], "i8", **options)

    return _hdf5(write)


HDF5_CHANGES = (huge_chunks, huge_chunks, links_elsewhere, huge_shapes, huge_shapes)
