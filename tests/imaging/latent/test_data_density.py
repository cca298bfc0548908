"""Empty regions are faded, and those with data are not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.latent.data_density import data_density
from cadl_gui.imaging.latent.tiles import grid_centres
from cadl_gui.imaging.latent.view_box import ViewBox

BOX = ViewBox(-2, 2, -1, 3)


@given(st.integers(0, 20), st.integers(0, 500), st.floats(0.1, 3))
def test_density_is_the_distance_to_the_nearest_point(n, seed, reach):
    points = np.random.default_rng(seed).normal(size=(n, 2)) * 2
    places = grid_centres(BOX, 16, 16).astype(np.float64)
    distances = np.linalg.norm(places[:, np.newaxis] - points, axis=2).min(1, initial=np.inf)
    expected = np.clip(distances / reach, 0, 1).reshape(16, 16)
    np.testing.assert_allclose(data_density(points, BOX, cells=16, reach=reach), expected, atol=1e-5)
