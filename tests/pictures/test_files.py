"""Films in all formats contain the frames that were written: GIF, MP4, PNG and strips."""

import re

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from cadl_gui.domain.errors import UserError
from cadl_gui.pictures.files import WRITERS, save
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.system.png_text import text_of


@pytest.fixture
def film():
    """Six frames, from black to white."""
    greys = np.rint(np.linspace(0, 255, 6)).astype(np.uint8)
    return FrameSequence(
        frames=greys[:, None, None, None] * np.ones((6, 28, 28, 1), np.uint8),
        scale=10,
        frames_per_second=25,
    )


def mp4_planes(path):
    with av.open(str(path)) as file:
        return list(file.decode(video=0))


def mp4_frames(path):
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]


def test_a_gif_has_every_frame_in_its_order_and_pace(tmp_path, film):
    save(film, tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as file:
        greys = [np.asarray(frame.convert("L")).mean() for frame in ImageSequence.Iterator(file)]
        assert file.info["duration"] == 40
        assert file.info["loop"] == 0
        assert file.size == (280, 280)
    np.testing.assert_allclose(greys, np.linspace(0, 255, 6), atol=1)


def test_an_image_that_a_gif_cannot_show_for_so_long_is_refused_in_a_sentence(tmp_path):
    """Of a training that learns nothing, all images are alike, and a GIF holds them as one."""
    film = FrameSequence(frames=np.zeros((66, 2, 2, 1), np.uint8), frames_per_second=0.1)
    with pytest.raises(OSError, match="longer than 655 s"):
        save(film, tmp_path / "still.gif")
    assert not list(tmp_path.iterdir())


def test_an_mp4_has_every_frame_and_plays_everywhere(tmp_path, film):
    save(film, tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as file:
        stream = file.streams.video[0]
        assert (stream.codec.name, stream.pix_fmt, stream.average_rate) == ("h264", "yuv420p", 25)
        assert (stream.width, stream.height, stream.frames) == (280, 280, 6)
    greys = [frame.mean() for frame in mp4_frames(tmp_path / "film.mp4")]
    np.testing.assert_allclose(greys, np.linspace(0, 255, 6), atol=3)


def test_an_mp4_says_how_its_colours_are_stored(tmp_path):
    """Players guess it otherwise, and not all alike: large films by the matrix of television in HD."""
    green = np.zeros((1, 64, 64, 3), np.uint8)
    green[..., 1] = 200
    save(FrameSequence(frames=green), tmp_path / "film.mp4")
    (frame,) = mp4_planes(tmp_path / "film.mp4")
    assert (frame.colorspace, frame.color_range) == (6, 1)  # BT.601, of television
    brightness = frame.to_ndarray()[:64].mean()
    assert brightness == pytest.approx(16 + 219 * 0.587 * 200 / 255, abs=1)  # by that matrix


def test_an_mp4_of_odd_sides_loses_a_row_and_a_column(tmp_path):
    save(FrameSequence(frames=np.full((2, 7, 5, 3), 90, np.uint8)), tmp_path / "odd.mp4")
    assert [frame.shape for frame in mp4_frames(tmp_path / "odd.mp4")] == [(6, 4)] * 2


def test_a_png_of_a_film_is_a_strip(tmp_path, film):
    save(film, tmp_path / "strip.png")
    with Image.open(tmp_path / "strip.png") as strip:
        pixels = np.asarray(strip)
    assert pixels.shape == (280, 6 * 280)
    np.testing.assert_array_equal(pixels[0, ::280], np.rint(np.linspace(0, 255, 6)))


@pytest.mark.parametrize("smooth", [False, True])
def test_pixels_are_enlarged_as_squares_or_smoothly(tmp_path, smooth):
    frames = np.array([[0, 255]], np.uint8).reshape(1, 1, 2, 1)
    save(FrameSequence(frames=frames, scale=8, smooth=smooth), tmp_path / "two.png")
    with Image.open(tmp_path / "two.png") as image:
        greys = set(np.asarray(image).ravel().tolist())
    assert (greys == {0, 255}) is not smooth


def test_colour_stays(tmp_path):
    save(FrameSequence(frames=np.full((1, 8, 8, 3), (0, 0, 255), np.uint8)), tmp_path / "blue.png")
    with Image.open(tmp_path / "blue.png") as image:
        assert image.getpixel((3, 3)) == (0, 0, 255)


def test_a_png_stores_its_text(tmp_path):
    text = {"cadl": '{"model": "Näh·7"}', "Title": "z"}
    save(FrameSequence(frames=np.zeros((1, 2, 2, 1), np.uint8), text=text), tmp_path / "told.png")
    assert text_of(tmp_path / "told.png") == text


def test_other_files_than_png_have_no_text(tmp_path):
    (tmp_path / "noise.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing of the kind")
    assert text_of(tmp_path / "noise.png") == {}
    assert text_of(tmp_path / "nowhere.png") == {}


@pytest.mark.parametrize("ending", WRITERS)
def test_where_nothing_can_be_written_it_says_so(tmp_path, film, ending):
    with pytest.raises(FileNotFoundError):
        save(film, tmp_path / "nowhere" / f"film{ending}")


@pytest.mark.parametrize("name", ["film.avi", "film", ".gif", "film.gif.txt"])
def test_another_ending_is_refused(tmp_path, film, name):
    with pytest.raises(UserError, match=rf"{re.escape(name)}” has to end in \.png or \.gif or \.mp4\."):
        save(film, tmp_path / name)


@pytest.mark.parametrize("shape", [(0, 2, 2, 1), (1, 2, 2, 2), (2, 2, 1)])
def test_a_film_is_made_of_frames(shape):
    with pytest.raises(ValueError, match="Expected"):
        FrameSequence(frames=np.zeros(shape, np.uint8))
