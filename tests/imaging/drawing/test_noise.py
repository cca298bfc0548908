"""Drawings are corrupted like the images of a denoising network in training."""

import numpy as np
import pytest

from cadl_gui.domain.training_config import CORRUPTIONS
from cadl_gui.imaging.drawing.noise import corrupted

GREY = np.full((50, 50, 3), 0.5, np.float32)


def noisy(kind, amount, image=GREY):
    return corrupted(image, kind, amount, np.random.default_rng(1))


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_no_noise_changes_nothing(kind):
    np.testing.assert_array_equal(noisy(kind, 0.0), GREY)


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_noise_stays_an_image(kind):
    result = noisy(kind, 0.7)
    assert result.dtype == np.float32
    assert result.shape == GREY.shape
    assert result.min() >= 0
    assert result.max() <= 1


def test_masking_makes_so_many_pixels_black_in_all_channels():
    result = noisy("masking", 0.3)
    black = result == 0
    assert black[..., 0].mean() == pytest.approx(0.3, abs=0.03)
    assert (black.all(axis=2) == black.any(axis=2)).all()
    assert (result[~black] == 0.5).all()


def test_salt_and_pepper_is_half_white():
    result = noisy("salt-and-pepper", 0.4)[..., 0]
    assert (result == 0).mean() == pytest.approx(0.2, abs=0.03)
    assert (result == 1).mean() == pytest.approx(0.2, abs=0.03)


def test_gaussian_noise_has_the_given_spread():
    assert noisy("gaussian", 0.1).std() == pytest.approx(0.1, abs=0.005)


def test_more_noise_hits_the_same_pixels_and_more():
    some, more = noisy("masking", 0.2) == 0, noisy("masking", 0.5) == 0
    assert (some <= more).all()
    assert more.sum() > some.sum()
