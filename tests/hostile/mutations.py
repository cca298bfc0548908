"""Random ways to damage bytes, JSON, archives, HDF5 files and tables."""

import copy
import io
import json
import pickle
import warnings
import zipfile
from collections.abc import Callable

import h5py
import numpy as np
import tables

from cadl_gui.interop.course.sstable import read_sstable

Random = np.random.Generator
Change = Callable[[Random, bytes], bytes]

_EVIL_NUMBERS = (
    0, -1, 1, 2, 255, 2**16, 2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 10**400, -(10**400),
    0.5, -0.0, 1e-320, 1e308, float("inf"), float("nan"),
)  # fmt: skip
_EVIL_VALUES = (
    *_EVIL_NUMBERS, None, True, "", "\0", "/etc/passwd", "../../../x", "\ud800", "x" * 100_000, [], {}, [[]],
    [0] * 50_000, {"class_name": "Lambda", "module": "builtins", "config": {"name": "eval"}},
    {"$type": "os.system"}, [10**9] * 4, ["a"] * 33, "C:\\x", "file:///etc/passwd", "%s%n", "{0.__class__}",
)  # fmt: skip


class _Touch:
    """Creates a file when it is unpickled."""

    def __reduce__(self):
        return open, ("unpickled", "w")


PICKLE = pickle.dumps(_Touch())


# --- bytes ---


def flip_bits(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for place in random.integers(0, len(changed), random.choice([1, 1, 2, 8, 64])):
        changed[place] ^= 1 << random.integers(8)
    return bytes(changed)


def truncate(random: Random, data: bytes) -> bytes:
    return data[: random.integers(0, len(data))]


def overwrite(random: Random, data: bytes) -> bytes:
    """A run of zeros, ones or noise."""
    start = int(random.integers(0, len(data)))
    n = int(random.choice([1, 2, 4, 8, 64, 1024]))
    filling = [bytes(n), b"\xff" * n, random.bytes(n)][random.integers(3)]
    return data[:start] + filling + data[start + n :]


def repeat_part(random: Random, data: bytes) -> bytes:
    start, end = sorted(int(place) for place in random.integers(0, len(data) + 1, 2))
    end = min(end, start + 4096)
    return data[:end] + data[start:end] * int(random.integers(1, 5)) + data[end:]


def leave_part_out(random: Random, data: bytes) -> bytes:
    start = int(random.integers(0, len(data)))
    return data[:start] + data[start + int(random.choice([1, 4, 64, 1024])) :]


def become_something_else(random: Random, data: bytes) -> bytes:
    others = (b"", PICKLE, b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", random.bytes(500), b"[" * 100_000, b"{" * 9)
    return others[random.integers(len(others))]


BYTES: tuple[Change, ...] = (
    flip_bits,
    truncate,
    overwrite,
    repeat_part,
    leave_part_out,
    become_something_else,
)


def of_bytes(random: Random, data: bytes) -> bytes:
    return BYTES[random.integers(len(BYTES))](random, data)


# --- JSON ---


def wild_json(random: Random, data: bytes) -> bytes:
    """One to three values are changed, removed or duplicated; the result is valid JSON."""
    tree = json.loads(data)
    for _ in range(random.integers(1, 4)):
        tree = _wild(random, copy.deepcopy(tree))
    return json.dumps(tree).encode("utf-8", "surrogatepass")


def _wild(random: Random, tree: object) -> object:
    places = list(_places(tree))
    if not places:
        return _EVIL_VALUES[random.integers(len(_EVIL_VALUES))]
    parent, key = places[random.integers(len(places))]
    match random.integers(6):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, list):
            parent.extend(copy.deepcopy(parent))
        case 2 if isinstance(parent, dict):
            parent["unknown"] = parent.pop(key)
        case 3:
            other_parent, other = places[random.integers(len(places))]
            parent[key] = copy.deepcopy(other_parent[other]) if other in _keys(other_parent) else None
        case _:
            parent[key] = copy.deepcopy(_EVIL_VALUES[random.integers(len(_EVIL_VALUES))])
    return tree


def _keys(tree: object) -> list:
    if isinstance(tree, dict):
        return list(tree)
    return list(range(len(tree))) if isinstance(tree, list) else []


def _places(tree: object):
    for key in _keys(tree):
        yield tree, key
        yield from _places(tree[key])


def nested_json(random: Random, data: bytes) -> bytes:
    depth = int(random.choice([100, 2000, 200_000]))
    return data.rstrip()[:-1] + b', "deep": ' + b"[" * depth + b"]" * depth + b"}"


def of_json(random: Random, data: bytes) -> bytes:
    if random.random() < 0.1:
        return nested_json(random, data)
    return wild_json(random, data)


# --- archives ---


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive_of(members: dict[str, bytes], packed: tuple[str, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED if name in packed else zipfile.ZIP_STORED)
    return buffer.getvalue()


def escaping_member(random: Random, data: bytes) -> bytes:
    names = (
        "../escaped",
        "/tmp/escaped",
        "..\\escaped",
        "C:\\escaped",
        "a/../../escaped",
        "model.weights.h5/..",
    )
    name = names[random.integers(len(names))]
    members = members_of(data)
    if random.random() < 0.5:
        return archive_of(members | {name: PICKLE})
    old = list(members)[random.integers(len(members))]
    return archive_of({name if key == old else key: value for key, value in members.items()})


def bomb(random: Random, data: bytes) -> bytes:
    """A member that unpacks to a gigabyte, or claims to."""
    members = members_of(data)
    name = list(members)[random.integers(len(members))]
    if random.random() < 0.5:
        return archive_of(members | {name: bytes(2**26)}, packed=(name,))
    whole = bytearray(archive_of(members))
    place = whole.find(name.encode(), int(0.5 * len(whole))) - 46 + 20  # sizes in the archive's directory
    whole[max(0, place) : max(0, place) + 8] = (
        random.choice([2**31, 2**30, 2**32 - 1]).astype("<u4").tobytes() * 2
    )
    return bytes(whole)


def linked_member(random: Random, data: bytes) -> bytes:
    """A member that is a symbolic link."""
    members = members_of(data)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            is_weights = name.endswith(".h5")
            info.external_attr = 0o120777 << 16 if is_weights else 0
            archive.writestr(info, b"/etc/passwd" if is_weights else content)
    return buffer.getvalue()


def doubled_member(random: Random, data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    name = list(members_of(data))[random.integers(len(members_of(data)))]
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(zipfile.ZipInfo(name), PICKLE)
    return buffer.getvalue()


def member_changed(name: str, change: Change) -> Change:
    """Change one member, and repair the archive's checksums."""

    def changed(random: Random, data: bytes) -> bytes:
        members = members_of(data)
        return archive_of(members | {name: change(random, members[name])})

    changed.__name__ = f"{change.__name__} in {name}"
    return changed


# --- HDF5 ---


def wild_hdf5(random: Random, data: bytes) -> bytes:
    """Change links, shapes and types of datasets; the result is valid HDF5."""
    buffer = io.BytesIO(data)
    with h5py.File(buffer, "r+") as file:
        names = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        name = names[random.integers(len(names))]
        shape, dtype = file[name].shape, file[name].dtype
        del file[name]
        match random.integers(9):
            case 0:
                file[name] = h5py.ExternalLink("/etc/passwd", "x")
            case 1:
                file[name] = h5py.SoftLink("/")
            case 2:
                file.create_dataset(name, (2**30, 2**20), "f4", chunks=(2**10, 2**10), compression="gzip")
            case 3:
                file.create_dataset(name, (2**24,), "f8", chunks=(2**24,), compression="gzip", fillvalue=1)[
                    0
                ] = 2
            case 4:
                file.create_dataset(name, (*shape, 2), dtype)
            case 5:
                file.create_dataset(name, shape, "f8", data=np.full(shape, np.nan))
            case 6:
                objects = np.array([PICKLE.replace(b"\0", b"0")], dtype=h5py.special_dtype(vlen=bytes))
                file.create_dataset(name, data=objects)
            case 7:
                file.create_group(name)
            case _:
                file.create_dataset(name, (250,), "f4", external=[("/etc/passwd", 0, 1000)])
    return buffer.getvalue()


# --- tables of TensorFlow 1 ---


def table_entry(random: Random, data: bytes) -> bytes:
    """Damage one entry of a table, and repair its checksum."""
    entries = {key: bytes(value) for key, value in read_sstable(data, None).items()}
    key = list(entries)[random.integers(len(entries))]
    if random.random() < 0.8:
        head = entries[key][:200] or b"\0"
        entries[key] = BYTES[random.integers(len(BYTES) - 1)](random, head) + entries[key][200:]
    else:
        renamed = of_bytes(random, key or b"\0")[:2000]
        entries = {renamed if name == key else name: value for name, value in entries.items()}
    return tables.table(tables.block(entries.items()))


def table_structure(random: Random, data: bytes) -> bytes:
    """Damage what leads from entry to entry, and repair the block's checksum."""
    entries = read_sstable(data, None).items()
    block = tables.block(entries)
    place = int(random.integers(0, min(len(block), 3000)))
    return tables.table(
        block[:place] + of_bytes(random, block[place : place + 40] or b"\0") + block[place + 40 :]
    )
