"""A drift begins at the handle, moves slowly, and stays in populated regions."""

import numpy as np

from cadl_gui.imaging.latent.drift import DriftPath


def test_drift_leaves_from_the_handle_slowly_and_stays_with_the_data():
    start, means, deviations = np.array([30.0, -5.0]), np.array([1.0, 2.0]), np.array([0.5, 3.0])
    path = DriftPath.of(start, means, deviations, np.random.default_rng(0))
    places = np.array([path.at(t) for t in np.arange(0, 300, 0.033)])
    np.testing.assert_allclose(places[0], start)
    later = places[200:]
    assert (np.abs(later - means) <= 1.5 * deviations + 1e-5).all()
    assert (np.abs(np.diff(later, axis=0)) < 0.02 * deviations).all()
    assert (np.ptp(later, axis=0) > 2 * deviations).all()
