"""Statistics and histograms of weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cadl_gui.imaging.weights.statistics import histogram, statistics

WEIGHTS = arrays.arrays(np.float32, st.integers(1, 40), elements=st.floats(-100, 100, width=32))


@given(WEIGHTS)
def test_statistics_are_those_of_the_numbers(values):
    found, exact = statistics(values), values.astype(np.float64)
    assert found.n == len(values)
    assert found.n_not_finite == 0
    assert found.mean == pytest.approx(exact.mean())
    assert found.deviation == pytest.approx(exact.std())
    assert (found.minimum, found.maximum) == (exact.min(), exact.max())
    assert found.norm == pytest.approx(np.linalg.norm(exact))


def test_what_is_not_finite_is_counted_and_left_out():
    found = statistics(np.array([1, np.nan, np.inf, 3], np.float32))
    assert (found.n, found.n_not_finite, found.mean) == (4, 2, 2.0)


def test_weights_without_a_finite_one_have_no_mean():
    found = statistics(np.array([np.nan], np.float32))
    assert np.isnan(found.mean)
    assert found.norm == 0


def test_the_hugest_numbers_do_not_overflow():
    assert statistics(np.full(4, 3e38, np.float32)).norm == pytest.approx(6e38)


@given(WEIGHTS)
def test_every_weight_counts_in_the_bin_that_holds_it(values):
    shares = histogram(np.trunc(values) + np.float32(0.5), 128.0, 256)
    for number in np.trunc(values):
        assert shares[128 + int(number)] >= 1 / len(values) - 1e-9
    assert shares.sum() == pytest.approx(1)


def test_outliers_count_in_the_outer_bins_and_non_finite_numbers_not_at_all():
    values = np.array([-9, 9, 0.5, np.nan], np.float32)
    np.testing.assert_allclose(histogram(values, 1.0, 4), np.array([1, 0, 0, 2]) / 3)


def test_without_a_range_all_is_in_the_middle():
    np.testing.assert_array_equal(histogram(np.zeros(5, np.float32), 0.0, 5), [0, 0, 1, 0, 0])


def test_a_histogram_of_nothing_is_empty():
    np.testing.assert_array_equal(histogram(np.full(2, np.nan, np.float32), 1.0, 3), 0)
