"""Strokes are painted at the right place with the right width."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.imaging.drawing.ink import Ink, Region, rasterised

share = st.floats(0.2, 0.8)


def area(drawing, side=400):
    return float(rasterised(drawing, side).mean())


@given(share, share, st.floats(0.02, 0.2))
def test_a_dot_is_a_disc(x, y, width):
    dot = Drawing((Stroke((Point(x, y),), width),))
    assert area(dot) == pytest.approx(math.pi * width**2 / 4, rel=0.02)


@given(share, share, share, share, st.floats(0.02, 0.2))
def test_a_line_has_the_area_of_its_width_and_round_ends(ax, ay, bx, by, width):
    line = Drawing((Stroke((Point(ax, ay), Point(bx, by)), width),))
    length = math.hypot(bx - ax, by - ay)
    assert area(line) == pytest.approx(width * length + math.pi * width**2 / 4, rel=0.02)


@given(st.integers(1, 50))
def test_points_along_a_line_change_nothing(n):
    """Where segments meet, edges stay smooth and ink does not add up."""
    ends = Point(0.2, 0.3), Point(0.8, 0.6)
    between = tuple(Point(0.2 + 0.6 * i / n, 0.3 + 0.3 * i / n) for i in range(n + 1))
    one, many = (rasterised(Drawing((Stroke(points, 0.1),)), 100) for points in (ends, between))
    np.testing.assert_allclose(many, one, atol=2 / 255)


def test_a_drawing_scales_with_its_raster():
    drawing = Drawing((Stroke((Point(0.2, 0.2), Point(0.7, 0.4), Point(0.4, 0.8)), 0.1),))
    large = rasterised(drawing, 224).reshape(28, 8, 28, 8).mean(axis=(1, 3))
    assert np.abs(large - rasterised(drawing, 28)).max() < 0.15


def test_a_region_is_a_magnified_part():
    drawing = Drawing((Stroke((Point(0.3, 0.3), Point(0.45, 0.45)), 0.05),))
    part = rasterised(drawing, 100, Region(0.25, 0.25, 0.25))
    np.testing.assert_allclose(part, rasterised(drawing, 400)[100:200, 100:200], atol=1 / 255)


def test_ink_reaches_every_edge():
    corners = Point(0, 0), Point(1, 0), Point(1, 1), Point(0, 1), Point(0, 0)
    frame = rasterised(Drawing((Stroke(corners, 0.1),)), 40)
    inside = np.zeros((40, 40), bool)
    inside[3:-3, 3:-3] = True
    assert not frame[inside].any()
    for edge in (frame[0], frame[-1], frame[:, 0], frame[:, -1]):
        np.testing.assert_array_equal(edge, 1)


def test_pressure_widens():
    soft, hard = (area(Drawing((Stroke((Point(0.5, 0.5, p),), 0.1),))) for p in (0.0, 1.0))
    assert soft == pytest.approx(hard * 0.4**2, rel=0.02)


def test_erasing_takes_away_what_is_there_already():
    line = Stroke((Point(0.2, 0.5), Point(0.8, 0.5)), 0.1)
    eraser = Stroke((Point(0.5, 0.5),), 0.2, erases=True)
    erased = rasterised(Drawing((line, eraser)), 100)
    assert erased[50, 50] == 0
    assert erased[50, 25] == 1
    assert rasterised(Drawing((eraser, line)), 100)[50, 50] == 1


def test_a_piece_reports_which_pixels_it_changed():
    ink = Ink(100)
    box = ink.add_segment(Stroke((Point(0, 0),), 0.1), Point(0.3, 0.3), Point(0.5, 0.4))
    rows, columns = np.nonzero(ink.pixels)
    assert box.left <= columns.min() <= columns.max() < box.right <= box.left + 34
    assert box.top <= rows.min() <= rows.max() < box.bottom <= box.top + 24


def test_a_piece_outside_changes_nothing():
    ink = Ink(100)
    box = ink.add_segment(Stroke((Point(0, 0),), 0.1), Point(2, 2), Point(3, 2))
    assert box == (0, 0, 0, 0)
    assert not ink.pixels.any()


def test_a_small_image_shows_its_pixels_and_fills_the_canvas():
    image = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    shown = rasterised(Drawing(image=image), 224)
    np.testing.assert_allclose(shown, image.repeat(8, 0).repeat(8, 1) / 255, atol=1e-6)


@given(st.integers(1, 500), st.integers(1, 500))
def test_images_of_any_shape_lie_in_the_middle(height, width):
    shown = rasterised(Drawing(image=np.full((height, width), 255, np.uint8)), 100)
    rows, columns = shown.any(axis=1).nonzero()[0], shown.any(axis=0).nonzero()[0]
    assert max(len(rows), len(columns)) == 100
    for places in (rows, columns):
        assert abs(places[0] - (99 - places[-1])) <= 1
