"""The lecture's rule: constant or random kernels are a bad sign."""

import numpy as np
import pytest

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.reading import Look, read
from cadl_gui.imaging.weights.weight_images import weight_images


def reading(kernels):
    """The reading of kernels (side, side, in, out)."""
    side, _, inputs, units = kernels.shape
    layer = LayerSpec(
        name="layer",
        kind="convolution",
        input_shape=(9, 9, inputs),
        output_shape=(9, 9, units),
        kernel_size=side,
    )
    return read(weight_images(LayerWeights(layer, kernels.astype(np.float32), None)))


def dense(columns, input_shape):
    layer = LayerSpec(name="layer", kind="dense", input_shape=input_shape, output_shape=(columns.shape[1],))
    return read(weight_images(LayerWeights(layer, columns.astype(np.float32), None)))


def stack(*kernels):
    return np.stack(kernels, axis=-1)[:, :, np.newaxis]


EDGE = np.sign(np.arange(5) - 2)[np.newaxis, :] + np.zeros((5, 1))
BLOB = np.exp(-(np.add.outer((np.arange(5) - 2) ** 2, (np.arange(5) - 2) ** 2)) / 2)
BOARD = (-1.0) ** np.add.outer(np.arange(5), np.arange(5))


def test_edges_blobs_and_chequers_are_patterns():
    found = reading(stack(EDGE, BLOB - BLOB.mean(), BOARD))
    assert [found.look(tile) for tile in range(3)] == [Look.PATTERN] * 3
    assert found.message() == ""


def test_a_kernel_without_variation_is_constant_whatever_its_sign():
    found = reading(stack(EDGE, np.full((5, 5), 0.3), -1 + 0.05 * EDGE, np.zeros((5, 5)), BOARD, BLOB * EDGE))
    assert [found.look(tile) for tile in range(1, 4)] == [Look.CONSTANT] * 3
    assert found.message() == "Of 6, 3 are nearly constant."


@pytest.mark.parametrize(
    ("n_constant", "n", "message"),
    [
        (1, 24, "Of 24, 1 is nearly constant."),
        (2, 24, "Of 24, 2 are nearly constant."),
        (3, 3, "All 3 are nearly constant: a sign that this layer has learned little."),
        (1, 1, "It is nearly constant: a sign that this layer has learned little."),
    ],
)
def test_message_about_one_kernel_is_in_the_singular(n_constant, n, message):
    """It said that one of 24 “are nearly constant”."""
    found = reading(stack(*[np.full((5, 5), 0.3)] * n_constant, *[EDGE] * (n - n_constant)))
    assert found.message() == message


@pytest.mark.parametrize(("side", "share"), [(4, 0), (5, 0.95), (9, 0.95)])
def test_random_kernels_look_like_noise_unless_they_are_too_small_to_tell(side, share, rng):
    found = reading(rng.normal(size=(side, side, 20, 20)))
    noisy = (found.looks == Look.NOISE.value).mean()
    assert noisy == pytest.approx(share, abs=0.04)
    says = "look like noise: a sign that this layer has learned little."
    assert found.message().endswith(says) is (share > 0)


def test_columns_of_a_dense_layer_are_judged_as_the_images_that_they_are(rng):
    smooth = np.cumsum(np.cumsum(rng.normal(size=(28, 28)), axis=0), axis=1)
    columns = np.stack([rng.normal(size=784), (smooth - smooth.mean()).reshape(-1)], axis=1)
    found = dense(columns, (28, 28, 1))
    assert (found.look(0), found.look(1)) == (Look.NOISE, Look.PATTERN)


def test_inputs_without_a_place_are_never_noise(rng):
    assert (dense(rng.normal(size=(64, 30)), (64,)).looks == Look.PATTERN.value).all()


def test_small_kernels_are_never_noise(rng):
    assert Look.NOISE.value not in reading(rng.normal(size=(3, 3, 10, 10))).looks


def test_a_single_weight_does_not_count_as_constant():
    assert reading(np.ones((1, 1, 2, 2))).message() == ""


def test_weights_that_are_no_numbers_are_reported_before_all_else():
    broken = EDGE.copy()
    broken[0, 0] = np.nan
    found = reading(stack(broken, np.ones((5, 5))))
    assert (found.look(0), found.look(1)) == (Look.NOT_FINITE, Look.CONSTANT)
    assert found.message() == "1 of 2 holds weights that are not finite numbers (pink)."
