"""Films, strips and prints are read back as what was decoded."""

import numpy as np
import pytest
from PIL import Image, ImageSequence

from cadl_gui.ui.film_files import save_gif, save_print, save_strip


@pytest.fixture
def pictures():
    return np.linspace(0, 1, 6, dtype=np.float32)[:, None, None, None] * np.ones((6, 28, 28, 1), np.float32)


def test_a_gif_has_every_frame_in_its_order_and_pace(tmp_path, pictures):
    save_gif(pictures, tmp_path / "path.gif", 25)
    with Image.open(tmp_path / "path.gif") as film:
        greys = [np.asarray(frame.convert("L")).mean() for frame in ImageSequence.Iterator(film)]
        assert film.info["duration"] == 40
        assert film.info["loop"] == 0
        assert film.size == (280, 280)
    np.testing.assert_allclose(greys, np.linspace(0, 255, 6), atol=1)


def test_a_strip_has_them_beside_each_other(tmp_path, pictures):
    save_strip(pictures, tmp_path / "strip.png")
    with Image.open(tmp_path / "strip.png") as strip:
        pixels = np.asarray(strip)
    assert pixels.shape == (112, 6 * 112)
    np.testing.assert_array_equal(pixels[0, ::112], np.rint(np.linspace(0, 255, 6)))


@pytest.mark.parametrize("smooth", [False, True])
def test_a_print_lays_them_out_row_by_row(tmp_path, pictures, smooth):
    save_print(pictures, tmp_path / "print.png", columns=3, side_px=336, smooth=smooth)
    with Image.open(tmp_path / "print.png") as sheet:
        pixels = np.asarray(sheet)
    assert pixels.shape == (224, 336)
    middles = pixels[56::112, 56::112]
    np.testing.assert_allclose(middles, np.linspace(0, 255, 6).reshape(2, 3), atol=1)


def test_colour_stays(tmp_path):
    colours = np.zeros((1, 8, 8, 3), np.float32)
    colours[..., 2] = 1
    save_strip(colours, tmp_path / "blue.png")
    with Image.open(tmp_path / "blue.png") as strip:
        assert strip.getpixel((3, 3)) == (0, 0, 255)
