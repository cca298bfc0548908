"""Networks match their specs, and compute what NumPy computes from their weights."""

import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from oracles import latents_of, outputs_of
from strategies import configs, image_shapes

from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.inference.activations import layer_activations
from cadl_gui.models import Classifier, build

pytestmark = pytest.mark.tf


def images_of(shape, n=3):
    return np.random.default_rng(7).random((n, *shape), np.float32)


def scatter_weights(network):
    """Assign distinct values to all variables, including running statistics."""
    random = np.random.default_rng(5)
    for variable in network.variables:
        variable.assign(random.uniform(0.1, 0.4, variable.shape) * random.choice([-1, 1], variable.shape))
        if "variance" in variable.path:
            variable.assign(np.abs(variable.numpy()))


def assert_built_as_the_table_says(network):
    spec = network.spec
    blocks = [*network.encoder_layers, *network.decoder_layers]
    assert [block.spec for block in blocks] == [*spec.encoder, *spec.decoder]
    for block in (*blocks, *filter(None, [network.z_log_var_layer])):
        assert sum(math.prod(v.shape) for v in block.trainable_variables) == block.spec.n_parameters
    for block in network.layers_with_kernels:
        assert tuple(block.kernel.shape) == block.spec.kernel_shape
    assert sum(math.prod(v.shape) for v in network.trainable_variables) == spec.n_parameters
    assert len({variable.path for variable in network.variables}) == len(network.variables)


@settings(max_examples=40)
@given(configs(), image_shapes)
def test_any_network_is_built_as_its_table_says_and_computes_as_numpy(config, shape):
    network = build(config, shape, 10)
    assert_built_as_the_table_says(network)
    scatter_weights(network)
    images = images_of(shape)
    given = layer_activations(network, images)
    expected = {layer.name: (3, *layer.output_shape) for layer in network.spec.layers}
    assert [(name, tuple(values.shape)) for name, values in given.items()] == list(expected.items())
    if isinstance(network, Classifier):
        np.testing.assert_allclose(network.logits(images), latents_of(network, images), rtol=1e-3, atol=1e-4)
        return
    latents = latents_of(network, images)
    np.testing.assert_allclose(network.encode(images), latents, rtol=1e-3, atol=1e-4)
    outputs = outputs_of(network, latents) + network.mean_subtraction.mean.numpy()
    np.testing.assert_allclose(network.decode(latents), np.clip(outputs, 0, 1), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_built_as_their_tables_say(name):
    network = build(preset(name).config, (28, 28, 1), 10)
    assert_built_as_the_table_says(network)
    images = images_of((28, 28, 1), 2)
    assert network(images).shape == ((2, 10) if isinstance(network, Classifier) else (2, 28, 28, 1))


@pytest.mark.parametrize("name", PRESETS)
def test_images_of_any_size_and_colour_fit_every_preset(name):
    network = build(preset(name).config, (13, 18, 3), 4)
    images = images_of((13, 18, 3), 2)
    assert network(images).shape == ((2, 4) if isinstance(network, Classifier) else images.shape)


def test_same_seed_gives_the_same_first_weights_whatever_the_other_layers_draw():
    """Each layer has its own seed, distinct from all others."""
    config = preset("conv-vae").config
    first, again = build(config, (9, 9, 1), 0), build(config, (9, 9, 1), 0)
    for mine, theirs in zip(first.variables, again.variables, strict=True):
        np.testing.assert_array_equal(mine.value, theirs.value)
    twins = first.encoder_layers[-1].kernel.numpy(), first.z_log_var_layer.kernel.numpy()
    assert not np.array_equal(*twins)


@pytest.mark.parametrize(("initializer", "variance"), [("glorot", 2 / (784 + 300)), ("he", 2 / 784)])
def test_first_weights_have_the_spread_of_their_initializer(initializer, variance):
    """Glorot and Bengio 2010; He et al. 2015."""
    config = preset("autoencoder").config.replace(layers=(300,), initializer=initializer)
    values = build(config, (28, 28, 1), 0).encoder_layers[0].kernel.numpy()
    assert values.mean() == pytest.approx(0, abs=4 * np.sqrt(variance / values.size))
    assert values.var() == pytest.approx(variance, rel=0.02)


def test_a_free_decoder_learns_kernels_of_its_own():
    """Changing the encoder's kernels has no effect on it, and it has its own gradient."""
    config = preset("conv-autoencoder").config.replace(
        tied=False, layers=(4, 3), kernel_sizes=(4, 3), strides=(2, 2)
    )
    network = build(config, (7, 9, 1), 0)
    latents = np.ones((2, network.latent_dim), np.float32)
    before = network.decode(latents).numpy()
    for layer in network.encoder_layers:
        layer.kernel.assign(layer.kernel.value * 3)
    np.testing.assert_array_equal(network.decode(latents), before)
    with tf.GradientTape() as tape:
        loss = network.compute_metrics(images_of((7, 9, 1)), None, tf.constant([1, 0]), training=True)["loss"]
    kernels = [layer.kernel.value for layer in network.decoder_layers]
    assert all(np.any(gradient.numpy()) for gradient in tape.gradient(loss, kernels))
