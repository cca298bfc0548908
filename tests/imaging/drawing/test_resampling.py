"""Resized images keep their content."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.drawing.resampling import box_size, resized

sides = st.integers(1, 40)


def random(height, width):
    return np.random.default_rng(height * 41 + width).random((height, width), np.float32)


@given(sides, sides)
def test_the_same_size_changes_nothing(height, width):
    image = random(height, width)
    np.testing.assert_allclose(resized(image, height, width), image, rtol=1e-6)


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 9), st.integers(1, 9))
def test_whole_fractions_are_plain_means(height, width, down, across):
    image = random(height * down, width * across)
    means = image.reshape(height, down, width, across).mean(axis=(1, 3))
    np.testing.assert_allclose(resized(image, height, width), means, rtol=1e-4)


@given(sides, sides, sides, sides)
def test_shrinking_keeps_the_mean_and_nothing_leaves_the_range(height, width, new_height, new_width):
    image = random(height, width)
    result = resized(image, new_height, new_width)
    assert result.shape == (new_height, new_width)
    assert image.min() - 1e-6 <= result.min() <= result.max() <= image.max() + 1e-6
    if new_height <= height and new_width <= width:
        np.testing.assert_allclose(result.mean(), image.mean(), rtol=1e-4)


def test_enlarging_interpolates():
    ramp = np.array([[0.0, 1.0]], np.float32)
    np.testing.assert_allclose(resized(ramp, 1, 8)[0], [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1])


@given(sides, sides, sides)
def test_a_box_is_filled_by_the_longer_edge(height, width, side):
    size = box_size((height, width), side)
    assert max(size) == side
    assert abs(size[0] * width - size[1] * height) <= max(height, width)
