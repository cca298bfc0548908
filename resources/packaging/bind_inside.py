"""Binds a shared library inside: what only itself uses is no longer found by name when it is loaded.

TensorFlow's libraries export their half a million C++ functions and variables by name, 90 MB of names, and
the dynamic linker looks up every use of each when Python imports them. Other libraries use one in a hundred.
This does afterwards what linking with a list of exports (a version script and `-Bsymbolic`) would have done:
a use of a name that no other library knows becomes an address, and its name is left out. Names that others
know, and all that are not C++, stay as they are, so nothing is shared less than before.

The tables of the dynamic linker come first in the file. They are written anew; what follows keeps its address
in memory, and only moves forward in the file.
"""

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

_X86_64 = 62
"""The machine in the header of such a file."""

_SYMBOL = np.dtype(
    [("name", "<u4"), ("info", "u1"), ("other", "u1"), ("section", "<u2"), ("value", "<u8"), ("size", "<u8")]
)
_RELOCATION = np.dtype([("offset", "<u8"), ("type", "<u4"), ("symbol", "<u4"), ("addend", "<i8")])
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
# Type, flags, offset, address, physical address, bytes in the file and in memory, alignment.
_SEGMENT = struct.Struct("<IIQQQQQQ")
# Name, type, flags, address, offset, bytes, link, info, alignment, bytes of an entry.
_SECTION = struct.Struct("<IIQQQQIIQQ")
_ENTRY = struct.Struct("<QQ")  # of .dynamic: tag, value

_TABLES = [".dynsym", ".gnu.version", ".gnu.version_d", ".gnu.version_r", ".gnu.hash", ".dynstr", ".rela.dyn"]
_PLT_RELOCATIONS = ".rela.plt"
_PAGE = 0x1000
_LOAD, _PROGRAM_HEADERS = 1, 6  # types of segments
_NONE, _IN_MEMORY = 0, 2  # types of sections, and a flag
_FIRST_RESERVED_SECTION = 0xFF00
_VARIABLE, _FUNCTION = 1, 2  # types of symbols
_GLOBAL, _WEAK = 1, 2
_PLACE, _GOT_ENTRY, _PLT_ENTRY, _RELATIVE, _INDIRECT = 1, 6, 7, 8, 37  # types of relocations

# Tags of .dynamic: the end, names, addresses of tables, sizes, and what belongs to binding at the first call.
_END, _NAMES = 0, {1, 14, 15, 29}
_ADDRESSES = {5: ".dynstr", 6: ".dynsym", 7: ".rela.dyn", 0x6FFFFEF5: ".gnu.hash", 0x6FFFFFF0: ".gnu.version",
              0x6FFFFFFC: ".gnu.version_d", 0x6FFFFFFE: ".gnu.version_r"}  # fmt: skip
_STRINGS_BYTES, _RELOCATIONS_BYTES, _N_RELATIVE = 10, 8, 0x6FFFFFF9
_AT_FIRST_CALL = {2, 3, 20, 23}


class _Library:
    """A shared library as it is read: its header, segments, sections by name, and dynamic symbols."""

    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        if self.content[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path} is not an ELF file of 64 bits")
        self.header = list(_HEADER.unpack_from(self.content))
        _, _, _, _, _, segments, sections, _, _, _, n_segments, _, n_sections, names = self.header
        self.segments = self._rows(_SEGMENT, segments, n_segments)
        rows = self._rows(_SECTION, sections, n_sections)
        self.section_names = rows[names][4]
        self.sections = {_text(self.content, self.section_names + row[0]).decode(): row for row in rows}
        if len(self.sections) != len(rows):
            raise ValueError(f"{path} has several sections of one name")
        self.symbols = self.array(".dynsym", _SYMBOL)
        self.strings = self.bytes_of(".dynstr")
        self.names = [_text(self.strings, int(place)) for place in self.symbols["name"]]

    def _rows(self, row: struct.Struct, place: int, n: int) -> list[list[int]]:
        return [list(row.unpack_from(self.content, place + i * row.size)) for i in range(n)]

    def bytes_of(self, section: str) -> bytes:
        if section not in self.sections:
            return b""
        _, _, _, _, offset, size, *_ = self.sections[section]
        return self.content[offset : offset + size]

    def array(self, section: str, dtype: np.dtype) -> np.ndarray:
        return np.frombuffer(self.bytes_of(section), dtype)


def dynamic_names(path: Path) -> set[bytes]:
    """Return all names by which a library finds others or is found."""
    return set(_Library(path).names)


def bind_inside(source: Path, target: Path, elsewhere: set[bytes]) -> None:
    """Write a library that is bound inside, or copy one for another processor than x86-64.

    Args:
        source: the library.
        target: the file to write.
        elsewhere: the names that other libraries know, of `dynamic_names`.

    Raises:
        ValueError: if its parts do not lie as expected.
    """
    library = _Library(source)
    if library.header[2] != _X86_64:  # others number their relocations otherwise
        shutil.copyfile(source, target)
        return
    symbols = library.symbols
    uses = np.concatenate([library.array(name, _RELOCATION) for name in (".rela.dyn", _PLT_RELOCATIONS)])
    inner = _known_inside_only(library, uses, elsewhere)

    bound = inner[uses["symbol"]]
    address = symbols["value"][uses["symbol"]].astype("<i8")
    uses["addend"][bound] = np.where(uses["type"] == _PLACE, address + uses["addend"], address)[bound]
    uses["type"][bound], uses["symbol"][bound] = _RELATIVE, 0
    # What is left of the calls is looked up at once, as Python asks for in any case.
    uses["type"][uses["type"] == _PLT_ENTRY] = _GOT_ENTRY
    is_relative = uses["type"] == _RELATIVE
    place = np.where(is_relative, uses["offset"], 0)
    uses = uses[np.lexsort((place, uses["type"] == _INDIRECT, ~is_relative))]

    kept = np.flatnonzero(~inner)
    hashes = np.array([_hash(library.names[i]) for i in kept], np.uint64)
    n_buckets = max(1, len(kept) // 2)
    is_found = symbols["section"][kept] != 0
    order = np.lexsort((np.where(is_found, hashes % n_buckets, 0), is_found))
    kept, hashes, n_unfound = kept[order], hashes[order], int((~is_found).sum())
    new_index = np.zeros(len(symbols), np.uint32)
    new_index[kept] = np.arange(len(kept))
    uses["symbol"] = new_index[uses["symbol"]]

    strings = _Strings()
    symbols, versions = symbols[kept], library.array(".gnu.version", np.dtype("<u2"))
    symbols["name"] = [strings.place(library.names[i]) for i in kept]
    dynamic = [(tag, strings.place(_text(library.strings, value)) if tag in _NAMES else value)
               for tag, value in _ENTRY.iter_unpack(library.bytes_of(".dynamic"))]  # fmt: skip
    tables = {
        ".dynsym": symbols.tobytes(),
        ".gnu.version": versions[kept].tobytes() if len(versions) else b"",
        ".gnu.version_d": _renamed_versions(library, ".gnu.version_d", strings),
        ".gnu.version_r": _renamed_versions(library, ".gnu.version_r", strings),
        ".gnu.hash": _hash_table(hashes[n_unfound:], n_unfound, n_buckets),
        ".rela.dyn": uses.tobytes(),
        ".dynstr": bytes(strings.content),
    }
    sizes = {
        _STRINGS_BYTES: len(tables[".dynstr"]),
        _RELOCATIONS_BYTES: len(tables[".rela.dyn"]),
        _N_RELATIVE: int(is_relative.sum()),
    }
    _write(library, target, {name: table for name, table in tables.items() if table}, dynamic, sizes)


def _known_inside_only(library: _Library, uses: np.ndarray, elsewhere: set[bytes]) -> np.ndarray:
    """Return for each symbol whether it is C++ of this library that no other library knows."""
    symbols = library.symbols
    inner = (
        (symbols["section"] != 0)
        & (symbols["section"] < _FIRST_RESERVED_SECTION)
        & np.isin(symbols["info"] & 15, [_VARIABLE, _FUNCTION])
        & np.isin(symbols["info"] >> 4, [_GLOBAL, _WEAK])
        & np.array([name.startswith(b"_Z") and name not in elsewhere for name in library.names])
    )
    inner[uses["symbol"][~np.isin(uses["type"], [_PLACE, _GOT_ENTRY, _PLT_ENTRY])]] = False
    return inner


class _Strings:
    """The names of a library, one after the other."""

    def __init__(self) -> None:
        self.content = bytearray(b"\0")
        self._places = {b"": 0}

    def place(self, name: bytes) -> int:
        """Return where a name is, and append it if it is new."""
        if name not in self._places:
            self._places[name] = len(self.content)
            self.content += name + b"\0"
        return self._places[name]


def _text(content: bytes, place: int) -> bytes:
    return content[place : content.index(b"\0", place)]


def _hash(name: bytes) -> int:
    value = 5381
    for letter in name:
        value = value * 33 + letter & 0xFFFFFFFF
    return value


def _hash_table(hashes: np.ndarray, first: int, n_buckets: int) -> bytes:
    """Return the table by which symbols are found; they are in the order of their buckets."""
    n_words, shift = 1 << max(0, (len(hashes) // 8).bit_length()), 26
    bloom = np.zeros(n_words, np.uint64)
    word = (hashes // 64) % n_words
    for bits in (hashes, hashes >> np.uint64(shift)):
        np.bitwise_or.at(bloom, word.astype(np.intp), np.uint64(1) << (bits % 64))
    bucket = (hashes % n_buckets).astype(np.intp)
    buckets = np.zeros(n_buckets, "<u4")
    if len(hashes):
        starts = np.flatnonzero(np.diff(bucket, prepend=-1))
        buckets[bucket[starts]] = starts + first
    chain = hashes.astype("<u4") & ~np.uint32(1)
    chain |= np.diff(bucket, append=-1).astype(bool)  # the last one of its bucket
    head = struct.pack("<IIII", n_buckets, first, n_words, shift)
    return head + bloom.astype("<u8").tobytes() + buckets.tobytes() + chain.astype("<u4").tobytes()


def _renamed_versions(library: _Library, section: str, strings: _Strings) -> bytes:
    """Return a table of versions whose names are at their new places."""
    table = bytearray(library.bytes_of(section))
    for place in _names_of_versions(table, needed=section == ".gnu.version_r"):
        (old,) = struct.unpack_from("<I", table, place)
        struct.pack_into("<I", table, place, strings.place(_text(library.strings, old)))
    return bytes(table)


def _names_of_versions(table: bytes, *, needed: bool) -> Iterator[int]:
    """Generate where a table of versions refers to names: lists, each of which begins with a head."""
    head = 0
    while table:
        (count,) = struct.unpack_from("<H", table, head + (2 if needed else 6))
        first, following = struct.unpack_from("<II", table, head + (8 if needed else 12))
        if needed:
            yield head + 4
        item = head + first
        for _ in range(count):
            yield item + (8 if needed else 0)
            item += struct.unpack_from("<I", table, item + (12 if needed else 4))[0]
        if not following:
            return
        head += following


def _write(
    library: _Library,
    target: Path,
    tables: dict[str, bytes],
    dynamic: list[tuple[int, int]],
    sizes: dict[int, int],
) -> None:
    """Write the file: header, segments, tables, and what followed the old tables."""
    places, end = {}, _HEADER.size + _SEGMENT.size * (len(library.segments) + 1)
    for name, table in tables.items():
        places[name] = end + -end % 8
        end = places[name] + len(table)
    begin, begin_in_file = _end_of_tables(library)
    moved = begin_in_file - (end + -end % _PAGE)
    if moved < 0:
        raise ValueError("the new tables are longer than the old ones")
    segments = _moved_segments(library, end, begin, begin_in_file, moved)
    last = max(segment[2] + segment[5] for segment in segments)
    names = library.bytes_of(".shstrtab")
    for name, row in library.sections.items():
        if name in tables:
            row[3] = row[4] = places[name]
            row[5] = len(tables[name])
        elif name == ".shstrtab":
            row[4] = last
        elif row[2] & _IN_MEMORY and name != _PLT_RELOCATIONS:
            row[4] -= moved
        else:
            row[1:8] = [_NONE] * 7
    header = list(library.header)
    header[6], header[10] = last + len(names) + -(last + len(names)) % 8, len(segments)
    entries = [
        (tag, places[_ADDRESSES[tag]] if tag in _ADDRESSES else sizes.get(tag, value))
        for tag, value in dynamic
        if tag not in _AT_FIRST_CALL
    ]
    entries += [(_END, 0)] * (len(dynamic) - len(entries))

    pieces = {0: _HEADER.pack(*header) + b"".join(_SEGMENT.pack(*segment) for segment in segments)}
    pieces |= {places[name]: table for name, table in tables.items()}
    pieces[begin_in_file - moved] = library.content[begin_in_file : last + moved]
    pieces[library.sections[".dynamic"][4]] = b"".join(_ENTRY.pack(*entry) for entry in entries)
    pieces[last] = names
    pieces[header[6]] = b"".join(_SECTION.pack(*row) for row in library.sections.values())
    with target.open("wb") as file:
        for place, piece in pieces.items():
            file.seek(place)
            file.write(piece)


def _end_of_tables(library: _Library) -> tuple[int, int]:
    """Return where the first page begins that has more than tables: its address and its place in the file."""
    in_memory = {name: row for name, row in library.sections.items() if row[2] & _IN_MEMORY}
    tables = [in_memory.pop(name) for name in [*_TABLES, _PLT_RELOCATIONS] if name in in_memory]
    first = min(in_memory.values(), key=lambda row: row[3])
    begin, begin_in_file = first[3] // _PAGE * _PAGE, first[4] - first[3] % _PAGE
    loaded = next(segment for segment in library.segments if segment[0] == _LOAD)
    if ".rela.dyn" not in library.sections:
        raise ValueError("there is no table of uses")
    if loaded[2:4] != [0, 0] or begin_in_file % _PAGE or max(row[3] + row[5] for row in tables) > first[3]:
        raise ValueError("the tables of the dynamic linker do not come first")
    return begin, begin_in_file


def _moved_segments(
    library: _Library, end: int, begin: int, begin_in_file: int, moved: int
) -> list[list[int]]:
    """Return the segments; the first is divided into the new tables and what followed the old ones."""
    segments = []
    for segment in library.segments:
        kind, flags, offset, _, _, size, in_memory, alignment = segment
        if kind == _LOAD and moved % alignment:
            raise ValueError(f"a segment has to be aligned to {alignment} bytes")
        if kind == _LOAD and offset == 0:
            segments.append([_LOAD, flags, 0, 0, 0, end, end, alignment])
            if size > begin:
                rest = [begin_in_file - moved, begin, begin, size - begin, in_memory - begin]
                segments.append([_LOAD, flags, *rest, alignment])
        else:
            segments.append(
                [*segment[:2], offset - moved if offset >= begin_in_file else offset, *segment[3:]]
            )
    for segment in segments:
        if segment[0] == _PROGRAM_HEADERS:
            segment[5] = segment[6] = _SEGMENT.size * len(segments)
    return segments
