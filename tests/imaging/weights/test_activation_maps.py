"""Activations as small images, laid out as large as possible."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.activation_maps import activation_maps, best_columns


def layer(output_shape):
    return LayerSpec(name="layer", kind="convolution", input_shape=(8, 8, 1), output_shape=output_shape)


def test_every_channel_is_a_map():
    values = np.arange(24.0, dtype=np.float32).reshape(2, 3, 4)
    maps = activation_maps(layer((2, 3, 4)), values)
    assert maps.maps.shape == (4, 2, 3)
    for channel in range(4):
        np.testing.assert_array_equal(maps.maps[channel], values[..., channel])
    assert maps.limit == 23


def test_every_dense_unit_is_one_number():
    maps = activation_maps(layer((3,)), np.array([1, -5, np.nan], np.float32))
    assert maps.maps.shape == (3, 1, 1)
    assert maps.limit == 5


@given(
    st.integers(1, 60),
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
    st.tuples(st.floats(10, 900), st.floats(10, 900)),
)
def test_no_other_number_of_columns_shows_tiles_larger(n, tile, room):
    def scale(columns):
        rows = -(-n // columns)
        return min(room[1] / (columns * tile[1]), room[0] / (rows * tile[0]))

    assert scale(best_columns(n, tile, room)) == max(map(scale, range(1, n + 1)))


@pytest.mark.parametrize(
    ("n", "columns"), [(64, 8), (512, 32), (256, 16), (128, 16), (24, 6), (2, 2), (1, 1), (61, 13)]
)
def test_numbers_are_the_squarest_rectangle_unless_they_would_be_tiny(n, columns):
    """64 numbers were eleven by six, with two gaps."""
    assert best_columns(n, (1, 1), (240, 740), is_full=True) == columns
