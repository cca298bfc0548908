"""Planes through latent spaces: conversions and their inverses, which leave the other latents unchanged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.latent.axes import LatentAxes

seeds = st.integers(0, 1000)


def test_two_latents_are_the_plane_itself():
    axes = LatentAxes.of_dimensions(2)
    points = np.array([[0.5, -1.25], [3, 4]], np.float32)
    np.testing.assert_array_equal(axes.to_z(points), points)
    np.testing.assert_array_equal(axes.to_plane(points), points)


def test_chosen_latents_follow_the_plane_and_the_others_the_base():
    axes = LatentAxes.of_dimensions(4, 3, 1).with_base([10, 20, 30, 40])
    np.testing.assert_array_equal(axes.to_z([7, 8]), [10, 8, 30, 7])
    np.testing.assert_array_equal(axes.to_plane([1, 2, 3, 4]), [4, 2])


@given(seeds, st.integers(2, 8))
def test_every_plane_leads_back(seed, d):
    random = np.random.default_rng(seed)
    latents = random.normal(size=(30, d)) * random.uniform(0.1, 3, d)
    points = random.normal(size=(5, 2))
    for axes in (LatentAxes.of_dimensions(d, d - 1, 0), LatentAxes.of_components(latents)):
        moved = axes.with_base(random.normal(size=d))
        np.testing.assert_allclose(moved.to_plane(moved.to_z(points)), points, atol=1e-4)
        np.testing.assert_allclose(moved.to_z(moved.to_plane(moved.base)), moved.base, atol=1e-4)


@given(seeds)
def test_components_are_those_of_the_covariance(seed):
    latents = np.random.default_rng(seed).normal(size=(200, 5)) * [5, 4, 3, 2, 1]
    axes = LatentAxes.of_components(latents, 0, 1)
    variances = np.sort(np.linalg.eigvalsh(np.cov(latents.T)))[::-1]
    np.testing.assert_allclose(axes.variance_shares, variances[:2] / variances.sum(), rtol=1e-6)
    np.testing.assert_allclose(axes.to_plane(latents).var(0, ddof=1), variances[:2], rtol=1e-3)


@pytest.mark.parametrize("decay", [1.0, 30.0, 1e9], ids=["two alone", "as digits", "all alike"])
def test_the_first_components_of_many_latents_are_those_of_all(decay):
    spreads = np.exp(-np.arange(300) / decay)
    latents = np.random.default_rng(3).normal(size=(600, 300)) * spreads + 5
    axes = LatentAxes.of_components(latents, 0, 1)
    values, vectors = np.linalg.eigh(np.cov(latents.T))
    np.testing.assert_allclose(axes.variance_shares, values[[-1, -2]] / values.sum(), rtol=1e-6)
    alike = np.abs((axes.directions * vectors.T[[-1, -2]]).sum(1))
    np.testing.assert_allclose(alike, 1, atol=1e-5)


def test_a_mirrored_decomposition_does_not_flip_the_plane():
    latents = np.random.default_rng(1).normal(size=(50, 3)) * [3, 2, 1]
    axes = LatentAxes.of_components(latents)
    assert (axes.directions[[0, 1], np.abs(axes.directions).argmax(1)] > 0).all()


def test_latents_without_any_spread_have_a_plane_and_no_variance():
    axes = LatentAxes.of_components(np.ones((5, 3)))
    assert axes.variance_shares == (0, 0)
    assert np.isfinite(axes.to_z([1, 1])).all()


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 3), (-1, 1)])
def test_two_different_directions_are_needed(first, second):
    with pytest.raises(ValueError, match="Expected two of 3 latents"):
        LatentAxes.of_dimensions(3, first, second)
    with pytest.raises(ValueError, match="Expected two of 3 components"):
        LatentAxes.of_components(np.eye(3), first, second)
