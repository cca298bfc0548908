"""Which latents carry something, and how much of the variance."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.spread import LatentSpread


@pytest.fixture
def latents():
    generator = np.random.default_rng(1)
    return generator.normal((1, -2, 0), (2, 1, 0.01), (500, 3)).astype(np.float16)


def test_mean_and_deviation_are_those_of_numpy(latents):
    spread = LatentSpread.of(latents)
    np.testing.assert_allclose(spread.means, latents.astype(float).mean(0))
    np.testing.assert_allclose(spread.deviations, latents.astype(float).std(0))


def test_a_collapsed_latent_is_not_active(latents):
    spread = LatentSpread.of(latents)
    assert spread.is_active.tolist() == [True, True, False]
    assert spread.n_active == 2


def test_shares_of_all_latents_sum_to_one(latents):
    spread = LatentSpread.of(latents)
    assert sum(spread.shares(0, 1, 2)) == pytest.approx(1)
    assert spread.shares(0)[0] == pytest.approx(0.8, abs=0.05)


def test_latents_that_are_all_equal_have_no_share():
    assert LatentSpread.of(np.ones((5, 2))).shares(0, 1) == (0, 0)


def test_random_vectors_spread_as_the_data_do(latents):
    spread = LatentSpread.of(latents)
    generator = np.random.default_rng(2)
    drawn = np.stack([spread.random(generator) for _ in range(2000)])
    np.testing.assert_allclose(drawn.mean(0), spread.means, atol=0.15)
    np.testing.assert_allclose(drawn.std(0), spread.deviations, atol=0.15)
