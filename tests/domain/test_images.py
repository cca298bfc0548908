"""Montages put each pixel at the right place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.images import grid_shape, montage, to_uint8


@given(st.integers(0, 5000))
def test_the_grid_is_the_squarest(n):
    rows, columns = grid_shape(n)
    assert rows * columns >= n
    assert 0 <= columns - rows <= 1 or n == 0
    assert (rows - 1) * columns < n or n == 0


@given(
    st.integers(1, 12), st.integers(1, 5), st.integers(1, 5), st.sampled_from([1, 3]), st.integers(0, 2),
    st.one_of(st.none(), st.integers(1, 5)),
)  # fmt: skip
def test_every_pixel_is_where_it_belongs(n, height, width, channels, gap, columns):
    images = np.arange(1, n * height * width * channels + 1, dtype=np.float32)
    images = images.reshape(n, height, width, channels)
    canvas = montage(images, columns=columns, gap_px=gap)
    across = columns or grid_shape(n)[1]
    for i in range(n):
        top, left = i // across * (height + gap), i % across * (width + gap)
        np.testing.assert_array_equal(canvas[top : top + height, left : left + width], images[i])
    assert canvas.sum(dtype=np.float64) == images.sum(dtype=np.float64)  # gaps and unused tiles are 0


def test_a_montage_needs_images_with_channels():
    with pytest.raises(ValueError, match=r"shape=\(3, 28, 28\)"):
        montage(np.zeros((3, 28, 28)))


def test_bytes_are_rounded_and_clipped():
    values = np.array([-1, 0, 0.5, 1, 2, np.nan, np.inf, 1 / 255 * 0.49], np.float32)
    assert to_uint8(values).tolist() == [0, 0, 128, 255, 255, 0, 255, 0]
