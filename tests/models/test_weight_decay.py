"""Weight decay shrinks kernels, and nothing else."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (6, 5, 1)
CONVOLUTIONAL = RunConfig.of(
    preset="test",
    convolutional=True,
    layers=(4, 3),
    kernel_sizes=(3, 2),
    strides=(2, 1),
    n_hidden=5,
    use_bias=True,
    batch_normalisation=True,
    learning_rate=0.1,
    weight_decay=0.5,
)
CONFIGURATIONS = {
    "classifier": CONVOLUTIONAL.replace(model="classifier"),
    "tied autoencoder": CONVOLUTIONAL,
    "free vae": CONVOLUTIONAL.replace(
        tied=False, variational=True, latent_dim=2, output_activation="sigmoid", batch_normalisation=False
    ),
}


def scattered(network):
    """A network with all weights between 1 and 2."""
    for variable in network.trainable_variables:
        variable.assign(np.random.default_rng(2).uniform(1, 2, variable.shape))
    return network


def step_without_gradient(network):
    """The factor by which each weight is multiplied, by path."""
    before = [variable.numpy() for variable in network.trainable_variables]
    gradients = [tf.zeros(variable.shape) for variable in network.trainable_variables]
    network.optimizer.apply(gradients, network.trainable_variables)
    after = [variable.numpy() for variable in network.trainable_variables]
    paths = [variable.path for variable in network.trainable_variables]
    return {path: b / a for path, a, b in zip(paths, before, after, strict=True)}


def assert_only_kernels_shrink(network, factor):
    kernels = {layer.kernel.path for layer in network.layers_with_kernels}
    factors = step_without_gradient(network)
    assert kernels < set(factors)
    for path, ratio in factors.items():
        np.testing.assert_allclose(ratio, factor if path in kernels else 1, rtol=1e-6, err_msg=path)


@pytest.mark.parametrize("config", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_kernels_shrink_by_rate_times_decay(config):
    """Decoupled (Loshchilov and Hutter 2019): without a gradient, a step multiplies by (1 - 0.1 · 0.5)."""
    assert_only_kernels_shrink(scattered(build(config, SHAPE, 3)), 1 - 0.1 * 0.5)


def test_the_rate_of_the_step_counts_not_the_configurations():
    network = scattered(build(CONFIGURATIONS["classifier"], SHAPE, 3))
    network.optimizer.learning_rate.assign(0.02)
    assert_only_kernels_shrink(network, 1 - 0.02 * 0.5)


def test_without_weight_decay_nothing_shrinks():
    config = CONFIGURATIONS["classifier"].replace(weight_decay=0.0)
    assert_only_kernels_shrink(scattered(build(config, SHAPE, 3)), 1)


def test_a_network_that_plain_keras_opened_decays_in_the_same_way(tmp_path):
    """Keras does not save which variables are excluded."""
    scattered(build(CONFIGURATIONS["classifier"], SHAPE, 3)).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_only_kernels_shrink(loaded, 1 - 0.1 * 0.5)
