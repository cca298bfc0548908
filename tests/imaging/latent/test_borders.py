"""Where a classifier changes its answer along a path."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.borders import borders


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


def test_one_answer_has_no_border():
    assert borders(np.eye(2)[[1, 1, 1]]) == []
