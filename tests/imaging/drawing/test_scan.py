"""Ink is extracted from paper, from a blackboard and from plain images."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.imaging.drawing.ink import rasterised
from cadl_gui.imaging.drawing.normalisation import normalise
from cadl_gui.imaging.drawing.resampling import resized
from cadl_gui.imaging.drawing.scan import ink_of

_CORNERS = (Point(0.2, 0.2), Point(0.7, 0.2), Point(0.4, 0.8))


@pytest.fixture
def seven():
    """A 7, (200, 200) in [0, 1]."""
    return rasterised(Drawing((Stroke(_CORNERS, 0.08),)), 200)


def photograph(ink, *, on_paper, noise, seed=0):
    """Ink on a surface that is lit from one corner, (300, 400, 3) uint8."""
    canvas = np.zeros((300, 400), np.float32)
    canvas[60:260, 120:320] = ink
    light = 0.45 + 0.4 * np.linspace(0, 1, 400) * np.linspace(1, 0.4, 300)[:, np.newaxis]
    grey = light * (1 - 0.7 * canvas) if on_paper else 0.3 * light + (0.9 - 0.3 * light) * canvas
    grey = grey + np.random.default_rng(seed).normal(0, noise, grey.shape)
    return np.repeat((np.clip(grey, 0, 1) * 255).astype(np.uint8)[..., np.newaxis], 3, axis=2)


@given(st.integers(3, 40), st.integers(3, 40))
def test_bright_ink_on_black_and_its_negative_are_the_same_exactly(height, width):
    image = np.zeros((height, width), np.uint8)
    inner = image[1:-1, 1:-1]
    inner[...] = np.random.default_rng(height * 41 + width).integers(0, 256, inner.shape)
    inner[0, 0], inner[-1, -1] = 0, 255
    expected = image.astype(np.float32) / 255
    np.testing.assert_allclose(ink_of(image), expected, atol=1e-6)
    np.testing.assert_allclose(ink_of(255 - image), expected, atol=1e-6)


def cropped(ink):
    """The part of an image with ink, whose 7 then touches all four edges."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("height", [8, 20, 64, 200])
def test_a_digit_that_touches_the_edges_of_its_image_is_that_image_exactly(seven, height):
    """Datasets and screenshots have no margin, and a digit of 8×8 pixels fills a third of them."""
    image = np.rint(255 * resized(cropped(seven), height, height * 5 // 6)).astype(np.uint8)
    expected = image.astype(np.float32) / 255
    np.testing.assert_allclose(ink_of(image), expected, atol=1e-6)
    np.testing.assert_allclose(ink_of(255 - image), expected, atol=1e-6)


def test_thin_strokes_are_found_however_faint_a_small_image_makes_them():
    ink = cropped(rasterised(Drawing((Stroke(_CORNERS, 0.02),)), 200))
    image = np.rint(255 * resized(ink, 12, 10)).astype(np.uint8)
    assert image[image > 2].mean() < 85
    np.testing.assert_allclose(ink_of(image), image.astype(np.float32) / 255, atol=1e-6)


@pytest.mark.parametrize("edge", [np.s_[-9:], np.s_[:12], np.s_[:, :10], np.s_[:, -15:]])
def test_a_dark_strip_beside_white_paper_is_no_ink(seven, edge):
    image = 255 - np.rint(255 * seven).astype(np.uint8)
    image[edge] = 30
    found = normalise(ink_of(image)).centred
    assert np.abs(found - normalise(seven).centred).mean() < 0.03


def test_the_shadow_on_overexposed_paper_is_no_ink(seven):
    across = np.linspace(1.8, 0.6, 200)
    noise = np.random.default_rng(0).normal(0, 0.02, seven.shape)
    image = (255 * np.clip(across * (1 - 0.8 * seven) + noise, 0, 1)).astype(np.uint8)
    assert (image[:, 0] == 255).all()
    assert np.mean(image == 255) > 0.4
    found = normalise(ink_of(image)).centred
    assert np.abs(found - normalise(seven).centred).mean() < 0.03


@pytest.mark.parametrize("noise", [0.0, 0.02, 0.05])
@pytest.mark.parametrize("on_paper", [True, False])
def test_photographs_are_read_like_the_drawing_itself(seven, on_paper, noise):
    found = normalise(ink_of(photograph(seven, on_paper=on_paper, noise=noise))).centred
    assert np.abs(found - normalise(seven).centred).mean() < 0.03


def test_paper_may_be_darker_in_one_corner_than_ink_in_another(seven):
    """The border alone does not determine whether the ink is dark or light."""
    ink = resized(seven, 300, 300)
    light = np.clip(np.linspace(1.0, -0.6, 300), 0.2, 0.9)
    image = (255 * light * (1 - 0.4 * ink)).astype(np.uint8)
    assert image[ink > 0.9].max() > np.median(image[0])
    found = normalise(ink_of(image)).centred
    assert np.abs(found - normalise(seven).centred).mean() < 0.04


def test_a_pencil_in_dim_light_is_found_once_noise_is_averaged_out(seven):
    grey = 0.3 - 0.1 * resized(seven, 400, 400) + np.random.default_rng(0).normal(0, 0.05, (400, 400))
    found = normalise(ink_of((255 * np.clip(grey, 0, 1)).astype(np.uint8))).centred
    assert np.abs(found - normalise(seven).centred).mean() < 0.05


@pytest.mark.parametrize("edge", [np.s_[-9:], np.s_[:12], np.s_[:, :10], np.s_[:, -15:]])
def test_a_table_beside_the_paper_is_no_ink(seven, edge):
    image = photograph(seven, on_paper=True, noise=0.02)
    empty = photograph(seven * 0, on_paper=True, noise=0.02)
    image[edge], empty[edge] = 30, 30
    found = normalise(ink_of(image)).centred
    assert np.abs(found - normalise(seven).centred).mean() < 0.03
    assert not ink_of(empty).any()


@pytest.mark.parametrize("on_paper", [True, False])
def test_an_empty_sheet_has_no_ink(on_paper):
    blank = np.zeros((200, 200), np.float32)
    assert not ink_of(photograph(blank, on_paper=on_paper, noise=0.03)).any()


@pytest.mark.parametrize("level", [0, 77, 255])
def test_an_even_image_has_no_ink(level):
    assert not ink_of(np.full((30, 20), level, np.uint8)).any()


def test_specks_are_dropped(seven):
    photo = photograph(seven, on_paper=True, noise=0.02)
    clean = ink_of(photo)
    photo[5:9, 5:9] = 0
    assert ink_of(photo)[:10, :10].max() == 0
    np.testing.assert_allclose(ink_of(photo), clean, atol=0.1)


@pytest.mark.parametrize("ink", [0, 255])
def test_ink_on_nothing_is_ink(seven, ink):
    """Drawing programs save black or white ink on a transparent background."""
    image = np.full((200, 200, 4), ink, np.uint8)
    image[..., 3] = np.rint(seven * 255)
    np.testing.assert_allclose(ink_of(image), seven, atol=1 / 255)


def test_large_photographs_are_shrunk(seven):
    photo = photograph(seven, on_paper=True, noise=0.02)[..., :1]
    assert ink_of(photo).shape == (144, 192)


@pytest.mark.parametrize("shape", [(10,), (10, 10, 2), (1, 10, 10, 3)])
def test_scan_that_is_no_image_is_refused(shape):
    with pytest.raises(ValueError, match="Expected"):
        ink_of(np.zeros(shape, np.uint8))


def test_tiny_photographs_are_no_trouble():
    noise = np.random.default_rng(0).integers(100, 200, (3, 5), dtype=np.uint8)
    assert ink_of(noise).shape == (3, 5)
    assert resized(ink_of(noise), 28, 28).max() <= 1
