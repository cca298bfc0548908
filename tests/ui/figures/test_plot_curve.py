"""Curves are thinned without visible change, and non-positive values are omitted on a log axis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cadl_gui.ui.figures.plot_curve import PlotCurve, decimate


def curve(x, y):
    return PlotCurve(x, y, colour="#112233", thick=True)


@given(
    y=st.integers(1, 3000).flatmap(lambda n: arrays(np.float64, n, elements=st.floats(-1e9, 1e9))),
    most=st.integers(4, 400),
)
def test_decimation_keeps_extremes_ends_order_and_its_bound(y, most):
    x = np.arange(y.size, dtype=np.float64)
    retained_x, retained_y = decimate(x, y, most)
    assert retained_x.size <= max(most, 4)
    assert retained_y.min() == y.min()
    assert retained_y.max() == y.max()
    assert (retained_x[0], retained_x[-1]) == (x[0], x[-1])
    assert np.all(np.diff(retained_x) > 0)
    np.testing.assert_array_equal(y[retained_x.astype(int)], retained_y)


def test_decimation_keeps_the_extremes_of_every_pixel_column():
    y = np.random.default_rng(3).normal(size=10_000)
    x, retained = decimate(np.arange(10_000.0), y, 202)
    for start in range(0, 10_000, 100):
        column = retained[(x >= start) & (x < start + 100)]
        assert column.min() == y[start : start + 100].min()
        assert column.max() == y[start : start + 100].max()


def test_few_points_stay_all():
    x, y = decimate(np.arange(5.0), np.array([3.0, 1, 4, 1, 5]), 5)
    np.testing.assert_array_equal(y, [3, 1, 4, 1, 5])
    np.testing.assert_array_equal(x, np.arange(5))


def test_values_that_are_not_finite_are_left_out():
    shown = curve([0, 1, 2, np.nan], [1.0, np.inf, np.nan, 2.0])
    np.testing.assert_array_equal(shown.x, [0])
    np.testing.assert_array_equal(shown.y, [1])


def test_log_axis_drops_what_is_not_positive():
    x, y = curve([0, 1, 2, 3], [10.0, 0.0, -5.0, 100.0]).on_axis(is_log=True, max_points=100)
    np.testing.assert_array_equal(x, [0, 3])
    np.testing.assert_allclose(y, [1, 2])
    negative = curve([0, 1], [-1.0, 0.0])
    assert negative.has_points(is_log=False)
    assert not negative.has_points(is_log=True)


@pytest.mark.parametrize(("x", "value"), [(-0.5, 10), (0.4, 10), (1.6, 30), (2.4, 30), (3.5, 40)])
def test_nearest_point(x, value):
    assert curve([0, 1, 2, 3], [10.0, 20.0, 30.0, 40.0]).nearest(x) == value


@pytest.mark.parametrize("x", [-0.51, 3.51, 99])
def test_no_point_is_nearest_where_the_curve_has_ended(x):
    assert curve([0, 1, 2, 3], [10.0, 20.0, 30.0, 40.0]).nearest(x) is None


def test_nearest_of_one_point_and_of_none():
    assert curve([1], [7.0]).nearest(1.4) == 7
    assert curve([], []).nearest(5) is None
