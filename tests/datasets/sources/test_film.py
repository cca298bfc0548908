"""Frames of a film become what PyAV itself reads, at the times that were asked for."""

from fractions import Fraction

import av
import numpy as np
import pytest
from films import turned
from PIL import Image, ImageOps
from preparing import prepare

from cadl_gui.datasets.load import scan
from cadl_gui.datasets.moving_images import open_moving_images
from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.moving_images import ImageOrder

RATE = 10


def make_film(path, n_frames, size=(64, 48), codec="mpeg4", rate=RATE):
    """A film that becomes brighter, and whose left half is darker than the right one."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=Fraction(rate))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for number in range(n_frames):
            pixels = np.full((size[1], size[0], 3), 40 + number % 200, np.uint8)
            pixels[:, size[0] // 2 :] += 10
            file.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        file.mux(stream.encode(None))
    return path


def as_av_reads(path, size=64):
    with av.open(str(path)) as file:
        frames = [frame.to_image() for frame in file.decode(video=0)]
    return np.stack([np.asarray(ImageOps.fit(frame, (size, size))) for frame in frames])


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [
        ("mp4", "libx264"), ("mkv", "mpeg4"), ("avi", "mpeg4"), ("mov", "mpeg4"), ("webm", "libvpx"),
        ("mpg", "mpeg1video"), ("ts", "mpeg2video"),
    ],
)  # fmt: skip
def test_every_frame_of_a_short_film_is_as_av_reads_it(tmp_path, suffix, codec):
    path = make_film(tmp_path / f"film.{suffix}", 50, codec=codec, rate=25)
    store, report = prepare(path)
    expected = as_av_reads(path)
    assert report.opened == len(store.images) == len(expected)
    np.testing.assert_array_equal(store.images[:], expected)
    assert store.is_sequence
    assert store.labels is None


@pytest.mark.parametrize(("suffix", "rate"), [("mkv", 30), ("webm", 60), ("mp4", 30)])
def test_no_frame_of_a_short_film_is_lost_where_times_are_rounded(tmp_path, suffix, rate):
    """Those of Matroska are, to thousandths of a second."""
    path = make_film(
        tmp_path / f"film.{suffix}", 40, codec="libvpx" if suffix == "webm" else "mpeg4", rate=rate
    )
    store, report = prepare(path)
    assert report.opened == scan(str(path)).preview.n == 40
    np.testing.assert_array_equal(store.images[:], as_av_reads(path))


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_film_whose_last_frame_is_shown_for_long_is_not_called_truncated(tmp_path, suffix):
    """As when a screen is recorded on which nothing happens any more."""
    path = tmp_path / f"film.{suffix}"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height = 64, 48
        stream.codec_context.time_base = Fraction(1, RATE)
        grey = np.full((48, 64, 3), 99, np.uint8)
        packets = [
            packet
            for _ in range(10)
            for packet in stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24"))
        ]
        packets[-1].duration = 20 * RATE
        for packet in packets:
            file.mux(packet)
    for options in ({}, {"nth_frame": 1}):
        _, report = prepare(path, **options)
        assert "truncated" not in str(report)


def test_a_frame_every_few_seconds(tmp_path):
    path = make_film(tmp_path / "film.mkv", 100)
    store, _ = prepare(path, every=2.5)
    np.testing.assert_array_equal(store.images[:], as_av_reads(path)[[0, 25, 50, 75]])
    assert store.file_names == tuple(f"film.mkv 0:{time}" for time in ("00.00", "02.50", "05.00", "07.50"))
    assert "One frame every 2.5 s; the film lasts 0:10 minutes." in scan(f"{path}:every=2.5").preview.guesses


def test_no_minute_has_sixty_seconds(tmp_path):
    path = make_film(tmp_path / "film.mkv", 70, size=(16, 16), rate=1)
    store, _ = prepare(path, every=59.998)
    assert store.file_names == ("film.mkv 0:00.00", "film.mkv 1:00.00")


def test_every_nth_frame(tmp_path):
    path = make_film(tmp_path / "film.mkv", 100)
    store, _ = prepare(path, nth_frame=30)
    np.testing.assert_array_equal(store.images[:], as_av_reads(path)[::30])
    assert store.file_names[1] == "film.mkv frame 30"


@pytest.mark.parametrize(("seconds", "n"), [(20, 200), (1100, 550), (600, 500)])
def test_by_itself_a_film_gives_500_frames_or_one_every_two_seconds(tmp_path, seconds, n):
    """A second of the long ones is one frame."""
    rate = RATE if seconds < 100 else 1
    path = make_film(tmp_path / "film.mkv", seconds * rate, size=(16, 16), rate=rate)
    assert scan(str(path)).preview.n == pytest.approx(n, abs=1)
    assert scan(f"{path}:limit=7").preview.n == 7


def test_the_frames_of_a_film_that_does_not_say_how_many_it_has_are_counted(tmp_path):
    path = make_film(tmp_path / "film.ts", 450, size=(16, 16), codec="mpeg2video", rate=25)
    assert scan(f"{path}:nth_frame=1").preview.n == 450
    store, _ = prepare(path, nth_frame=220)
    assert store.file_names == ("film.ts frame 0", "film.ts frame 220", "film.ts frame 440")


def test_parts_of_a_film_are_blocks_of_time(tmp_path):
    store, _ = prepare(make_film(tmp_path / "film.mkv", 200, size=(16, 16)))
    parts = split(store, RunConfig.of(preset="test", batch_size=1))
    assert np.count_nonzero(np.diff(parts.test) > 1) <= 2
    assert len(parts.test) == 20


@pytest.mark.parametrize("n", [7, 32])
def test_a_film_of_a_telephone_that_was_held_upright_is_turned(tmp_path, n):
    """32 frames are written together, and what is to be told of a film comes after the last."""
    path = make_film(tmp_path / "film.mp4", n, size=(64, 64))
    upright, _ = prepare(path)
    lying, report = prepare(turned(path))
    expected = [np.asarray(Image.fromarray(image).rotate(-90)) for image in upright.images[:]]
    np.testing.assert_array_equal(lying.images[:], expected)
    assert report.count("turned") == 1


def test_pixels_that_are_not_square_are_stretched(tmp_path):
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 32, 64, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(2, 1)
        pixels = np.zeros((64, 32, 3), np.uint8)
        pixels[:, 16:] = 255
        file.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        file.mux(stream.encode(None))
    store, _ = prepare(path)
    assert store.images[:][0, 2, 5:25].max() < 30
    assert store.images[:][0, -3, -25:-5].min() > 225


@pytest.mark.parametrize("suffix", ["mkv", "avi"])
def test_a_truncated_film_keeps_what_it_has_and_says_so(tmp_path, suffix):
    path = make_film(tmp_path / f"film.{suffix}", 300)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    store, report = prepare(path, every=0.5)
    assert 10 < len(store.images) < 50
    assert f"“film.{suffix}” is truncated: " in str(report)
    assert "of 30.0 seconds are there" in str(report)


def test_a_film_that_is_damaged_in_the_middle_keeps_the_rest(tmp_path):
    path = make_film(tmp_path / "film.avi", 300)
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 1500] = b"\xff" * 1500
    path.write_bytes(content)
    store, _ = prepare(path)
    assert len(store.images) > 150


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile {}\n"


@pytest.mark.parametrize("text", ["no film", "", PLAYLIST, CONCAT])
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_what_is_no_film_is_named_and_other_files_that_it_names_are_not_opened(tmp_path, text, suffix):
    other = make_film(tmp_path / "other.ts", 50, codec="mpeg2video")
    path = tmp_path / f"film.{suffix}"
    path.write_text(text.format(other.name))
    with pytest.raises(
        DatasetError, match=rf"film\.{suffix}” (is no film that can be read|holds no pictures)"
    ):
        scan(str(path))


def test_sound_alone_is_no_film(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.rate = 44100
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    with pytest.raises(DatasetError, match=r"sound\.mp4” holds no pictures, only sound"):
        scan(str(path))


@pytest.mark.parametrize("shape", [(4, 6, 3), (6, 4, 1), (4, 4, 2)])
def test_frames_cannot_have_a_shape_that_is_not_square_or_has_other_colours(tmp_path, shape):
    film = make_film(tmp_path / "film.mp4", 3)
    height, width, channels = shape
    with (
        pytest.raises(DatasetError, match=f"takes images of {height}×{width} with {channels} channels"),
        open_moving_images(str(film), shape, ImageOrder()),
    ):
        pass
