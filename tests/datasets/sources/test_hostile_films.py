"""Films that claim millions of frames, huge ones or endless ones are refused, or open with what they hold."""

import os
import struct
from fractions import Fraction

import av
import numpy as np
import pytest
from preparing import prepare

from cadl_gui.datasets.load import scan
from cadl_gui.domain.errors import DatasetError


def make_film(path, times, size=(32, 32), aspect=None, codec="mpeg4", **kind):
    """A film with frames at some seconds."""
    with av.open(str(path), "w", **kind) as file:
        stream = file.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.thread_count = 1
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        packets = []
        for number in range(len(times)):
            frame = av.VideoFrame.from_ndarray(np.full((size[1] * 3 // 2, size[0]), 99, np.uint8), "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            packets += stream.encode(frame)
        for packet in [*packets, *stream.encode(None)]:
            if packet.pts is not None:
                packet.pts = packet.dts = 10 * times[packet.pts]
                file.mux(packet)
    return path


def patched(path, table, offset, new):
    content = bytearray(path.read_bytes())
    place = content.index(table) + offset
    content[place : place + len(new)] = new
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("table", [b"stsz", b"stz2", b"trun"])
def test_tables_that_claim_very_many_frames_end_no_more_than_the_process_that_reads_them(tmp_path, table):
    path = make_film(tmp_path / "film.mp4", range(3))
    patched(path, b"stsz", 0, table)
    patched(path, table, 4, struct.pack(">III", 0, 2**31 - 1 if table == b"trun" else 1, 2**31 - 1))
    with pytest.raises(DatasetError, match=r"film\.mp4” (is no film|is not opened|holds no pictures)"):
        scan(str(path))


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_frames_that_are_larger_than_4k_are_refused(tmp_path, suffix):
    path = make_film(tmp_path / f"film.{suffix}", range(1), size=(4112, 2304))
    with pytest.raises(DatasetError, match=r"film.*too large.*at most 9\.4 megapixels of a film are read"):
        scan(str(path))


def test_a_frame_after_years_takes_no_room_for_all_between(tmp_path):
    path = make_film(tmp_path / "film.mkv", [0, 1, 10**7])
    found = scan(f"{path}:every=1")
    assert found.preview.n < 1000
    _, report = prepare(path, every=1)
    assert report.opened == 2


@pytest.mark.parametrize("aspect", [Fraction(30_000), Fraction(1, 30_000)])
def test_pixels_as_wide_as_no_film_has_are_taken_as_square(tmp_path, aspect):
    path = make_film(tmp_path / "film.mp4", range(3), size=(320, 240), aspect=Fraction(2))
    patched(path, b"pasp", 4, struct.pack(">II", aspect.numerator, aspect.denominator))
    store, _ = prepare(path)
    assert store.images.shape == (3, 64, 64, 3)


def test_a_film_in_an_unknown_codec_is_named(tmp_path):
    path = make_film(tmp_path / "film.mkv", range(3))
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/ASP", b"V_OTHER/ISO/ASP"))
    with pytest.raises(DatasetError, match=r"film\.mkv” uses an unsupported codec"):
        scan(str(path))


def test_a_title_in_no_encoding_is_no_reason_to_refuse_a_film(tmp_path):
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as file:
        file.metadata["title"] = "title"
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        file.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 32), np.uint8), "yuv420p")))
        file.mux(stream.encode(None))
    path.write_bytes(path.read_bytes().replace(b"title", b"\xff\xfe\xfd\xfc\xfb"))
    assert scan(str(path)).preview.n == 1


def test_a_film_whose_name_is_in_no_encoding_is_opened(tmp_path):
    path = make_film(tmp_path / "film.mp4", range(3)).rename(tmp_path / os.fsdecode(b"\xff\xfe.mp4"))
    assert scan(str(path)).preview.n == 3
