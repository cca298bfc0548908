"""The lecture's montage of kernels, compared with the lecture's own code."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.colour_map import colour_map
from cadl_gui.imaging.weights.lecture_montage import (
    KernelPixel,
    kernel_pixel,
    lowest_and_highest,
    montage_filters,
    stretched,
)


def as_the_lecture_does(kernel):
    """`libs.utils.montage_filters`, rewritten: reshape, then paste into a canvas of 0.5."""
    flat = np.reshape(kernel, (kernel.shape[0], kernel.shape[1], 1, kernel.shape[2] * kernel.shape[3]))
    n = int(np.ceil(np.sqrt(flat.shape[-1])))
    canvas = np.ones((flat.shape[0] * n + n + 1, flat.shape[1] * n + n + 1)) * 0.5
    for i in range(n):
        for j in range(n):
            if i * n + j < flat.shape[-1]:
                rows = slice(1 + i + i * flat.shape[0], 1 + i + (i + 1) * flat.shape[0])
                columns = slice(1 + j + j * flat.shape[1], 1 + j + (j + 1) * flat.shape[1])
                canvas[rows, columns] = flat[:, :, 0, i * n + j]
    return canvas


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4), st.integers(1, 6), st.integers(0, 99))
def test_montage_of_kernels_is_the_lecture_s_to_the_pixel(height, width, inputs, outputs, seed):
    kernel = np.random.default_rng(seed).normal(size=(height, width, inputs, outputs)).astype(np.float32)
    np.testing.assert_array_equal(montage_filters(kernel), as_the_lecture_does(kernel).astype(np.float32))


def test_32_kernels_lie_on_a_square_of_36():
    assert montage_filters(np.zeros((5, 5, 1, 32), np.float32)).shape == (6 * 6 + 1, 6 * 6 + 1)
    side = math.ceil(math.sqrt(32 * 64))
    assert montage_filters(np.zeros((5, 5, 32, 64), np.float32)).shape == (6 * side + 1, 6 * side + 1)


@pytest.mark.parametrize("kind", ["convolution", "transposed convolution"])
def test_every_pixel_is_reported_or_a_gap(kind):
    layer = LayerSpec(name="a", kind=kind, input_shape=(9, 9, 3), output_shape=(9, 9, 4), kernel_size=2)
    kernel = 1 + np.arange(2 * 2 * 3 * 4, dtype=np.float32).reshape(layer.kernel_shape)
    canvas = montage_filters(kernel)
    by_channels = kernel if kind == "convolution" else kernel.swapaxes(2, 3)
    found = []
    for y, x in np.ndindex(*canvas.shape):
        pixel = kernel_pixel(layer, x, y)
        if pixel is None:
            assert canvas[y, x] == 0.5
            continue
        assert canvas[y, x] == by_channels[pixel.y, pixel.x, pixel.source, pixel.unit]
        found.append(pixel)
    assert len(set(found)) == kernel.size
    assert KernelPixel(source=2, unit=3, x=1, y=0) in found


def test_colours_are_stretched_from_the_smallest_to_the_largest():
    values = np.array([[-1.0, 0.0, 3.0]], np.float32)
    spec = colour_map("coolwarm")
    painted = stretched(values, "coolwarm")
    np.testing.assert_array_equal(painted[0, 0], spec[0])
    np.testing.assert_array_equal(painted[0, 1], spec[64])
    np.testing.assert_array_equal(painted[0, 2], spec[256])


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_what_has_no_range_is_one_colour(value):
    painted = stretched(np.full((2, 2), value, np.float32), "grey")
    assert (painted == painted[0, 0]).all()


def test_the_range_is_that_of_finite_numbers():
    assert lowest_and_highest(np.array([-np.inf, 2, -1, np.nan], np.float32)) == (-1, 2)
    assert np.isnan(lowest_and_highest(np.array([np.nan], np.float32))).all()
