"""Films in all containers, and malicious ones: they claim, name or unpack what they should not."""

import functools
import io
import struct
from fractions import Fraction

import numpy as np

from hostile.forgeries import CANARY
from hostile.mutations import Random

_FORMATS = {"mpg": "mpeg", "ts": "mpegts", "mkv": "matroska", "wmv": "asf", "m2ts": "mpegts"}


@functools.cache
def film(
    suffix: str, codec: str, n: int, size: tuple[int, int], rate: Fraction, *, step: int = 1,
    aspect: Fraction | None = None, options: tuple[tuple[str, str], ...] = (),
) -> bytes:  # fmt: skip
    """A film of `n` frames, `step` ticks apart, in the format of a suffix."""
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format=_FORMATS.get(suffix, suffix)) as file:
        stream = file.add_stream(codec, rate=rate, options=dict(options))
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.thread_count = 1
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for number in range(n):
            frame = av.VideoFrame.from_ndarray(
                np.full((size[1] * 3 // 2, size[0]), 40 + number % 200, np.uint8), "yuv420p"
            )
            frame.pts, frame.time_base = number, 1 / rate
            _mux(file, stream.encode(frame), step)
        _mux(file, stream.encode(None), step)
    return buffer.getvalue()


def _mux(file, packets, step: int) -> None:
    for packet in packets:
        packet.pts, packet.dts = step * (packet.pts or 0), step * (packet.dts or 0)
        file.mux(packet)


_TINY = (16, 16)


def large_frames(random: Random, data: bytes) -> bytes:
    """Frames as large as are read, or larger; some of which need sixteen others.

    No larger than they have to be: writing them takes a gigabyte.
    """
    return _large(int(random.integers(6)))


@functools.cache
def _large(way: int) -> bytes:
    one, refs = (
        Fraction(10),
        (("refs", "16"), ("preset", "ultrafast"), ("x264-params", "bframes=8:b-pyramid=normal")),
    )
    ways = (
        lambda: film("mp4", "libx264", 20, (4096, 4096), one, options=refs),
        lambda: film("mkv", "mpeg4", 3, (4992, 4992), one),
        lambda: film("avi", "mjpeg", 3, (4992, 4992), one),
        lambda: film("mkv", "libx264", 3, (8192, 8192), one, options=(("preset", "ultrafast"),)),
        lambda: film(
            "webm", "libvpx", 2, (5120, 5120), one, options=(("deadline", "realtime"), ("cpu-used", "8"))
        ),
        lambda: film("mp4", "libx264", 20, (3840, 2160), one, options=refs),
    )
    return ways[way]()


def changing_frames(random: Random, data: bytes) -> bytes:
    """Frames that change their size midway, to small ones or huge ones."""
    sizes = (_TINY, (64, 32), (1920, 1080), (4080, 4080))
    parts = [sizes[random.integers(len(sizes))] for _ in range(int(random.integers(2, 4)))]
    suffix, codec = (("ts", "mpeg2video"), ("mpg", "mpeg1video"), ("ts", "libx264"))[random.integers(3)]
    return b"".join(film(suffix, codec, 3, size, Fraction(25)) for size in parts)


def hidden_large_frames(random: Random, data: bytes) -> bytes:
    """A container that declares small frames, though the stream in it holds huge ones, or the other way."""
    sizes = ((16, 16), (4992, 4992), (8000, 8000))
    outer, inner = (sizes[random.integers(3)] for _ in range(2))
    suffix, codec = (("mp4", "mpeg4"), ("mkv", "mpeg4"), ("avi", "mjpeg"))[random.integers(3)]
    whole = film(suffix, codec, 2, inner, Fraction(10))
    pack = {"mp4": ">HH", "mkv": ">HH", "avi": "<II"}[suffix]
    if suffix == "mkv":
        for mark, old, new in ((b"\xb0\x82", inner[0], outer[0]), (b"\xba\x82", inner[1], outer[1])):
            whole = whole.replace(mark + struct.pack(">H", old), mark + struct.pack(">H", new))
        return whole
    return whole.replace(struct.pack(pack, *inner), struct.pack(pack, *outer))


def far_apart(random: Random, data: bytes) -> bytes:
    """A few frames that are hours or years apart."""
    step = int(random.choice([1000, 3_000_000, 100_000_000]))
    suffix, codec = (("mkv", "mpeg4"), ("mp4", "mpeg4"), ("webm", "libvpx"))[random.integers(3)]
    rate = (Fraction(1), Fraction(1, 100), Fraction(1000))[random.integers(3)]
    return film(suffix, codec, 3, _TINY, rate, step=step)


def strange_aspect(random: Random, data: bytes) -> bytes:
    """Pixels that are thousands of times as wide as they are high."""
    aspect = (Fraction(30_000), Fraction(1, 30_000), Fraction(65_535, 2), Fraction(200))[random.integers(4)]
    suffix, codec = (("mp4", "libx264"), ("mkv", "mpeg4"), ("avi", "mpeg4"))[random.integers(3)]
    size = (_TINY, (1920, 1080))[random.integers(2)]
    whole = film(suffix, codec, 3, size, Fraction(10), aspect=aspect)
    if b"pasp" in whole:  # the codec's own header cannot say so much
        at = whole.index(b"pasp") + 4
        whole = whole[:at] + struct.pack(">II", aspect.numerator, aspect.denominator) + whole[at + 8 :]
    return whole


# --- boxes of MP4 ---

_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf"}
_Boxes = list[tuple[bytes, "_Boxes | bytes"]]


def _parsed(data: bytes) -> _Boxes:
    boxes, at = [], 0
    while at + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + size]
        boxes.append((name, _parsed(content) if name in _PARENTS else content))
        at += max(size, 8)
    return boxes


def _built(boxes: _Boxes) -> bytes:
    return b"".join(
        struct.pack(">I4s", len(content) + 8, name) + content
        for name, content in (
            (name, each if isinstance(each, bytes) else _built(each)) for name, each in boxes
        )
    )


def _replaced(boxes: _Boxes, new: dict[bytes, bytes]) -> _Boxes:
    return [
        (name, new[name] if name in new else each if isinstance(each, bytes) else _replaced(each, new))
        for name, each in boxes
    ]


def _mp4() -> _Boxes:
    return _parsed(film("mp4", "mpeg4", 3, _TINY, Fraction(10)))


def lying_tables(random: Random, data: bytes) -> bytes:
    """Tables that claim millions of frames in a few bytes, years of time, or frames that lie elsewhere."""
    n = int(random.choice([100_000, 10_000_000, 200_000_000, 2**31 - 1]))
    head, one = bytes(4), struct.pack(">I", 1)
    stsz = {b"stsz": head + one + struct.pack(">I", n)}
    stts = {b"stts": head + one + struct.pack(">II", n, 1)}
    stsc = {b"stsc": head + one + struct.pack(">III", 1, n, 1)}
    ways = (
        stsz | stts | stsc,
        stsz,
        stsz | stts,
        {b"stts": head + one + struct.pack(">II", 3, 2**31 - 1)},
        {b"stts": head + struct.pack(">I", n) + struct.pack(">II", 1, 1)},
        {b"stco": head + struct.pack(">II", 1, 2**32 - 1)},
        {b"stco": head + struct.pack(">I", n)},
        {b"stsz": head + struct.pack(">II", 0, n)},
        {b"stsc": head + struct.pack(">I", n) + struct.pack(">III", 1, 1, 1)},
        {b"elst": head + one + struct.pack(">IiI", 2**31 - 1, -1, 0x10000)},
        {b"elst": head + struct.pack(">I", n) + struct.pack(">IiI", 1, 0, 0x10000)},
        {b"ctts": head + one + struct.pack(">Ii", n, -(2**31))},
        {b"mdhd": bytes(12) + struct.pack(">II", 1, 2**32 - 1) + bytes(4)},
        {b"mdhd": bytes(12) + struct.pack(">II", 2**31 - 1, 1) + bytes(4)},
        {b"mdhd": b"\1" + bytes(19) + struct.pack(">IQ", 1, 2**63 - 1) + bytes(4)},
        {b"tkhd": random.bytes(84)},
    )
    return _built(_replaced(_mp4(), ways[random.integers(len(ways))]))


def very_many_tracks(random: Random, data: bytes) -> bytes:
    """The same track a thousand times over."""
    n = int(random.choice([30, 1000, 5000]))
    boxes = _mp4()
    moov = dict(boxes)[b"moov"]
    tracks = [each for each in moov if each[0] == b"trak"]
    more = [*(each for each in moov if each[0] != b"trak"), *tracks * n]
    return _built([(name, more if name == b"moov" else each) for name, each in boxes])


def names_another_file(random: Random, data: bytes) -> bytes:
    """Films, playlists and descriptions that name other files, and addresses."""
    place = (f"/tmp/{CANARY}/data", f"file:///tmp/{CANARY}/data", f"http://{CANARY}.invalid/a.ts", "data.ts")
    where = place[random.integers(len(place))]
    alias = bytes(6) + b"alis" + bytes(140) + f"/tmp/{CANARY}/data".encode()
    url = struct.pack(">I4sI", 12 + len(where) + 1, b"url ", 0) + where.encode() + b"\0"
    reference = bytes(4) + b"url " + struct.pack(">I", len(where)) + where.encode()
    quick = struct.pack(">I4s", 12 + len(alias), b"alis") + bytes(4) + alias
    ways = (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{where}\n#EXT-X-ENDLIST\n".encode(),
        f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{where}"\n#EXTINF:10,\n{where}\n'.encode(),
        f"ffconcat version 1.0\nfile '{where}'\n".encode(),
        f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\na=tool:{where}\n"
        "m=video 5004 RTP/AVP 96\n"
        "a=rtpmap:96 H264/90000\n".encode(),
        f'<asx version="3.0"><entry><ref href="{where}"/></entry></asx>'.encode(),
        f"[Reference]\nRef1={where}\n".encode(),
        f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{where}</BaseURL></MPD>'.encode(),
        f'<?xml version="1.0"?><AssetMap><Path>{where}</Path></AssetMap>'.encode(),
        f"rtsp://{CANARY}.invalid/x".encode(),
        _built(_replaced(_mp4(), {b"dref": bytes(4) + struct.pack(">I", 1) + url})),
        _built(_replaced(_mp4(), {b"dref": bytes(4) + struct.pack(">I", 1) + quick})),
        _built([(b"ftyp", b"qt  " + bytes(4)), (b"moov", [(b"rmra", [(b"rmda", [(b"rdrf", reference)])])])]),
        f"# VobSub index file, v7\nid: en, index: 0\ntimestamp: 00:00:01:000, filepos: 0\n{where}".encode(),
        f"DHAV{where}".encode(),
    )  # fmt: skip
    return ways[random.integers(len(ways))]


def lying_header(random: Random, data: bytes) -> bytes:
    """An AVI that claims very many frames, or a rate of none or of millions in a second."""
    whole = bytearray(film("avi", "mpeg4", 3, _TINY, Fraction(10)))
    numbers = (0, 1, 2**31 - 1, 2**32 - 1, 1_000_000)
    main, stream = whole.index(b"avih") + 8, whole.index(b"strh") + 8
    for at in (main + 16, main, stream + 20, stream + 24, stream + 32):
        if random.random() < 0.5:
            whole[at : at + 4] = struct.pack("<I", numbers[random.integers(len(numbers))])
    return bytes(whole)


def other_codec(random: Random, data: bytes) -> bytes:
    """Another codec than the one that it is written in, or none that exists."""
    boxes = film("mp4", "mpeg4", 3, _TINY, Fraction(10))
    names = (
        b"xxxx",
        b"avc1",
        b"hev1",
        b"av01",
        b"vp09",
        b"png ",
        b"tiff",
        b"jpeg",
        b"raw ",
        b"text",
        b"mjp2",
        b"dvh1",
        b"prores",
    )
    return boxes.replace(b"mp4v", names[random.integers(len(names))][:4])


def subtitles_and_attachments(random: Random, data: bytes) -> bytes:
    """Sound, subtitles and attachments, with or without any picture."""
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="matroska") as file:
        if random.random() < 0.7:
            stream = file.add_stream("mpeg4", rate=10)
            stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
            frame = av.VideoFrame.from_ndarray(np.zeros((24, 16), np.uint8), "yuv420p")
        else:
            stream = None
        file.add_attachment(f"../../{CANARY}.ttf", "application/x-truetype-font", random.bytes(5000))
        file.add_attachment("/tmp/x.png", "image/png", b"\x89PNG\r\n\x1a\n")
        file.metadata["title"] = "\u202e" + "x" * 100_000
        if stream is not None:
            file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
        else:
            sound = file.add_stream("pcm_s16le", rate=8000, layout="mono")
            wave = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
            wave.sample_rate = 8000
            file.mux(sound.encode(wave))
    return buffer.getvalue()


CHANGES = (
    large_frames, changing_frames, hidden_large_frames, far_apart, strange_aspect, lying_tables, lying_tables,
    lying_tables, very_many_tracks, names_another_file, names_another_file, lying_header, other_codec,
    subtitles_and_attachments,
)  # fmt: skip
