"""Lets Pillow open HEIC photographs, of which FFmpeg decodes the coded parts.

The boxes around these are those of ISO/IEC 23008-12 (HEIF) and 14496-12: an *item* is one coded image, or a
grid of others, the tiles. Its *properties* are its size, what its decoder needs, and how it is turned.
Transparency, depth and further images beside the main one are neglected.

`pi-heif`, a binding of libheif, takes 4 MB more, was not faster (12 megapixels take 0.4 to 1 s), and crashed
within seconds on files with a few changed bytes.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image, ImageFile

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame

_LIMITED_RANGE, _FULL_RANGE = 1, 2
"""FFmpeg's numbers of whether black is 16 of 255, or 0."""

_MOST_PADDING_PX = 64
"""A coded image is larger than its declared size by less: the side of the largest block of HEVC."""

_MOST_BOXES = 100_000
"""Boxes in one, and entries of a table: far more than the 200 tiles of a large photograph need."""

_MOST_UNITS = 1000
"""Coded units of an image. HEVC permits 600 slices, each of which could be decoded over the whole image."""


class _DamagedError(SyntaxError):
    """What Pillow expects of a file that is not of its format."""


class _Box(NamedTuple):
    kind: bytes
    content: memoryview


class _Item(NamedTuple):
    """A coded image, or a grid of such; (width, height) before it is cropped and turned."""

    kind: bytes
    size: tuple[int, int]
    properties: Sequence[_Box]
    data: Sequence[memoryview]
    tiles: Sequence[int]

    @property
    def n_bytes(self) -> int:
        return sum(map(len, self.data))


class _Reader:
    """Reads whole numbers, with the largest digits first, one after the other."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def number(self, n_bytes: int) -> int:
        return int.from_bytes(self.some(n_bytes), "big")

    def signed(self, n_bytes: int) -> int:
        return int.from_bytes(self.some(n_bytes), "big", signed=True)

    def some(self, n_bytes: int) -> memoryview:
        if self._at + n_bytes > len(self._data):
            raise _DamagedError("ends too early")
        self._at += n_bytes
        return self._data[self._at - n_bytes : self._at]


class HeicImageFile(ImageFile.ImageFile):
    """The main image of a file, upright: grey or RGB in 8 bits.

    Attributes:
        coded_pixels: how many pixels are decoded and put together to get it, before it is cropped.
    """

    format = "HEIC"

    def _open(self) -> None:
        assert self.fp is not None, "Pillow opens it"
        file = memoryview(self.fp.read())
        self._items = _Items(file)
        self._main = self._items[self._items.main]
        parts = [self._items[tile] for tile in self._main.tiles] or [self._main]
        if sum(part.n_bytes for part in parts) > len(file):
            raise _DamagedError("has tiles that share their data")
        pixels = sum(part.size[0] * part.size[1] for part in parts)
        self.coded_pixels = max(pixels, self._main.size[0] * self._main.size[1])
        self._mode = "L" if all(_is_grey(part) for part in parts) else "RGB"
        self._size = _turned_size(self._main)

    def load(self) -> Any:
        """Decode it."""
        if self._im is None:
            image = _turned(_decoded(self._main, self._items), self._main)
            image = image if image.mode == self._mode else image.convert(self._mode)
            self.im, self._size = image.im, image.size
        return super().load()


class _Items:
    """The items of a file by their numbers.

    Attributes:
        main: number of the main image.
    """

    def __init__(self, file: memoryview) -> None:
        self._file = file
        inside = {box.kind: box.content for box in _boxes(_one(_boxes(file), b"meta")[4:])}
        try:
            self.main = _Reader(inside[b"pitm"][4:]).number(2 if inside[b"pitm"][0] == 0 else 4)
            self._kinds = _kinds(inside[b"iinf"])
            self._extents = _extents(inside[b"iloc"])
            self._properties = _properties(inside[b"iprp"])
        except (KeyError, IndexError) as error:
            raise _DamagedError("lacks a box") from error
        self._packed = inside.get(b"idat", memoryview(b""))
        self._parts = _parts(inside[b"iref"]) if b"iref" in inside else {}

    def __getitem__(self, number: int) -> _Item:
        """Return an item.

        Raises:
            SyntaxError: if it is missing or damaged, or of a kind that is not supported.
        """
        kind, properties = self._kinds.get(number, b""), self._properties.get(number, ())
        if kind not in {b"hvc1", b"grid"}:
            raise _DamagedError("is not of this format")
        size = _Reader(_one(properties, b"ispe")[4:])
        width, height = size.number(4), size.number(4)
        if not width or not height:
            raise _DamagedError("is empty")
        data = [self._extent(*extent) for extent in self._extents.get(number, ())]
        tiles = self._parts.get(number, ()) if kind == b"grid" else ()
        return _Item(kind, (width, height), properties, data, tiles)

    def _extent(self, method: int, start: int, n_bytes: int) -> memoryview:
        whole = self._file if method == 0 else self._packed
        end = start + n_bytes if n_bytes else len(whole)
        if method > 1 or end > len(whole):
            raise _DamagedError("ends too early")
        return whole[start:end]


def _boxes(data: memoryview) -> Iterator[_Box]:
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(data):
            return
        reader = _Reader(data[at:])
        size, kind, n_head = reader.number(4), bytes(reader.some(4)), 8
        if size == 1:
            size, n_head = reader.number(8), 16
        size = size or len(data) - at
        if size < n_head or at + size > len(data):
            raise _DamagedError("ends too early")
        yield _Box(kind, data[at + n_head : at + size])
        at += size


def _one(boxes: "Iterator[_Box] | Sequence[_Box]", kind: bytes) -> memoryview:
    """Content of the first box of a kind."""
    for box in boxes:
        if box.kind == kind:
            return box.content
    raise _DamagedError(f"lacks a box {kind.decode()}")


def _counted(n: int, more: int) -> int:
    if n + more > _MOST_BOXES:
        raise _DamagedError("has too long tables")
    return n + more


def _kinds(iinf: memoryview) -> dict[int, bytes]:
    kinds = {}
    for box in _boxes(iinf[6 if iinf[0] == 0 else 8 :]):
        reader = _Reader(box.content)
        version = reader.number(4) >> 24
        number = reader.number(2 if version == 2 else 4)
        reader.some(2)
        kinds[number] = bytes(reader.some(4))
    return kinds


def _extents(iloc: memoryview) -> dict[int, list[tuple[int, int, int]]]:
    """Where the data of each item lie: method (0: in the file, 1: in the box idat), start, length."""
    reader = _Reader(iloc)
    version = reader.number(4) >> 24
    sizes, more_sizes = reader.number(1), reader.number(1)
    n_offset, n_length, n_base, n_index = sizes >> 4, sizes & 15, more_sizes >> 4, more_sizes & 15
    n_number = 4 if version == 2 else 2
    extents: dict[int, list[tuple[int, int, int]]] = {}
    n = 0
    for _ in range(reader.number(n_number)):
        number = reader.number(n_number)
        method = reader.number(2) & 15 if version in {1, 2} else 0
        reader.some(2)  # the file, which is always this one
        base = reader.number(n_base)
        n_extents = reader.number(2)
        n = _counted(n, n_extents + 1)
        for _ in range(n_extents):
            reader.some(n_index if version in {1, 2} else 0)
            extent = method, base + reader.number(n_offset), reader.number(n_length)
            extents.setdefault(number, []).append(extent)
    return extents


def _properties(iprp: memoryview) -> dict[int, list[_Box]]:
    known = list(_boxes(_one(_boxes(iprp), b"ipco")))
    properties: dict[int, list[_Box]] = {}
    n = 0
    for box in _boxes(iprp):
        if box.kind != b"ipma":
            continue
        reader = _Reader(box.content)
        head = reader.number(4)
        n_number, n_place = 2 if head >> 24 == 0 else 4, 2 if head & 1 else 1
        for _ in range(reader.number(4)):
            number, n_places = reader.number(n_number), reader.number(1)
            n = _counted(n, n_places + 1)
            places = [reader.number(n_place) & (2 ** (8 * n_place - 1) - 1) for _ in range(n_places)]
            if any(place > len(known) for place in places):
                raise _DamagedError("lacks a property")
            properties.setdefault(number, []).extend(known[place - 1] for place in places if place)
    return properties


def _parts(iref: memoryview) -> dict[int, list[int]]:
    """Numbers of the items that others consist of."""
    n_number = 2 if iref[0] == 0 else 4
    parts = {}
    for box in _boxes(iref[4:]):
        if box.kind == b"dimg":
            reader = _Reader(box.content)
            number = reader.number(n_number)
            parts[number] = [reader.number(n_number) for _ in range(reader.number(2))]
    return parts


def _is_grey(item: _Item) -> bool:
    settings = _one(item.properties, b"hvcC")
    return len(settings) > 16 and settings[16] & 3 == 0


def _decoded(item: _Item, items: _Items) -> Image.Image:
    if item.kind == b"hvc1":
        return _decoded_by_ffmpeg(item)
    reader = _Reader(memoryview(b"".join(item.data)))
    n_bytes = 4 if reader.number(2) & 1 else 2
    n_rows, n_columns = reader.number(1) + 1, reader.number(1) + 1
    size = reader.number(n_bytes), reader.number(n_bytes)
    if len(item.tiles) != n_rows * n_columns or size != item.size:
        raise _DamagedError("has other tiles than it says")
    width, height = items[item.tiles[0]].size
    if not (0 <= n_columns * width - size[0] < width and 0 <= n_rows * height - size[1] < height):
        raise _DamagedError("has more or fewer tiles than it needs")
    image = Image.new("RGB", size)
    for i, tile in enumerate(item.tiles):
        part = items[tile]
        if part.kind != b"hvc1" or part.size != (width, height):
            raise _DamagedError("has tiles that do not fit")
        image.paste(_decoded_by_ffmpeg(part), (i % n_columns * width, i // n_columns * height))
    return image


def _decoded_by_ffmpeg(item: _Item) -> Image.Image:
    import av  # loads 32 MB of libraries that nothing else but films needs

    width, height = item.size
    settings, data = bytes(_one(item.properties, b"hvcC")), b"".join(item.data)
    _check_units(data, n_length=(settings[21] & 3) + 1 if len(settings) > 21 else 4)
    codec: VideoCodecContext = av.CodecContext.create("hevc", "r")
    codec.extradata = settings
    codec.options = {"max_pixels": str((width + _MOST_PADDING_PX) * (height + _MOST_PADDING_PX))}
    codec.thread_count = 1
    for packet in (av.Packet(data), None):
        for frame in codec.decode(packet):
            if frame.width < width or frame.height < height:
                raise _DamagedError("is smaller than it says")
            _tell_colours(frame, item)
            plane: Any = frame.reformat(format="rgb24").planes[0]  # its type does not say that it is a buffer
            size = frame.width, frame.height
            # `frame.to_image` would copy the pixels three times more.
            image = Image.frombuffer("RGB", size, plane, "raw", "RGB", plane.line_size, 1)
            return image if image.size == item.size else image.crop((0, 0, width, height))
    raise _DamagedError("holds no image")


def _tell_colours(frame: "VideoFrame", item: _Item) -> None:
    """Let a frame have the range and the matrix of the item, which take precedence over the coded ones."""
    for box in item.properties:
        if box.kind == b"colr" and bytes(box.content[:4]) == b"nclx" and len(box.content) > 10:
            frame.color_range = _FULL_RANGE if box.content[10] & 0x80 else _LIMITED_RANGE
            frame.colorspace = int.from_bytes(box.content[8:10], "big")


def _check_units(data: bytes, n_length: int) -> None:
    reader, left = _Reader(memoryview(data)), len(data)
    for _ in range(_MOST_UNITS):
        if not left:
            return
        n_bytes = reader.number(n_length)
        reader.some(n_bytes)
        left -= n_length + n_bytes
    raise _DamagedError("has too many parts")


def _turned_size(item: _Item) -> tuple[int, int]:
    width, height = item.size
    for box in item.properties:
        if box.kind == b"clap":
            left, top, right, bottom = _kept_part(box.content, width, height)
            width, height = right - left, bottom - top
        elif box.kind == b"irot" and _Reader(box.content).number(1) & 1:
            width, height = height, width
    return width, height


def _turned(image: Image.Image, item: _Item) -> Image.Image:
    """Crop, turn and mirror an image, in the order in which the item says so."""
    for box in item.properties:
        if box.kind == b"clap":
            image = image.crop(_kept_part(box.content, *image.size))
        elif box.kind == b"irot":
            image = image.rotate(90 * (_Reader(box.content).number(1) & 3), expand=True)
        elif box.kind == b"imir":
            is_sideways = _Reader(box.content).number(1) & 1
            image = image.transpose(
                Image.Transpose.FLIP_LEFT_RIGHT if is_sideways else Image.Transpose.FLIP_TOP_BOTTOM
            )
    return image


def _kept_part(clap: memoryview, width: int, height: int) -> tuple[int, int, int, int]:
    """The part of an image that is kept: left, top, right, bottom. Its centre is given from the image's."""
    reader = _Reader(clap)
    wide, high, right, down = ((reader.signed(4), reader.number(4)) for _ in range(4))
    if not all(divisor for _, divisor in (wide, high, right, down)):
        raise _DamagedError("is cropped to nothing")
    kept_width, kept_height = round(wide[0] / wide[1]), round(high[0] / high[1])
    left = round((width - kept_width) / 2 + right[0] / right[1])
    top = round((height - kept_height) / 2 + down[0] / down[1])
    if not (0 <= left < left + kept_width <= width and 0 <= top < top + kept_height <= height):
        raise _DamagedError("is cropped to what it does not have")
    return left, top, left + kept_width, top + kept_height
