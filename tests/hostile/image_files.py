"""Images in all formats that open, and malicious ones in place of an image of a dataset."""

import functools
import io
import struct
import zlib

import numpy as np
from heic_files import COLOUR, SIDE, crop, heic, rotate
from PIL import Image

from hostile import forgeries
from hostile.mutations import Random


def _saved(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@functools.cache
def all_formats() -> dict[str, bytes]:
    """A small image in each format and with each kind of pixels, by name."""
    random = np.random.default_rng(0)
    rgb = Image.fromarray(random.integers(0, 256, (40, 30, 3), np.uint8))
    deep = Image.fromarray(random.integers(0, 2**16, (40, 30), np.uint16))
    clear = rgb.convert("RGBA")
    clear.putalpha(100)
    frames = {"save_all": True, "append_images": [rgb.rotate(90), rgb.rotate(180)]}
    exif = Image.Exif()
    exif[0x0112] = 6
    return {
        "rgb.png": _saved(rgb, "PNG"),
        "deep.png": _saved(deep, "PNG"),
        "clear.png": _saved(clear, "PNG"),
        "palette.png": _saved(rgb.convert("P"), "PNG", transparency=3),
        "bits.png": _saved(rgb.convert("1"), "PNG"),
        "moving.png": _saved(rgb, "PNG", **frames),
        "a.jpg": _saved(rgb, "JPEG", exif=exif),
        "b.jpg": _saved(rgb, "JPEG", progressive=True),
        "cmyk.jpg": _saved(rgb.convert("CMYK"), "JPEG"),
        "a.gif": _saved(rgb, "GIF", **frames),
        "a.bmp": _saved(rgb, "BMP"),
        "a.webp": _saved(clear, "WEBP"),
        "moving.webp": _saved(rgb, "WEBP", lossless=True, **frames),
        "a.avif": _saved(rgb, "AVIF", **frames),
        "a.heic": heic(turns=(crop(40, 30, 0, 0, (SIDE, SIDE)), rotate(1))),
        "tiles.heic": heic(*[COLOUR] * 4, columns=2, size=(100, 90)),
        "deep.tif": _saved(deep, "TIFF", compression="tiff_lzw"),
        "cmyk.tif": _saved(rgb.convert("CMYK"), "TIFF", compression="tiff_adobe_deflate"),
        "moving.tif": _saved(rgb, "TIFF", **frames),
        "a.ppm": _saved(rgb, "PPM"),
    }


@functools.cache
def tiny_png() -> bytes:
    """The smallest image that opens."""
    return _saved(Image.new("L", (2, 2), 7), "PNG")


@functools.cache
def png_bomb() -> bytes:
    """25 megapixels in 25 kB."""
    return _saved(Image.new("L", (5000, 5000)), "PNG", compress_level=9)


@functools.cache
def bmp(width: int, height: int) -> bytes:
    """A white image without compression."""
    return _saved(Image.new("RGB", (width, height), "white"), "BMP")


@functools.cache
def _large(way: int) -> bytes:
    """As large as is read, or larger, in all formats and with all kinds of pixels."""
    side = 4999
    modes = ("RGBA", "LA", "P", "1", "I;16", "RGB", "CMYK", "I", "F", "L")
    if way < 10:
        image = Image.new(modes[way], (side, side))
        options = {"transparency": 0} if modes[way] == "P" else {}
        if modes[way] in {"CMYK", "I", "F", "L"}:
            return _saved(image, "TIFF", compression="tiff_adobe_deflate")
        return _saved(image, "PNG", compress_level=1, **options)
    ways = (
        lambda: _saved(Image.new("I;16", (side, side)), "TIFF", compression="tiff_adobe_deflate"),
        lambda: _saved(Image.new("RGBA", (side, side)), "TIFF", compression="tiff_adobe_deflate"),
        lambda: _saved(Image.new("RGBA", (4000, 3999)), "WEBP", lossless=True, method=0),
        lambda: _saved(Image.new("RGB", (7000, 7000)), "JPEG", progressive=True),
        lambda: _saved(Image.new("CMYK", (7000, 7000)), "JPEG"),
        lambda: _saved(Image.new("L", (20_000, 20_000)), "PNG", compress_level=1),
        lambda: _saved(Image.new("P", (side, side)), "GIF", transparency=0),
        lambda: _saved(Image.new("RGB", (side, side)), "AVIF", speed=10),
        lambda: _saved(Image.new("RGBA", (side, side)), "AVIF", speed=10),
        lambda: _saved(Image.new("RGB", (20_000, 20_000)), "JPEG", quality=10),
        lambda: _saved(Image.new("L", (2, 12_000_000)), "PNG"),
        lambda: _saved(Image.new("RGB", (65_500, 2)), "JPEG"),
        lambda: _interlaced(side),
    )
    return ways[way - 10]()


N_LARGE = 23


def _interlaced(side: int) -> bytes:
    """An interlaced PNG in RGBA, whose seven passes are zeros."""
    n = sum(
        -(-(side - y0) // dy) * (1 + 4 * -(-(side - x0) // dx))
        for x0, y0, dx, dy in (
            (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
        )
    )  # fmt: skip
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(n), 1)), (b"IEND", b""))
    )


def large(random: Random, data: bytes) -> bytes:
    """An image of as many pixels as are read, or more."""
    return _large(int(random.integers(N_LARGE)))


def lying_size(random: Random, data: bytes) -> bytes:
    """A small image whose header declares a huge one, in any format."""
    side = int(random.choice([4999, 20_000, 65_535, 2**31 - 1]))
    big = min(side, 65_535)
    rgb = all_formats()
    ways = (
        lambda: _patched(rgb["rgb.png"], 16, struct.pack(">II", side, side)),
        lambda: _patched(rgb["a.gif"], 6, struct.pack("<HH", big, big)),
        lambda: _patched(rgb["a.bmp"], 18, struct.pack("<ii", side, -side)),
        lambda: _after(rgb["a.jpg"], b"\xff\xc0", 3, struct.pack(">HH", big, big)),
        lambda: _after(rgb["b.jpg"], b"\xff\xc2", 3, struct.pack(">HH", big, big)),
        lambda: _after(rgb["a.webp"], b"VP8X", 8, b"\xff\xff\xff" * 2),
        lambda: _after(rgb["a.avif"], b"ispe", 4, struct.pack(">II", side, side)),
        lambda: _after(rgb["a.heic"], b"ispe", 4, struct.pack(">II", side, side)),
        lambda: _after(rgb["tiles.heic"], b"ispe", 4, struct.pack(">II", side, side)),
        lambda: b"P6 %d %d 255\n" % (side, side) + bytes(100),
        lambda: b"P5 %d %d 65535\n" % (4999, 4999) + bytes(100),
        lambda: forgeries.huge_tile(random, data),
    )
    return ways[random.integers(len(ways))]()


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _after(data: bytes, mark: bytes, skip: int, new: bytes) -> bytes:
    return _patched(data, data.index(mark) + len(mark) + skip, new)


def very_many_scans(random: Random, data: bytes) -> bytes:
    """A progressive JPEG of 50 megapixels, in which thousands of scans refine nothing."""
    whole = _large(13)
    start = whole.index(b"\xff\xda")
    first = whole[start : whole.index(b"\xff", start + 14)]
    scan = b"\xff\xda\0\x08\1\1\0\1\5\0" + b"\x00" * 4  # one component, coefficients 1 to 5
    n = int(random.choice([50, 20_000]))
    return whole[:start] + first + (scan if random.random() < 0.5 else first) * n + b"\xff\xd9"


def very_many_frames(random: Random, data: bytes) -> bytes:
    """Hundreds of thousands of frames, of which only the first is wanted; or a circle of them."""
    n = int(random.choice([3000, 300_000]))
    ways = (
        lambda: _tiff_pages(n),
        lambda: _tiff_pages(2, circle=True),
        lambda: _patched(
            all_formats()["moving.png"], all_formats()["moving.png"].index(b"acTL") + 4, b"\x7f" * 4
        ),
        lambda: all_formats()["a.gif"][:-1] + all_formats()["a.gif"][800:-1] * 20,
    )
    return ways[random.integers(len(ways))]()


@functools.cache
def _tiff_pages(n: int, *, circle: bool = False) -> bytes:
    tags = {256: 2, 257: 2, 258: 8, 259: 1, 262: 1, 273: 8, 278: 2, 279: 4}
    size = 2 + 12 * len(tags) + 4
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    pages = []
    for i in range(n):
        following = 12 + size * (i + 1) if i + 1 < n else (12 if circle else 0)
        pages.append(struct.pack("<H", len(tags)) + entries + struct.pack("<I", following))
    return b"II*\0" + struct.pack("<I", 12) + bytes(4) + b"".join(pages)


def wild_tiff(random: Random, data: bytes) -> bytes:
    """Tiles, strips and samples that are not there, or far too many of them."""
    numbers = (0, 1, 8, 65_535, 2**24, 2**31 - 1, 2**32 - 1)
    tags = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 8, 279: 64}
    if random.random() < 0.6:
        tags |= {322: 16, 323: 16, 324: 8, 325: 256}
    for _ in range(int(random.integers(1, 4))):
        tag = list(tags)[random.integers(len(tags))]
        tags[tag] = numbers[random.integers(len(numbers))]
    if random.random() < 0.5:
        tags[259] = int(random.choice([5, 7, 8, 32_773, 32_946, 34_712, 50_000]))
    count = int(random.choice([1, 1, 2**20, 2**31 - 1]))
    wide = list(tags)[random.integers(len(tags))]
    entries = b"".join(
        struct.pack("<HHII", tag, 4, count if tag == wide else 1, value)
        for tag, value in sorted(tags.items())
    )
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + random.bytes(300)


CHANGES = (
    large, large, large, lying_size, very_many_scans, very_many_frames, wild_tiff, forgeries.other_format,
    forgeries.packed_text,
)  # fmt: skip
