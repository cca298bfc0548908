"""The view: conversions that are inverse to each other, and ranges that fit the data."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.latent.view_box import ViewBox

coordinates = st.floats(-50, 50)
spans = st.floats(0.01, 100)
shares = st.floats(0, 1)


@st.composite
def boxes(draw):
    z0, z1, width, height = draw(coordinates), draw(coordinates), draw(spans), draw(spans)
    return ViewBox(z0, z0 + width, z1, z1 + height)


@given(boxes(), st.floats(0, 672), st.floats(0, 500))
def test_pixels_and_plane_undo_each_other(box, x, y):
    z = box.to_plane(x, y, 672, 500)
    np.testing.assert_allclose(box.to_pixels(z, 672, 500), (x, y), atol=1e-6 * 672)


def test_up_in_the_plane_is_up_on_the_screen():
    box = ViewBox(-1, 1, -2, 2)
    np.testing.assert_allclose(box.to_pixels([(-1, 2), (1, -2), (0, 0)], 10, 20), [(0, 0), (10, 20), (5, 10)])


@given(boxes(), st.floats(0.1, 10), shares, shares)
def test_zooming_keeps_the_point_under_the_pointer_there(box, factor, across, up):
    point = (box.z0_low + across * box.width, box.z1_low + up * box.height)
    zoomed = box.zoomed(factor, *point)
    before, after = box.to_pixels(point, 100, 100), zoomed.to_pixels(point, 100, 100)
    np.testing.assert_allclose(after, before, atol=1e-3)
    assert zoomed.width == pytest.approx(box.width / factor, rel=1e-6)
    assert zoomed.width / zoomed.height == pytest.approx(box.width / box.height, rel=1e-6)


@given(boxes(), st.floats(0.01, 100))
def test_zooming_ends_before_numbers_do(box, factor):
    for _ in range(20):
        box = box.zoomed(factor, *box.centre)
    assert box.width > 1e-5
    assert box.height < 1e6


@given(boxes(), st.floats(0.2, 5))
def test_growing_to_an_aspect_hides_nothing(box, aspect):
    grown = box.grown_to(aspect)
    assert grown.width / grown.height == pytest.approx(aspect, rel=1e-6)
    assert grown.width >= box.width * (1 - 1e-9)
    assert grown.height >= box.height * (1 - 1e-9)
    assert grown.centre == pytest.approx(box.centre, abs=1e-6)


def test_panning_moves_every_edge():
    assert ViewBox(0, 1, 0, 2).panned(3, -1) == ViewBox(3, 4, -1, 1)


def test_the_range_follows_the_data_and_ignores_a_stray_point():
    points = np.random.default_rng(0).normal((40, -3), 2, (2000, 2))
    stray = np.concatenate([points, [[1e6, 1e6]]])
    box = ViewBox.around(stray)
    inside = [box.contains(*point) for point in points]
    assert np.mean(inside) > 0.97
    assert box.width == pytest.approx(box.height)
    assert box.width < 20


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.ones((1, 2)), np.full((5, 2), -7.0)])
def test_without_any_spread_there_is_still_a_box(points):
    box = ViewBox.around(points)
    assert box.width > 0
    assert len(points) == 0 or box.contains(*points[0])


@pytest.mark.parametrize("edges", [(1, 1, 0, 1), (0, 1, 2, 1), (0, math.inf, 0, 1), (math.nan, 1, 0, 1)])
def test_a_box_without_an_inside_is_refused(edges):
    with pytest.raises(ValueError, match="Expected finite edges"):
        ViewBox(*edges)
