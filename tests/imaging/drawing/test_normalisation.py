"""Drawings become images like MNIST's, whatever their position, size and pen."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadl_gui.datasets.sources.mnist import load_mnist
from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.imaging.drawing.ink import rasterised
from cadl_gui.imaging.drawing.normalisation import (
    RAW_SIDE,
    STROKE_WIDTHS,
    ink_box,
    normalise,
    normalise_drawing,
    shrunk,
)
from cadl_gui.imaging.drawing.stroke_width import stroke_width

few = settings(max_examples=30)


@pytest.fixture(scope="module")
def digits():
    """500 of MNIST's test digits, (500, 28, 28) in [0, 1]."""
    return load_mnist().as_floats(np.arange(60_000, 60_500))[..., 0]


def seven(x, y, size, pen=None):
    """A 7 with its upper left corner at (x, y), drawn with a pen proportional to its size."""
    points = ((x, y), (x + 0.7 * size, y), (x + 0.3 * size, y + size))
    return Drawing((Stroke(tuple(Point(*point) for point in points), pen or 0.13 * size),))


def mass_centre(image):
    places = np.arange(len(image)), np.arange(image.shape[1])
    return image.sum(1) @ places[0] / image.sum(), image.sum(0) @ places[1] / image.sum()


@st.composite
def images(draw):
    """Noise of any shape, with any fraction of ink."""
    height, width = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    generator = np.random.default_rng(draw(st.integers(0, 1000)))
    inked = generator.random((height, width)) < draw(st.sampled_from([0.0, 0.05, 0.5, 1.0]))
    return inked * generator.random((height, width), np.float32)


@few
@given(images())
def test_any_image_comes_out_whole_and_in_range(raw):
    result = normalise(raw)
    assert result.centred.shape == (28, 28)
    for stage in (result.cropped, result.fitted, result.centred):
        assert stage.dtype == np.float32
        assert stage.min() >= 0
        assert stage.max() <= 1
    assert result.is_empty == (raw <= 1 / 512).all()
    assert max(result.fitted.shape) == (1 if result.is_empty else 20)
    # All ink stays visible: moving to the centre loses none.
    assert result.centred.sum() == pytest.approx(result.fitted.sum(), rel=1e-5)


def test_mnist_is_what_this_makes(digits):
    """With unchanged strokes, MNIST's own digits are reproduced bit for bit, except three of 10,000."""
    again = np.stack([normalise(digit, widths=None).centred for digit in digits])
    np.testing.assert_array_equal(again, digits)


def test_mnist_stays_nearly_the_same_with_even_strokes(digits):
    """Measured over 5,000 test digits: a mean absolute difference of 0.010, and 70 % unchanged.

    A shift by a single pixel makes 0.05, so the tolerance leaves no room for a displaced digit.
    """
    again = np.stack([normalise(digit).centred for digit in digits])
    difference = np.abs(again - digits)
    assert difference.mean() < 0.013
    assert (difference.max(axis=(1, 2)) == 0).mean() > 0.6


@few
@given(st.floats(0.05, 0.3), st.floats(0.05, 0.3), st.floats(0.1, 0.6))
def test_the_centre_of_mass_is_within_half_a_pixel_of_the_middle(x, y, size):
    """The centre of MNIST's digits is pixel 14, counted from 0."""
    for place in mass_centre(normalise_drawing(seven(x, y, size)).centred):
        assert abs(place - 14) <= 0.5 + 1e-4


@few
@given(st.integers(0, 40), st.integers(0, 40))
def test_the_place_of_an_image_does_not_matter(down, right):
    raw = np.zeros((100, 100), np.float32)
    raw[:60, :60] = rasterised(seven(0.1, 0.1, 0.8), 60)
    moved = np.roll(raw, (down, right), (0, 1))
    np.testing.assert_array_equal(normalise(moved).centred, normalise(raw).centred)


@few
@given(st.floats(0.05, 0.2), st.floats(0.05, 0.2), st.floats(0.1, 0.75))
def test_place_and_size_of_a_drawing_hardly_matter(x, y, size):
    """From a tenth to three quarters of the canvas.

    Centring moves by whole pixels, so tiny differences can decide between two neighbouring positions.
    """
    result = normalise_drawing(seven(x, y, size)).centred
    reference = normalise_drawing(seven(0.1, 0.1, 0.8)).centred
    near = [np.roll(reference, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    assert min(np.abs(result - other).mean() for other in near) < 0.03


@few
@given(st.floats(0.1, 0.8), st.floats(0.005, 0.3))
def test_any_pen_gives_strokes_as_wide_as_those_of_mnist(size, pen):
    result = normalise_drawing(seven(0.1, 0.1, size, pen))
    # A pen that is in range measures a little less, since ends and corners are edges too.
    assert 0.8 * STROKE_WIDTHS[0] <= stroke_width(result.fitted) <= STROKE_WIDTHS[1]


@pytest.mark.parametrize("pen", [0.02, 0.2])
def test_strokes_of_an_image_are_brought_into_range(pen):
    raw = rasterised(seven(0.15, 0.15, 0.6, pen), 224)
    before, after = (stroke_width(normalise(raw, widths=widths).fitted) for widths in (None, STROKE_WIDTHS))
    assert not STROKE_WIDTHS[0] <= before <= STROKE_WIDTHS[1]
    # Where fat strokes run into one another they measure wider than they are.
    assert STROKE_WIDTHS[0] - 0.4 <= after <= STROKE_WIDTHS[1] + 0.4


def test_a_small_eight_keeps_its_holes():
    """A thick pen filled them; the strokes are drawn again with a thinner one."""
    turns = np.linspace(0, 2 * math.pi, 60)
    points = tuple(Point(0.5 + 0.03 * math.sin(2 * t), 0.5 + 0.05 * math.cos(t)) for t in turns)
    drawing = Drawing((Stroke(points, 0.08),))
    holes = normalise_drawing(drawing).centred[[9, 18], [14, 14]]
    assert (holes < 0.5).all()
    assert (normalise_drawing(drawing, widths=None).centred[[9, 18], [14, 14]] > 0.9).all()


@pytest.mark.parametrize("turns", range(4))
def test_a_lopsided_drawing_is_moved_no_farther_than_that_all_of_it_is_seen(turns):
    """Most of its ink is at one side, which is therefore moved nearest to the centre."""
    raw = np.zeros((100, 100), np.float32)
    raw[:, :20] = 1
    raw[45:55] = 1
    result = normalise(np.rot90(raw, turns), widths=None)
    assert result.centred.sum() == result.fitted.sum()
    box = ink_box(np.rot90(result.centred, -turns))
    assert (box.left, box.right) == (8, 28)


def test_empty_drawing_gives_no_image():
    for result in (normalise(np.zeros((224, 224), np.float32)), normalise_drawing(Drawing())):
        assert result.is_empty
        assert not result.centred.any()


def test_what_was_erased_is_not_seen():
    """It came back where strokes were drawn again with a wider pen, and what was drawn after it was bold."""
    large, small = seven(0.1, 0.1, 0.8, pen=0.06), seven(0.4, 0.4, 0.25, pen=0.06)
    (erased,) = large.strokes
    for width in (0.09, 0.24):
        eraser = Stroke(erased.points, width, erases=True)
        seen = normalise_drawing(Drawing((erased, eraser, *small.strokes))).centred
        np.testing.assert_allclose(seen, normalise(rasterised(small, RAW_SIDE)).centred, atol=0.02)
        assert seen.mean() == pytest.approx(normalise_drawing(small).centred.mean(), rel=0.1)


def test_an_erased_drawing_is_empty():
    drawn = seven(0.2, 0.2, 0.5)
    eraser = Stroke((Point(0.5, 0.5),), 2.0, erases=True)
    assert normalise_drawing(Drawing((*drawn.strokes, eraser))).is_empty


def test_a_full_canvas_fills_the_box():
    result = normalise(np.ones((224, 224), np.float32))
    assert result.fitted.shape == (20, 20)
    assert result.centred[14, 14] == pytest.approx(1)


def test_ink_beyond_the_edge_is_not_seen():
    inside, outside = seven(0.1, 0.1, 0.5), Stroke((Point(2.0, 2.0), Point(3.0, 3.0)), 0.07)
    drawing = Drawing((*inside.strokes, outside))
    result = normalise_drawing(drawing, widths=None)
    np.testing.assert_array_equal(result.centred, normalise_drawing(inside, widths=None).centred)


def test_other_sizes_than_those_of_mnist():
    result = normalise(np.eye(50, dtype=np.float32), fit=40, size=64, widths=None)
    assert result.fitted.shape == (40, 40)
    assert result.centred.shape == (64, 64)


@pytest.mark.parametrize("dx", [0.0, 1 / 400, 0.03])
def test_a_dot_stays_as_tiny_as_it_is_although_the_hand_has_moved_a_little(dx):
    """A click with one pixel of movement became a slash over the whole image."""
    pen = 0.08
    dot = Drawing((Stroke((Point(0.2, 0.7), Point(0.2 + dx, 0.7 + dx)), pen),))
    stages = normalise_drawing(dot)
    box = ink_box(stages.centred)
    longer = max(box.right - box.left, box.bottom - box.top)
    assert 2 <= longer <= 4, "the width of a stroke, and what was moved"
    assert mass_centre(stages.centred) == pytest.approx((13.5, 13.5), abs=1)
    assert not stages.is_empty


@pytest.mark.parametrize("pen", [0.02, 0.08, 0.2])
def test_a_stroke_longer_than_a_dot_is_as_large_as_a_digit_with_any_pen(pen):
    """What is a dot depends on the pen: a small 1 with a thin one is none."""
    lengths = []
    for length in (0.5 * pen, 0.75 * pen):
        box = ink_box(
            normalise_drawing(Drawing((Stroke((Point(0.5, 0.5), Point(0.5, 0.5 + length)), pen),))).centred
        )
        lengths.append(box.bottom - box.top)
    assert lengths[0] <= 5
    assert lengths[1] == 20


def test_without_normalisation_a_drawing_stays_where_and_as_small_as_it_is():
    raw = rasterised(seven(0.6, 0.6, 0.2), 224)
    seen = shrunk(raw).centred
    np.testing.assert_allclose(seen, raw.reshape(28, 8, 28, 8).mean(axis=(1, 3)), atol=1e-6)
    assert ink_box(seen) == (16, 16, 22, 23)
    assert shrunk(np.zeros((224, 224), np.float32)).is_empty
