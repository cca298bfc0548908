"""Drawings in colour are rasterised as they are drawn or all at once, and images fit their form."""

import json

import numpy as np
import pytest

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.imaging.drawing.ink import Ink
from cadl_gui.imaging.drawing.picture import Picture, as_picture, as_shade, beneath_strokes, cropped, raster

COLOUR = DrawingForm((48, 64, 3), is_dark=False)
GREY = DrawingForm((48, 64, 1), is_dark=False)
RED, BLUE = (255, 0, 0), (0, 0, 255)


def line(colour, *points, width=0.1, erases=False):
    return Stroke(tuple(Point(*point) for point in points), width, erases, colour)


def painted(*strokes, image=None, side=64):
    picture = raster(COLOUR, side)
    picture.add_drawing(Drawing(strokes, image))
    return picture.pixels


def test_a_picture_has_the_proportions_of_its_form_and_ink_is_square():
    assert raster(COLOUR, 200).pixels.shape == (150, 200, 3)
    assert isinstance(raster(INK, 200), Ink)
    assert raster(INK, 200).pixels.shape == (200, 200)


def test_the_newest_stroke_is_on_top():
    pixels = painted(line(RED, (0.1, 0.3), (0.9, 0.3)), line(BLUE, (0.5, 0.1), (0.5, 0.7)))
    assert tuple(pixels[19, 12]) == RED
    assert tuple(pixels[19, 32]) == BLUE
    assert tuple(pixels[19, 27]) == RED, "beside the newest stroke"
    assert tuple(pixels[2, 2]) == (255, 255, 255)


def test_strokes_lie_on_the_image_and_erasing_takes_both_away():
    image = np.zeros((48, 64, 3), np.float32)
    pixels = painted(
        line(RED, (0.1, 0.3), (0.9, 0.3)), line(RED, (0.5, 0.1), (0.5, 0.7), erases=True), image=image
    )
    assert tuple(pixels[19, 12]) == RED
    assert tuple(pixels[19, 32]) == tuple(pixels[8, 32]) == (255, 255, 255)
    assert tuple(pixels[40, 5]) == (0, 0, 0)


def test_a_stroke_drawn_piece_by_piece_is_that_which_is_drawn_at_once():
    points = [(0.1 + 0.05 * i, 0.35 + 0.2 * np.sin(i)) for i in range(12)]
    before, stroke = line(BLUE, (0.0, 0.0), (1.0, 0.7)), line(RED, *points)
    growing = raster(COLOUR, 64)
    growing.add_drawing(Drawing((before,)))
    growing.begin_stroke()
    for start, end in stroke.segments():
        growing.add_segment(stroke, start, end)
    np.testing.assert_array_equal(growing.pixels, painted(before, stroke))


def test_edges_stay_smooth_where_segments_overlap():
    once = painted(line(RED, (0.2, 0.3), (0.8, 0.4)))
    often = painted(line(RED, *[(0.2 + 0.006 * i, 0.3 + 0.001 * i) for i in range(101)]))
    np.testing.assert_allclose(often.astype(int), once.astype(int), atol=3)


def test_an_image_of_the_form_is_not_changed_by_a_single_bit():
    image = np.random.default_rng(0).integers(0, 256, COLOUR.shape, np.uint8)
    np.testing.assert_array_equal(painted(image=beneath_strokes(image, COLOUR)), image)
    grey = image[..., :1]
    pixels = painted(image=beneath_strokes(grey, GREY))
    np.testing.assert_array_equal(pixels, np.repeat(grey, 3, axis=2))


def test_small_images_are_shown_as_squares():
    image = np.random.default_rng(0).integers(0, 256, (3, 4, 3), np.uint8)
    pixels = painted(image=beneath_strokes(image, DrawingForm((3, 4, 3), is_dark=False)))
    np.testing.assert_array_equal(pixels, image.repeat(16, axis=0).repeat(16, axis=1))


@pytest.mark.parametrize(
    ("shape", "form", "expected"),
    [
        ((1024, 701, 3), DrawingForm((96, 64, 3), is_dark=True), (252, 168, 3)),
        ((700, 1024, 4), DrawingForm((64, 64, 1), is_dark=False), (252, 252, 3)),
        ((500, 901, 3), DrawingForm((400, 300, 3), is_dark=True), (400, 300, 3)),
        ((1024, 700), INK, (252, 172)),
        ((240, 200, 1), INK, (240, 200)),
    ],
)
def test_a_large_image_becomes_so_small_that_its_file_takes_256_kb_unless_a_network_sees_more(
    shape, form, expected
):
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    image = beneath_strokes(noise, form)
    assert (image.shape, image.dtype) == (expected, np.uint8)
    text = json.dumps({"format": 1, **Drawing(image=image).to_json()})
    assert len(text) < 256_000 or max(form.shape) > 252
    again = Drawing.from_json(json.loads(text), is_ink=form.is_ink)
    np.testing.assert_array_equal(again.image, image)


@pytest.mark.parametrize(("shape", "left"), [((300, 900, 3), 250), ((300, 400, 1), 0), ((900, 400, 4), 0)])
def test_the_middle_of_an_image_is_taken(shape, left):
    height, width, channels = shape
    image = np.tile(np.arange(width, dtype=np.float32)[:, np.newaxis], (height, 1, channels))
    part = cropped(image, COLOUR)
    assert part.shape == (300, 400, channels)
    assert part[0, 0, 0] == left


def test_opacity_mixes_with_the_ground():
    image = np.zeros((48, 64, 4), np.uint8)
    image[..., 3] = 51
    assert as_picture(image, COLOUR) == pytest.approx(0.8)
    assert as_picture(image, DrawingForm((48, 64, 3), is_dark=True)) == pytest.approx(0.0)


def test_what_is_grey_has_the_brightness_of_the_colour():
    image = np.zeros((48, 64, 3), np.uint8) + np.uint8(RED)
    assert as_picture(image, GREY) == pytest.approx(0.299)
    assert as_shade(RED, GREY) == (76, 76, 76)
    assert as_shade(RED, COLOUR) == RED


def test_an_empty_dark_picture_is_black():
    assert not raster(DrawingForm((8, 8, 1), is_dark=True), 8).pixels.any()
    assert isinstance(raster(DrawingForm((8, 8, 1), is_dark=True), 8), Picture)
