"""Where a classifier changes its answer along a path."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.borders import border_lines, borders


def test_a_border_is_where_two_classes_are_equally_probable():
    second = np.array([0.0, 0.2, 0.6, 1.0])
    (border,) = borders(np.stack([1 - second, second], axis=1))
    assert (border.before, border.after) == (0, 1)
    assert border.share == pytest.approx(np.interp(0.5, second, [0, 1 / 3, 2 / 3, 1]))


def test_every_change_is_found():
    found = borders(np.eye(3)[[2, 2, 0, 1, 1]])
    assert [(border.before, border.after, border.share) for border in found] == [
        (2, 0, pytest.approx(0.375)),
        (0, 1, pytest.approx(0.625)),
    ]


def test_path_with_one_answer_has_no_border():
    assert borders(np.eye(2)[[1, 1, 1]]) == []


def test_the_line_between_two_classes_runs_through_the_middles_between_their_cells():
    (line,) = border_lines(np.array([[4, 9], [4, 9]]))
    assert line.tolist() == [[1.0, 0.5], [1.0, 1.5]]
    (slanting,) = border_lines(np.array([[4, 4], [4, 9]]))
    assert sorted(slanting.tolist()) == [[1.0, 1.5], [1.5, 1.0]]


def test_three_classes_meet_in_the_middle_and_one_has_no_border():
    lines = border_lines(np.array([[4, 9], [7, 7]]))
    assert len(lines) == 3
    assert all(end == [1.0, 1.0] for _, end in lines.tolist())
    assert len(border_lines(np.full((3, 5), 2))) == 0


def test_a_border_across_a_map_is_one_line_without_gaps():
    rows, columns = np.mgrid[:8, :12]
    lines = border_lines((columns > rows).astype(int))
    ends = [tuple(end) for line in lines.tolist() for end in line]
    assert sorted(ends.count(end) for end in set(ends)) == [1, 1] + [2] * (len(lines) - 1)
