"""Points are assigned to cells with the least total distance, compared with brute force for few points."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadl_gui.domain.images import grid_shape
from cadl_gui.imaging.latent.assignment import MOST_POINTS, assign_to_grid, cell_centres


def total(points, cells, columns, rows):
    """Sum of squared distances, with the points scaled to the unit square."""
    span = np.ptp(points, axis=0)
    stretched = (points - points.min(0)) / np.where(span > 0, span, 1)
    return float(((stretched - cell_centres(cells, columns, rows)) ** 2).sum())


@settings(max_examples=40)
@given(st.integers(1, 6), st.integers(0, 10_000))
def test_no_other_assignment_is_better(n, seed):
    points = np.random.default_rng(seed).normal(size=(n, 2))
    rows, columns = grid_shape(n)
    best = min(total(points, other, columns, rows) for other in permutations(range(rows * columns), n))
    assert total(points, assign_to_grid(points), columns, rows) == pytest.approx(best, rel=1e-6, abs=1e-9)


@given(st.integers(0, 60), st.integers(1, 12), st.sampled_from([0.0, 1e-12, 1.0, 1e6]))
def test_every_point_gets_a_cell_of_its_own(n, columns, scale):
    points = np.random.default_rng(n).standard_cauchy((n, 2)) * scale
    cells = assign_to_grid(points, columns)
    assert len(set(cells.tolist())) == n
    assert n == 0 or 0 <= cells.min() <= cells.max() < columns * -(-n // columns)


def test_points_in_order_stay_in_order():
    """A grid of points, shuffled and stretched, is assigned to the same cells."""
    order = np.random.default_rng(3).permutation(30)
    points = cell_centres(order, 6, 5) * [100, 0.01]
    np.testing.assert_array_equal(assign_to_grid(points, 6), order)


def test_the_first_cell_is_the_upper_left():
    assert assign_to_grid([(0, 0), (1, 0), (0, 1), (1, 1)]).tolist() == [2, 3, 0, 1]


def test_many_clustered_points_are_assigned():
    random = np.random.default_rng(0)
    points = random.normal(size=(10, 2))[random.integers(0, 10, MOST_POINTS)] * 3
    points += random.normal(size=points.shape) / 5
    assert sorted(assign_to_grid(points).tolist()) == list(range(MOST_POINTS))


@pytest.mark.parametrize("points", [np.zeros((MOST_POINTS + 1, 2)), [(0, np.inf)]])
def test_too_many_or_infinite_points_are_refused(points):
    with pytest.raises(ValueError, match="Expected at most"):
        assign_to_grid(points)
