"""Where each image of a dataset stands in the montage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.montage.grid import ClassRows, MontageGrid


def grid_of(n, aspect=1.0, labels=None):
    return MontageGrid.of(np.arange(n, dtype=np.int32), aspect, labels)


@given(st.integers(1, 3000), st.floats(0.2, 5))
def test_all_images_are_there_once_in_order_on_a_grid_of_the_desired_shape(n, aspect):
    grid = grid_of(n, aspect)
    assert grid.cells[grid.cells >= 0].tolist() == list(range(n))
    assert (grid.cells.ravel()[:n] >= 0).all(), "gaps are at the end"
    assert grid.n_images == n
    assert grid.n_columns == n or grid.n_columns >= aspect * grid.n_rows
    narrower = grid.n_columns - 2
    assert narrower < aspect * -(-n // max(1, narrower)), "no wider than needed"


def test_each_class_begins_a_row():
    grid = grid_of(9, labels=np.array([0, 0, 0, 0, 2, 2, 5, 5, 5]))
    assert [rows.label for rows in grid.classes] == [0, 2, 5]
    for rows in grid.classes:
        first = grid.cells[rows.first, 0]
        assert first == {0: 0, 2: 4, 5: 6}[rows.label]
    assert grid.classes[-1].first + grid.classes[-1].n == grid.n_rows


def test_a_class_knows_its_rows():
    labels = np.repeat([0, 1], [5, 2])
    assert grid_of(7, 0.5, labels).classes == (ClassRows(0, 0, 3), ClassRows(1, 3, 1))


def test_cells_and_images_find_each_other():
    grid = MontageGrid.of(np.array([7, 3, 9, 1, 4], np.int32), 1.0)
    for number in (7, 3, 9, 1, 4):
        assert grid.number_at(*grid.cell_of(number)) == number
    assert grid.cell_of(5) is None
    assert grid.number_at(grid.n_rows, 0) is None
    assert grid.number_at(-1, 0) is None
    assert grid.number_at(grid.n_rows - 1, grid.n_columns - 1) is None, "the last row is shorter"


@pytest.mark.parametrize(("by", "number"), [(1, 5), (-1, 3), (100, 8), (-100, 0)])
def test_steps_go_from_row_to_row_and_stop_at_the_ends(by, number):
    grid = grid_of(9, labels=np.array([0, 0, 0, 0, 2, 2, 5, 5, 5]))
    assert grid.number_at(*grid.stepped(grid.cell_of(4), by)) == number


def test_moves_up_and_down_stay_in_their_column_as_far_as_it_goes():
    grid = grid_of(7, 0.5, np.repeat([0, 1], [5, 2]))
    assert grid.cells.tolist() == [[0, 1], [2, 3], [4, -1], [5, 6]]
    assert grid.moved((1, 1), 1) == (2, 0)
    assert grid.moved((1, 1), -1) == (0, 1)
    assert grid.moved((1, 1), 100) == (3, 1)
    assert grid.moved((1, 1), -100) == (0, 1)
