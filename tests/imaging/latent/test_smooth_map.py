"""Probabilities between the cells of a map."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.smooth_map import smooth_map


def test_probabilities_stay_probabilities():
    cells = np.random.default_rng(0).dirichlet(np.ones(4), (5, 6))
    finer = smooth_map(cells, 3)
    assert finer.shape == (15, 18, 4)
    np.testing.assert_allclose(finer.sum(2), 1, atol=1e-6)
    np.testing.assert_allclose(finer[1::3, 1::3], cells, atol=1e-6)


def test_a_slanted_border_has_no_stairs():
    """Cells of one answer each make a border that steps by a cell; the finer one steps by less."""
    side = 12
    right = (np.arange(side) > np.arange(side)[:, np.newaxis]).astype(float)
    finer = smooth_map(np.stack([right, 1 - right], axis=2), 3).argmax(2)
    begins = finer.argmax(1)[3:-3] if finer[0, 0] == 0 else finer.argmin(1)[3:-3]
    assert np.abs(np.diff(begins)).max() < 3


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_map_of_one_answer_stays(factor):
    assert (smooth_map(np.ones((2, 3, 1)), factor) == 1).all()
