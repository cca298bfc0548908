"""Kernels as images, with each weight at its place."""

import numpy as np
import pytest

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.limits import largest, limit_of, limits_of
from cadl_gui.imaging.weights.weight_images import weight_images


def made(kind, input_shape, output_shape, kernel_size=1, fill=None):
    layer = LayerSpec(
        name="layer", kind=kind, input_shape=input_shape, output_shape=output_shape, kernel_size=kernel_size
    )
    kernel = np.random.default_rng(2).normal(size=layer.kernel_shape).astype(np.float32)
    if fill is not None:
        kernel[:] = fill
    return LayerWeights(layer, kernel, None)


def test_a_column_of_a_dense_layer_is_the_image_that_it_looks_at():
    """Lecture: `W_arr[:, col_i].reshape((28, 28))`."""
    weights = made("dense", (28, 28, 1), (10,))
    tiles = weight_images(weights).tiles()
    assert tiles.shape == (1, 10, 28, 28)
    for column in range(10):
        np.testing.assert_array_equal(tiles[0, column], weights.kernel[:, column].reshape(28, 28))


def test_maps_that_a_unit_looks_at_lie_side_by_side():
    weights = made("dense", (2, 3, 6), (4,))
    images = weight_images(weights)
    tiles, column = images.tiles(), weights.kernel[:, 1].reshape(2, 3, 6)
    assert tiles.shape == (1, 4, 4, 9)
    np.testing.assert_array_equal(images.tile(0, 1), tiles[0, 1])
    for channel in range(6):
        row, place = divmod(channel, 3)
        tile = tiles[0, 1, 2 * row : 2 * row + 2, 3 * place : 3 * place + 3]
        np.testing.assert_array_equal(tile, column[..., channel])
    assert "6 maps of 2×3" in images.about


def test_a_row_of_a_dense_layer_that_gives_an_image_is_what_a_unit_paints():
    weights = made("dense", (5,), (3, 4, 1))
    images = weight_images(weights)
    assert images.paints
    assert images.n_units == 5
    np.testing.assert_array_equal(images.tiles()[0, 2], weights.kernel[2].reshape(3, 4))


def test_inputs_without_a_place_are_laid_out_row_by_row_and_it_is_said():
    weights = made("dense", (12,), (2,))
    images = weight_images(weights)
    np.testing.assert_array_equal(images.tiles()[0, 1], weights.kernel[:, 1].reshape(3, 4))
    assert not images.is_spatial
    assert "no position in an image" in images.about
    assert not images.is_empty().any()


def test_a_prime_number_of_inputs_leaves_the_last_cells_of_a_square_empty():
    weights = made("dense", (13,), (2,))
    images = weight_images(weights)
    tile = images.tiles()[0, 0].reshape(-1)
    np.testing.assert_array_equal(tile[:13], weights.kernel[:, 0])
    np.testing.assert_array_equal(images.is_empty().reshape(-1), np.arange(16) >= 13)


@pytest.mark.parametrize("kind", ["convolution", "transposed convolution"])
def test_kernels_go_from_input_channel_to_output_channel(kind):
    weights = made(kind, (8, 8, 3), (8, 8, 5), kernel_size=4)
    tiles = weight_images(weights).tiles()
    assert tiles.shape == (3, 5, 4, 4)
    kernel = weights.kernel if kind == "convolution" else weights.kernel.transpose(0, 1, 3, 2)
    for source in range(3):
        for target in range(5):
            np.testing.assert_array_equal(tiles[source, target], kernel[:, :, source, target])


def test_norms_belong_to_each_image():
    weights = made("convolution", (8, 8, 3), (8, 8, 5), kernel_size=2)
    images = weight_images(weights)
    kernel = weights.kernel[:, :, 1, 4]
    assert images.norms()[1, 4] == pytest.approx(np.linalg.norm(kernel))


def test_weights_that_are_no_numbers_count_for_no_limit():
    weights = made("dense", (2, 2, 1), (2,), fill=[[1, np.nan], [-3, np.inf], [2, -np.inf], [0, 5]])
    images = weight_images(weights)
    np.testing.assert_array_equal(limits_of(images, "unit", []), [[3, 5]])
    assert np.isinf(images.norms()[0, 1])


def test_a_range_is_shared_by_a_unit_a_layer_or_the_model():
    weights = made("convolution", (8, 8, 2), (8, 8, 2), kernel_size=1, fill=[[[[1, 2], [3, 4]]]])
    other = made("dense", (2,), (2,), fill=-9)
    images = weight_images(weights)
    np.testing.assert_array_equal(limits_of(images, "unit", []), [[3, 4], [3, 4]])
    np.testing.assert_array_equal(limits_of(images, "layer", []), np.full((2, 2), 4))
    np.testing.assert_array_equal(limits_of(images, "model", [weights, other]), np.full((2, 2), 9))


def test_the_limit_is_below_one_weight_in_a_hundred_and_those_that_are_zero_do_not_count():
    for n, limit in ((1, 1), (100, 100), (101, 100), (1000, 991)):
        weights = np.random.default_rng(0).permutation(np.arange(1.0, n + 1))
        weights[::2] *= -1
        assert limit_of(weights.reshape(-1, 1)) == limit
        assert limit_of(np.concatenate([np.zeros(9999), weights, [-np.inf, np.nan]])) == limit
    assert limit_of(np.zeros(3)) == 0


def test_the_largest_and_the_limit_of_nothing_finite_are_zero():
    assert largest(np.array([np.nan, np.inf])) == limit_of(np.array([np.nan, -np.inf])) == 0


def test_a_pixel_says_what_it_belongs_to():
    """Like the weight at this pixel."""
    weights = made("dense", (2, 3, 6), (4,))
    images = weight_images(weights)
    assert images.place_text(4, 3) == "map 4 · x 1, y 1"
    assert images.tiles()[0, 2, 3, 4] == weights.kernel[:, 2].reshape(2, 3, 6)[1, 1, 4]
    assert weight_images(made("dense", (28, 28, 1), (2,))).place_text(4, 3) == "x 4, y 3"
    assert weight_images(made("dense", (12,), (2,))).place_text(2, 1) == "input 6"


@pytest.mark.parametrize(
    ("kind", "shapes", "paints"),
    [
        ("dense", ((2, 4, 3), (5,)), False),
        ("dense", ((5,), (2, 4, 3)), True),
        ("convolution", ((8, 8, 3), (4, 4, 5)), False),
        ("transposed convolution", ((4, 4, 5), (8, 8, 3)), True),
    ],
)
def test_in_colour_each_unit_has_one_image_of_red_green_and_blue(kind, shapes, paints):
    """Its three values at each pixel are the weights there, whatever the layer."""
    weights = made(kind, *shapes, kernel_size=2)
    images = weight_images(weights, in_colour=True)
    unit, kernel = 3, weights.kernel
    if kind == "dense":
        wanted = (kernel[unit] if paints else kernel[:, unit]).reshape(2, 4, 3)
    else:
        wanted = kernel[..., unit]
    assert images.paints is paints
    assert images.is_colour
    assert (images.n_inputs, images.n_units) == (1, 5)
    np.testing.assert_array_equal(images.tile(0, unit), wanted)
    np.testing.assert_array_equal(images.tiles()[0, unit], wanted)
    assert images.place_text(1, 0) == "x 1, y 0"
    assert "in colour" in images.about
    assert not images.is_empty().any()
