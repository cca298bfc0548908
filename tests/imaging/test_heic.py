"""HEIC photographs are decoded, put together, cropped and turned as their boxes say."""

import io

import av
import heic_files
import numpy as np
import pytest
from heic_files import COLOUR, GREY, LARGE, SIDE, crop, heic, mirror, rotate
from PIL import UnidentifiedImageError

from cadl_gui.imaging.heic import HeicImageFile
from cadl_gui.imaging.opened_image import opened_image, pixels_to_decode

WHITE, RED, BLUE = (255, 255, 255), (220, 30, 30), (30, 30, 220)
WHOLE = SIDE, SIDE


def read(data):
    image = opened_image(io.BytesIO(data), "HEIC")
    declared = image.size
    pixels = np.asarray(image)
    assert pixels.shape[1::-1] == declared
    return pixels


def decode(data):
    """Decode it as Pillow would, which keeps the reason of an error to itself."""
    HeicImageFile(io.BytesIO(data)).load()


@pytest.fixture(scope="module")
def tile():
    return read(heic())


def test_the_colours_are_those_that_were_coded(tile):
    for (row, column), colour in {(2, 5): WHITE, (20, 5): RED, (20, 40): BLUE}.items():
        np.testing.assert_allclose(tile[row, column], colour, atol=3)


def test_photograph_may_be_coded_with_a_margin(tile):
    np.testing.assert_array_equal(read(heic(tile_size=(48, 32))), tile[:32, :48])


def test_a_grey_one_has_one_channel():
    grey = read(heic(GREY))
    assert grey.shape == WHOLE
    np.testing.assert_allclose(grey[[2, 20, 20], [5, 5, 40]], (255, 220, 30), atol=3)


def test_tiles_are_put_together_in_rows_and_cropped_at_the_end(tile):
    grid = read(heic(COLOUR, GREY, COLOUR, COLOUR, columns=2, size=(120, 100)))
    assert grid.shape == (100, 120, 3)
    np.testing.assert_array_equal(grid[:SIDE, :SIDE], tile)
    np.testing.assert_array_equal(grid[SIDE:, SIDE:], tile[:36, :56])
    np.testing.assert_allclose(grid[20, SIDE + 5], (220,) * 3, atol=3)


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


def test_what_is_decoded_counts_and_not_what_is_kept_of_it():
    image = opened_image(io.BytesIO(heic(turns=(crop(2, 2, 0, 0, WHOLE),))), "HEIC")
    assert image.size == (2, 2)
    assert pixels_to_decode(image) == SIDE**2
    several = opened_image(io.BytesIO(heic(COLOUR, COLOUR, columns=2, size=(70, 20))), "HEIC")
    assert pixels_to_decode(several) == 2 * SIDE**2


def test_what_the_tiles_are_put_into_counts_too():
    """Otherwise, a small part of a huge image of two tiles would pass, and take gigabytes."""
    whole = 50_000, 40_000
    data = heic(COLOUR, COLOUR, columns=2, size=whole, turns=(crop(10, 10, 0, 0, whole),))
    assert pixels_to_decode(opened_image(io.BytesIO(data), "HEIC")) == 50_000 * 40_000


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (heic(tile_size=(4000, 4000)), SyntaxError, "is smaller than it says"),
        (heic(LARGE), av.FFmpegError, "Cannot allocate memory"),
        (heic(tile_size=(0, 64)), SyntaxError, "is empty"),
        (heic(COLOUR, COLOUR, columns=2, kind=b"iovl"), SyntaxError, "is not of this format"),
        (heic(COLOUR, COLOUR, COLOUR, columns=2), SyntaxError, "has other tiles than it says"),
        (heic(COLOUR, COLOUR, columns=2, size=(60, 64)), SyntaxError, "has more or fewer tiles"),
        (heic(COLOUR, COLOUR, columns=2, size=(140, 64)), SyntaxError, "has more or fewer tiles"),
        (heic(turns=(crop(100, 20, 0, 0, WHOLE),)), SyntaxError, "is cropped to what it does not have"),
        (heic(turns=(crop(0, 0, 9, 9, WHOLE),)), SyntaxError, "is cropped to what it does not have"),
        (heic(heic_files.Tile(COLOUR.settings, bytes(5) * 1000)), SyntaxError, "has too many parts"),
        (heic(heic_files.Tile(COLOUR.settings, b"")), av.FFmpegError, "End of file"),
        (heic(heic_files.Tile(b"", COLOUR.data)), av.FFmpegError, "Invalid data found"),
    ],
)  # fmt: skip
def test_damaged_photograph_is_refused_for_its_own_reason(data, error, reason):
    with pytest.raises(error, match=reason):
        decode(data)


def test_tiles_that_share_their_data_are_refused():
    """Otherwise, a small file could keep the decoder busy for hours."""
    data = heic(*[COLOUR] * 9, columns=3)
    start = data.index(b"iloc")
    first = data[start + 18 : start + 26]
    shared = bytearray(data)
    for i in range(9):
        at = start + 18 + 14 * i
        shared[at : at + 4] = first[:4]
        shared[at + 4 : at + 8] = (len(data) // 4).to_bytes(4, "big")
    with pytest.raises(SyntaxError, match="has tiles that share their data"):
        decode(bytes(shared))


def test_photograph_cut_off_anywhere_is_refused():
    data = heic(COLOUR, COLOUR, columns=2, turns=(rotate(1),))
    for n in range(len(data)):
        with pytest.raises(SyntaxError, match=r"^ends too early$|^lacks a box meta$"):
            decode(data[:n])
        with pytest.raises(UnidentifiedImageError):
            read(data[:n])
