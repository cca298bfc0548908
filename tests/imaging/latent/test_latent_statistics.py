"""Active latents, and their shares of the variance."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.latent_statistics import LatentStatistics


@pytest.fixture
def latents():
    generator = np.random.default_rng(1)
    return generator.normal((1, -2, 0), (2, 1, 0.01), (500, 3)).astype(np.float16)


def test_mean_and_deviation_are_those_of_numpy(latents):
    statistics = LatentStatistics.of(latents)
    np.testing.assert_allclose(statistics.means, latents.astype(float).mean(0))
    np.testing.assert_allclose(statistics.deviations, latents.astype(float).std(0))


def test_a_collapsed_latent_is_not_active(latents):
    statistics = LatentStatistics.of(latents)
    assert statistics.is_active.tolist() == [True, True, False]
    assert statistics.n_active == 2


def test_shares_of_all_latents_sum_to_one(latents):
    statistics = LatentStatistics.of(latents)
    assert sum(statistics.shares(0, 1, 2)) == pytest.approx(1)
    assert statistics.shares(0)[0] == pytest.approx(0.8, abs=0.05)


def test_latents_that_are_all_equal_have_no_share():
    assert LatentStatistics.of(np.ones((5, 2))).shares(0, 1) == (0, 0)


def test_random_vectors_spread_as_the_data_do(latents):
    statistics = LatentStatistics.of(latents)
    generator = np.random.default_rng(2)
    drawn = np.stack([statistics.random(generator) for _ in range(2000)])
    np.testing.assert_allclose(drawn.mean(0), statistics.means, atol=0.15)
    np.testing.assert_allclose(drawn.std(0), statistics.deviations, atol=0.15)
