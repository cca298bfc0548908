"""Usual JPEG files have the pixels that Pillow reads; all others are left to Pillow."""

import io

import numpy as np
import pytest
from pairwise import pairs
from PIL import Image

from cadl_gui.datasets.preparing.image_decoder import decode_image
from cadl_gui.datasets.preparing.usual_jpeg import decode_usual_jpeg
from cadl_gui.domain.preparing_options import PreparingOptions

LONGEST = 200


def photograph(width, height, mode="RGB"):
    """Smooth areas and noise, as in a photograph."""
    random = np.random.default_rng(width)
    small = Image.fromarray(random.integers(0, 256, (7, 9, 3), np.uint8)).resize((width, height))
    noisy = np.asarray(small) + random.normal(0, 8, (height, width, 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).convert(mode)


def jpeg(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def read_by_pillow(data):
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image)
    return pixels if pixels.ndim == 3 else pixels[..., np.newaxis]


@pytest.mark.parametrize(
    ("size", "subsampling", "options"),
    pairs(
        [(64, 64), (37, 51), (16, 8), (2, 3), (199, 301)],
        ["4:4:4", "4:2:2", "4:2:0"],
        [
            {"quality": 30},
            {"quality": 95},
            {"progressive": True},
            {"restart_marker_blocks": 3, "optimize": True},
        ],
    ),
    ids=str,
)
def test_the_pixels_are_those_that_pillow_reads(size, subsampling, options):
    data = jpeg(photograph(*size), subsampling=subsampling, **options)
    np.testing.assert_array_equal(decode_usual_jpeg(data, LONGEST), read_by_pillow(data))


def test_a_grey_image_has_one_channel():
    data = jpeg(photograph(40, 30, "L"))
    pixels = decode_usual_jpeg(data, LONGEST)
    assert pixels.shape == (30, 40, 1)
    np.testing.assert_array_equal(pixels, read_by_pillow(data))


def with_exif():
    exif = Image.Exif()
    exif[0x0112] = 6
    return jpeg(photograph(40, 30), exif=exif)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(with_exif(), id="to be turned"),
        pytest.param(jpeg(photograph(40, 30, "CMYK")), id="CMYK"),
        pytest.param(jpeg(photograph(40, 30), keep_rgb=True), id="RGB"),
        pytest.param(jpeg(photograph(LONGEST + 1, LONGEST + 1)), id="large"),
        pytest.param(jpeg(photograph(40, 1)), id="one row"),
        pytest.param(jpeg(photograph(40, 30))[:-300], id="truncated"),
        pytest.param(b"\xff\xd8\xff", id="no more than its beginning"),
        pytest.param(b"", id="empty"),
    ],
)
def test_unusual_jpeg_is_left_to_pillow(data):
    assert decode_usual_jpeg(data, LONGEST) is None


@pytest.mark.parametrize(
    ("grey", "mode", "crop_factor", "side"), pairs([False, True], ["RGB", "L"], [1.0, 0.7], [64, 90])
)
def test_what_is_prepared_is_the_same_either_way(grey, mode, crop_factor, side):
    data = jpeg(photograph(side, side, mode))
    options = PreparingOptions(grey=grey, crop_factor=crop_factor)
    unusual = data + b"Exif\0\0"  # behind the image, where it says nothing
    assert decode_usual_jpeg(unusual, LONGEST) is None
    quickly, by_pillow = (decode_image(each, options, 64) for each in (data, unusual))
    np.testing.assert_array_equal(quickly.pixels, by_pillow.pixels)
    assert quickly.notes == by_pillow.notes
