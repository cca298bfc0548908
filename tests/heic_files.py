"""Writes HEIC files from tiles that are coded already: nothing at hand writes such files."""

import base64
import struct
from typing import NamedTuple


class Tile(NamedTuple):
    """A coded image of 64×64 pixels, of which those from 48 on and those below 32 repeat the last ones."""

    settings: bytes
    data: bytes


def _tile(settings: bytes, data: bytes) -> Tile:
    return Tile(base64.b64decode(settings), base64.b64decode(data))


COLOUR = _tile(
    (
        b"AQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMA"
        b"kAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIk="
    ),
    (
        b"AAAAnSgBrwY45CJadev46UZjl/YmG//6Vz7L5f0TjS0r1CsF68WPf5GxdLKF9jNJgTZ+zaf23nY37k8fASr1GQyP"
        b"y+Z//ya7Ge15IDAHbLyPfWwFA0AAP3FgwlPx4JXw2yXh7ACao6WL4dMeOOnJlZyc12n1hbCAYUbTMKiY8j4f5mPd"
        b"bVOHtHZz4nkNakikH04t7m1rtd7I8Up6wv4BQ/A="
    ),
)
"""White in its first eight rows; then red, from column 24 on blue."""

GREY = _tile(
    (
        b"AQQIAAAAn/gAAAAAHvAA/Pz4+AAADwNgAAEAF0ABDAH//wQIAAADAJ/4AAADAAAeugJAYQABACVCAQEECAAAAwCf"
        b"+AAAAwAAHsCCBBZbq5Ka5sCAAAAMgAAAAwCEYgABAAZEAcFzwIk="
    ),
    (
        b"AAAA3igBrgxwdj22f9Va4lEbwPhzVO8oW0huQKoXVG+TGvxRh4l7kX+biEotjj/7YkWhqPC1QtOqi/vPx1JG5fV6"
        b"RR/gkN3af/u7TmlgaQsHKJfTkD7gDzkjSADq/qKyNbUqNMnOwqq2fk5p8nT8t/Mv8H+C+uWO6OCsF3mdF+/jvfRn"
        b"fgf0eg8Mrv5R/i7/ix6Hrd4Fyh9GVjpDP5iBedt30XJ69UdbIOj7EcfH11ddUgpurdc9kaJ/kfx/yPgcnH/xPUcN"
        b"Vr8HyeQ0C/zTQoikec1cMcHduuDO1VC7svQPeA=="
    ),
)
"""The same in one channel."""

LARGE = _tile(
    (
        b"AQNwAAAAkAAAAAAAPPAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAPLoCQGEAAQAsQgEBA3AAAAMA"
        b"kAAAAwAAAwA8oAgIBAWW6kkprm4CGgwIAAADAMgAAAMACEBiAAEAB0QBwXKwYkA="
    ),
    (b"AAAAKygBrwQSFeYs/B3XPpvVl7cIyrGSktD2gKgpLQ2hx02TDvT4BoSHAAADAXc="),
)
"""256×256 white pixels."""

SIDE = 64


def heic(
    *tiles: Tile,
    columns: int = 1,
    size: tuple[int, int] | None = None,
    tile_size: tuple[int, int] = (SIDE, SIDE),
    turns: tuple[bytes, ...] = (),
) -> bytes:
    """Return a HEIC file: of one tile, or a grid of several.

    Args:
        tiles: in rows; COLOUR by default.
        columns: how many of them are in a row.
        size: width and height of the whole; as many pixels as the tiles have by default.
        tile_size: what each tile says of its size.
        turns: properties that crop, turn or mirror the whole, in this order: `crop`, `rotate`, `mirror`.
    """
    tiles = tiles or (COLOUR,)
    n, rows = len(tiles), -(-len(tiles) // columns)
    width, height = size or (columns * SIDE, rows * SIDE)
    properties, places, contents = [_full(b"ispe", struct.pack(">II", *tile_size))], [], []
    for tile in tiles:
        properties.append(_box(b"hvcC", tile.settings))
        places.append([1, len(properties)])
        contents.append(tile.data)
    kinds, parts = [b"hvc1"] * n, b""
    if n > 1:
        properties.append(_full(b"ispe", struct.pack(">II", width, height)))
        places.append([len(properties)])
        contents.append(bytes([0, 1, rows - 1, columns - 1]) + struct.pack(">II", width, height))
        kinds.append(b"grid")
        numbers = struct.pack(f">HH{n}H", n + 1, n, *range(1, n + 1))
        parts = _full(b"iref", _box(b"dimg", numbers))
    for turn in turns:
        properties.append(turn)
        places[-1].append(len(properties))
    return _file(kinds, parts, properties, places, contents)


def crop(width: int, height: int, left: int, top: int, of: tuple[int, int]) -> bytes:
    """Keep a part of an image whose size is `of`."""
    right, down = 2 * left + width - of[0], 2 * top + height - of[1]
    return _box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, right, 2, down, 2))


def rotate(quarters: int) -> bytes:
    """Turn an image anticlockwise."""
    return _box(b"irot", bytes([quarters]))


def mirror(*, sideways: bool) -> bytes:
    """Exchange left and right, or top and bottom."""
    return _box(b"imir", bytes([sideways]))


def _file(
    kinds: list[bytes], parts: bytes, properties: list[bytes], places: list[list[int]], contents: list[bytes]
) -> bytes:
    n = len(kinds)  # the last one is the image; a camera hides its tiles, and puts them behind it
    entries = [
        _full(b"infe", struct.pack(">HH", i, 0) + kind + b"\0", 2, i < n) for i, kind in enumerate(kinds, 1)
    ]
    links = b"".join(
        struct.pack(">HB", i, len(own)) + bytes(own) for i, own in enumerate(places, 1)
    )  # fmt: skip
    about = _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
    about += _full(b"pitm", struct.pack(">H", n))
    about += _full(b"iinf", struct.pack(">H", n) + b"".join(entries)) + parts
    about += _box(
        b"iprp",
        _box(b"ipco", b"".join(properties)) + _full(b"ipma", struct.pack(">I", len(places)) + links),
    )
    head = _box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def located(start: int) -> bytes:
        rows = b""
        for i in range(n, 0, -1):
            content = contents[i - 1]
            rows += struct.pack(">HHHII", i, 0, 1, start, len(content))
            start += len(content)
        return _full(b"iloc", struct.pack(">BBH", 0x44, 0, n) + rows)

    n_before = len(head) + len(_full(b"meta", about + located(0))) + 8
    return head + _full(b"meta", about + located(n_before)) + _box(b"mdat", b"".join(reversed(contents)))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _full(kind: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, bytes([version, 0, 0, flags]) + content)
