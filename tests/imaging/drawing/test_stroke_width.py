"""Stroke widths are measured, and changed by the requested amount."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.imaging.drawing.ink import rasterised
from cadl_gui.imaging.drawing.stroke_width import stroke_width, thickened


def bar(width_px, slope=0.0, side=200):
    """A long straight stroke, (side, side) in [0, 1]."""
    points = (Point(0.1, 0.5 - slope / 2), Point(0.9, 0.5 + slope / 2))
    return rasterised(Drawing((Stroke(points, width_px / side),)), side)


@given(st.floats(6, 20), st.floats(-0.6, 0.6))
def test_the_width_of_a_long_stroke_is_its_pen(width, slope):
    """It measures a little less, since the two ends are edges, too."""
    assert 0.88 * width <= stroke_width(bar(width, slope)) <= 1.01 * width


def test_blur_does_not_change_the_width():
    sharp = bar(12)
    blurred = sum(np.roll(sharp, shift, axis=0) for shift in (-2, -1, 0, 1, 2)) / 5
    assert stroke_width(blurred) == pytest.approx(stroke_width(sharp), rel=0.02)


def test_no_ink_has_no_width():
    assert stroke_width(np.zeros((5, 5), np.float32)) == 0


@given(st.floats(-3.5, 6))
def test_thickening_moves_both_edges(by):
    before, after = bar(12), thickened(bar(12), by)
    middle = after.shape[1] // 2
    assert after[:, middle].sum() == pytest.approx(before[:, 100].sum() + 2 * by, abs=0.01)
    assert 0 <= after.min() <= after.max() <= 1


@given(st.floats(0, 6))
def test_thickening_makes_room(by):
    full = np.ones((4, 7), np.float32)
    margin = int(np.ceil(by))
    assert thickened(full, by).shape == (4 + 2 * margin, 7 + 2 * margin)


def test_thinning_eats_from_the_edge_of_the_image_too():
    assert not thickened(np.ones((4, 4), np.float32), -2).any()
