"""Posteriors of encoded images, compared with samples."""

import numpy as np

from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.posterior import covariance_on, divergences, sample


def test_samples_have_their_images_mean_and_deviation_and_stay():
    posteriors = np.tile(np.float32([[1, -2], [0.5, 2]]), (4000, 1, 1))
    samples = sample(posteriors)
    np.testing.assert_allclose(samples.mean(0), [1, -2], atol=0.1)
    np.testing.assert_allclose(samples.std(0), [0.5, 2], rtol=0.05)
    np.testing.assert_array_equal(samples, sample(posteriors))


def test_the_divergence_is_the_mean_difference_of_log_densities():
    mean, deviation = 0.7, 0.4
    z = mean + deviation * np.random.default_rng(0).standard_normal(400_000)
    log_q = -0.5 * ((z - mean) / deviation) ** 2 - np.log(deviation)
    log_p = -0.5 * z**2
    kl = divergences(np.array([[[mean, 0.0], [deviation, 1.0]]]))
    np.testing.assert_allclose(kl, [(log_q - log_p).mean(), 0], atol=5e-3)


def test_a_gaussian_spreads_on_a_plane_as_its_samples_do():
    random = np.random.default_rng(0)
    axes = LatentAxes.of_components(random.normal(size=(50, 3)) * (3, 2, 1))
    deviations = np.array([1.0, 0.5, 2.0])
    places = axes.to_plane(random.normal(size=(100_000, 3)) * deviations)
    np.testing.assert_allclose(covariance_on(axes, deviations), np.cov(places.T), atol=0.05)
