"""One layer of a spec: its linear map, then batch normalisation, activation and dropout, in this order."""

import numpy as np
import pytest
import tensorflow as tf

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.models.layers.block import Block

pytestmark = pytest.mark.tf

KEY = tf.constant([1, 2])
DENSE = {"kind": "dense", "input_shape": (6,), "output_shape": (5,)}
CONVOLUTION = {
    "kind": "convolution",
    "input_shape": (5, 7, 2),
    "output_shape": (3, 4, 3),
    "kernel_size": 3,
    "stride": 2,
}


def block(**about):
    made = Block(LayerSpec(name="layer", **about), seed=1, initial_stddev=0.5)
    made.build((None, *made.spec.input_shape))
    return made


def inputs_for(made, n=20):
    return np.random.default_rng(3).standard_normal((n, *made.spec.input_shape)).astype(np.float32)


def normalised(values, gamma, beta):
    """Normalised by the mean and variance of the batch; in a convolution, over all positions of a channel."""
    axes = tuple(range(values.ndim - 1))
    spread = np.sqrt(values.var(axes) + 1e-3)
    return gamma * (values - values.mean(axes)) / spread + beta


@pytest.mark.parametrize("about", [DENSE, CONVOLUTION], ids=["dense", "convolution"])
def test_batches_are_normalised_by_themselves_in_training(about):
    made = block(**about, batch_normalisation=True, use_bias=False, activation="tanh")
    inputs = inputs_for(made)
    n = about["output_shape"][-1]
    gamma, beta = np.linspace(0.5, 2, n), np.linspace(-1, 1, n)
    made.batch_normalisation.gamma.assign(gamma)
    made.batch_normalisation.beta.assign(beta)
    linear = np.asarray(made.linear(inputs))
    expected = np.tanh(normalised(linear, gamma, beta))
    np.testing.assert_allclose(made(inputs, training=True), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("about", [DENSE, CONVOLUTION], ids=["dense", "convolution"])
def test_otherwise_the_running_statistics_normalise(about):
    """They move by a tenth in each training batch, and are unchanged otherwise."""
    made = block(**about, batch_normalisation=True, use_bias=False)
    inputs = inputs_for(made)
    linear = np.asarray(made.linear(inputs))
    axes = tuple(range(linear.ndim - 1))
    made(inputs, training=True)
    statistics = made.batch_normalisation
    np.testing.assert_allclose(statistics.moving_mean, 0.1 * linear.mean(axes), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(statistics.moving_variance, 0.9 + 0.1 * linear.var(axes), rtol=1e-3)
    mean, variance = statistics.moving_mean.numpy(), statistics.moving_variance.numpy()
    expected = (linear - mean) / np.sqrt(variance + 1e-3)
    np.testing.assert_allclose(made(inputs), expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(statistics.moving_mean, mean)


def test_units_are_left_out_in_training_only_and_as_the_key_says():
    made = block(**DENSE, dropout=0.4, activation="sigmoid")
    inputs = inputs_for(made, 400)
    whole = made(inputs).numpy()
    dropped = made(inputs, training=True, key=KEY).numpy()
    left_out = dropped == 0
    assert left_out.mean() == pytest.approx(0.4, abs=0.05)
    np.testing.assert_allclose(dropped[~left_out], whole[~left_out] / 0.6, rtol=1e-5)
    np.testing.assert_array_equal(made(inputs, training=True, key=KEY), dropped)
    assert not np.array_equal(made(inputs, training=True, key=KEY + 1), dropped)


def test_a_dense_layer_flattens_what_comes_and_gives_the_shape_of_its_table():
    made = block(kind="dense", input_shape=(2, 3, 1), output_shape=(4, 2, 1), use_bias=False)
    inputs = inputs_for(made)
    expected = (inputs.reshape(-1, 6) @ made.kernel.numpy()).reshape(-1, 4, 2, 1)
    np.testing.assert_allclose(made(inputs), expected, rtol=1e-4, atol=1e-5)


def test_a_tied_layer_uses_the_kernel_that_it_is_given():
    made = block(kind="dense", input_shape=(5,), output_shape=(2, 3, 1), tied_to="encoder_1")
    inputs, kernel = inputs_for(made), np.random.default_rng(1).random((6, 5), np.float32)
    expected = (inputs @ kernel.T).reshape(-1, 2, 3, 1)
    np.testing.assert_allclose(made(inputs, kernel=kernel), expected, rtol=1e-4, atol=1e-5)
    assert [tuple(v.shape) for v in made.trainable_variables] == [(6,)]


def test_logits_are_what_comes_before_the_activation():
    made = block(**DENSE, activation="sigmoid")
    inputs = inputs_for(made)
    np.testing.assert_allclose(
        made(inputs), 1 / (1 + np.exp(-made.pre_activation(inputs).numpy())), rtol=1e-5, atol=1e-6
    )
