"""HEIC photographs are decoded, put together, cropped and turned as they say."""

import io

import numpy as np
import pytest
from heic_files import COLOUR, GREY, LARGE, SIDE, Tile, crop, heic, mirror, rotate
from PIL import Image, UnidentifiedImageError

from cadl_gui.imaging.opened_image import opened_image

WHITE, RED, BLUE = (255, 255, 255), (220, 30, 30), (30, 30, 220)
WHOLE, HUGE = (SIDE, SIDE), (50_000, 40_000)
HIDDEN, SHOWN = b"infe\2\0\0\1", b"infe\2\0\0\0"
DAMAGE = SyntaxError, UnidentifiedImageError, ValueError, RuntimeError


def read(data):
    image = opened_image(io.BytesIO(data), "HEIC")
    declared = image.size
    pixels = np.asarray(image)
    assert pixels.shape[1::-1] == declared
    return pixels


@pytest.fixture(scope="module")
def tile():
    return read(heic())


def test_the_colours_are_those_that_were_coded(tile):
    for (row, column), colour in {(2, 5): WHITE, (20, 5): RED, (20, 40): BLUE}.items():
        np.testing.assert_allclose(tile[row, column], colour, atol=3)


def test_avif_which_begins_alike_is_left_to_pillow(tile):
    file = io.BytesIO()
    Image.new("RGB", (9, 7), RED).save(file, "AVIF")
    assert Image.open(file).format == "AVIF"


def test_a_grey_one_has_one_channel():
    grey = read(heic(GREY))
    assert grey.shape == WHOLE
    np.testing.assert_allclose(grey[[2, 20, 20], [5, 5, 40]], (255, 220, 30), atol=3)


def test_tiles_are_put_together_in_rows_and_cropped_at_the_end(tile):
    grid = read(heic(*[COLOUR] * 6, columns=3, size=(180, 100)))
    expected = np.tile(tile, (2, 3, 1))[:100, :180]
    np.testing.assert_allclose(grid.astype(int), expected, atol=1)


@pytest.mark.parametrize("quarters", range(4))
def test_photograph_is_turned_anticlockwise(tile, quarters):
    part = crop(40, 20, 6, 4, WHOLE)
    expected = np.rot90(tile[4:24, 6:46], quarters)
    np.testing.assert_array_equal(read(heic(turns=(part, rotate(quarters)))), expected)


def test_photograph_is_mirrored(tile):
    np.testing.assert_array_equal(read(heic(turns=(mirror(sideways=False),))), tile[::-1])
    np.testing.assert_array_equal(read(heic(turns=(mirror(sideways=True),))), tile[:, ::-1])


def test_what_is_done_to_it_has_an_order(tile):
    turned = np.rot90(tile)[:, ::-1]
    np.testing.assert_array_equal(read(heic(turns=(rotate(1), mirror(sideways=True)))), turned)
    other = np.rot90(tile[:, ::-1])
    np.testing.assert_array_equal(read(heic(turns=(mirror(sideways=True), rotate(1)))), other)
    assert not np.array_equal(turned, other)


def test_of_several_images_the_main_one_is_decoded_once():
    """If it were taken for a film, the small one would be decoded into again."""
    several = heic(*[COLOUR] * 4, columns=2).replace(HIDDEN, SHOWN)
    image = opened_image(io.BytesIO(several), "HEIC")
    image.thumbnail((50, 50))
    np.testing.assert_allclose(np.asarray(image)[25 + 8, 5], RED, atol=9)


@pytest.mark.parametrize(
    "data",
    [
        heic(tile_size=(4000, 4000)),
        heic(LARGE),
        heic(tile_size=(0, 64)),
        heic(COLOUR, COLOUR, columns=2, size=(140, 64)),
        heic(COLOUR, COLOUR, columns=2, size=HUGE, turns=(crop(10, 10, 0, 0, HUGE),)),
        heic(turns=(crop(0, 0, 9, 9, WHOLE),)),
        heic(Tile(COLOUR.settings, b"")),
        heic(Tile(b"", COLOUR.data)),
        heic(COLOUR, COLOUR, columns=2).replace(b"grid\0", b"jpeg\0").replace(HIDDEN, SHOWN),
    ],
)
def test_damaged_photograph_is_refused(data):
    with pytest.raises(DAMAGE):
        read(data)


def test_photograph_cut_off_anywhere_is_refused():
    data = heic(COLOUR, COLOUR, columns=2, turns=(rotate(1),))
    for n in range(len(data)):
        with pytest.raises(DAMAGE):
            read(data[:n])
