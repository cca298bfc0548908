"""The course's manifold, compared with the course's own algorithm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.latent.corners import four_corner_manifold


def course_manifold(corners, n):
    """Point by point, as in the lecture: down both sides, then across each row."""

    def between(start, end):
        return np.array([start + i / (n - 1) * (end - start) for i in range(n)])

    left, right = between(corners[0], corners[1]), between(corners[2], corners[3])
    return np.vstack([between(left[i], right[i]) for i in range(n)])


@given(st.integers(1, 5), st.integers(2, 6), st.integers(0, 100))
def test_manifold_of_four_corners_is_the_course_s(d, n, seed):
    corners = np.random.default_rng(seed).normal(size=(4, d))
    manifold = four_corner_manifold(corners, n)
    np.testing.assert_allclose(manifold, course_manifold(corners, n), atol=1e-6)
    np.testing.assert_allclose(manifold[[0, -n, n - 1, -1]], corners, atol=1e-6)


@pytest.mark.parametrize(("shape", "n"), [((3, 2), 5), ((4,), 5), ((4, 2), 1)])
def test_what_has_no_four_corners_is_refused(shape, n):
    with pytest.raises(ValueError, match="Expected corners"):
        four_corner_manifold(np.zeros(shape), n)
