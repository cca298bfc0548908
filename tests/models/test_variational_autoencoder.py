"""Both losses of the variational autoencoder compared with closed forms, sampling and NumPy."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles import latents_of, outputs_of, z_log_var_of

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.models import build
from cadl_gui.models.corruption import corrupt
from cadl_gui.models.randomness import RngStream, fold_in
from cadl_gui.models.variational_autoencoder import kl_divergence, reparameterize

pytestmark = pytest.mark.tf

SHAPE = (6, 5, 2)
KEY = tf.constant([3, 9])
VAE = RunConfig.of(
    preset="test",
    layers=(12, 7),
    latent_dim=3,
    variational=True,
    tied=False,
    beta=2.5,
    use_bias=True,
    output_activation="sigmoid",
    initial_stddev=0.4,
)
GAUSSIAN = VAE.replace(likelihood="gaussian", output_activation="linear")
CONVOLUTIONAL = VAE.replace(
    convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 2), n_hidden=6
)


def numbers(n=8):
    return hnp.arrays(np.float32, (4, n), elements=st.floats(-3, 3, width=32))


def images_of(n=5):
    return np.random.default_rng(7).random((n, *SHAPE), np.float32)


def network_of(config):
    network = build(config, SHAPE, 0)
    if config.model.subtract_mean:
        network.mean_subtraction.mean.assign(images_of()[0])
    return network


@given(numbers(), numbers())
def test_kl_is_the_textbooks_sum_over_a_diagonal_gaussian(mean, log_var):
    """½ Σ (σ² + μ² - 1 - ln σ²), never negative, zero for the prior itself."""
    variance = np.exp(np.float64(log_var))
    oracle = 0.5 * np.sum(variance + np.float64(mean) ** 2 - 1 - log_var, axis=1)
    divergence = kl_divergence(mean, log_var).numpy()
    np.testing.assert_allclose(divergence, oracle, rtol=1e-4, atol=1e-4)
    assert divergence.min() > -1e-4
    assert not np.any(kl_divergence(np.zeros_like(mean), np.zeros_like(mean)))


def test_kl_is_what_sampling_estimates():
    """Mean of log q(z) - log p(z) over a hundred thousand samples, within four standard errors."""
    random = np.random.default_rng(4)
    mean, log_var = random.normal(size=(1, 2)).astype("f4"), random.normal(size=(1, 2)).astype("f4")
    n = 100_000
    z = reparameterize(np.repeat(mean, n, 0), np.repeat(log_var, n, 0), KEY).numpy().astype(np.float64)
    of_posterior = -0.5 * ((z - mean) ** 2 / np.exp(log_var) + log_var).sum(axis=1)
    of_prior = -0.5 * (z**2).sum(axis=1)
    differences = of_posterior - of_prior
    error = differences.std() / np.sqrt(n)
    assert kl_divergence(mean, log_var).numpy()[0] == pytest.approx(differences.mean(), abs=4 * error)


def test_samples_have_the_mean_and_the_spread_of_their_gaussian_and_follow_the_key():
    mean = np.tile(np.float32([-2, 0, 3]), (50_000, 1))
    log_var = np.tile(np.float32([-4, 0, 1]), (50_000, 1))
    z = reparameterize(mean, log_var, KEY).numpy()
    deviation = np.exp(0.5 * log_var[0])
    np.testing.assert_allclose(z.mean(axis=0), mean[0], atol=0.02 * deviation.max())
    np.testing.assert_allclose(z.std(axis=0), deviation, rtol=0.02)
    np.testing.assert_array_equal(reparameterize(mean, log_var, KEY), z)
    assert not np.array_equal(reparameterize(mean, log_var, KEY + 1), z)


@pytest.mark.parametrize(
    "config", [VAE, CONVOLUTIONAL, VAE.replace(tied=True), VAE.replace(subtract_mean=False)]
)
def test_the_bernoulli_loss_is_cross_entropy_of_the_sampled_latent_plus_beta_times_kl(config):
    network, images = network_of(config), images_of()
    mean, log_var = latents_of(network, images), z_log_var_of(network, images)
    z = reparameterize(np.float32(mean), np.float32(log_var), fold_in(KEY, RngStream.SAMPLING)).numpy()
    p = np.clip(outputs_of(network, z), 1e-12, 1 - 1e-12)
    nats = -(images * np.log(p) + (1 - images) * np.log(1 - p)).sum(axis=(1, 2, 3))
    divergence = 0.5 * np.sum(np.exp(log_var) + mean**2 - 1 - log_var, axis=1)
    measured = network.compute_metrics(images, None, KEY, training=True)
    assert tuple(measured) == network.metric_names
    np.testing.assert_allclose(measured["reconstruction_loss"], nats, rtol=1e-3)
    np.testing.assert_allclose(measured["kl_loss"], divergence, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(measured["loss"], nats + 2.5 * divergence, rtol=1e-3)


def test_the_gaussian_loss_is_the_squared_difference_summed_over_pixels():
    """Variance ½: -log N(x; x̂, ½) = (x - x̂)² + ½ log π, whose constant no weight changes."""
    network, images = network_of(GAUSSIAN), images_of()
    mean, log_var = latents_of(network, images), z_log_var_of(network, images)
    z = reparameterize(np.float32(mean), np.float32(log_var), fold_in(KEY, RngStream.SAMPLING)).numpy()
    centred = images - network.mean_subtraction.mean.numpy()
    squares = ((outputs_of(network, z) - centred) ** 2).sum(axis=(1, 2, 3))
    measured = network.compute_metrics(images, None, KEY, training=True)
    np.testing.assert_allclose(measured["reconstruction_loss"], squares, rtol=1e-3)


def test_what_is_decoded_for_the_eye_are_probabilities_or_restored_images():
    latents = np.random.default_rng(2).normal(size=(4, 3)).astype(np.float32)
    bernoulli = network_of(VAE)
    np.testing.assert_allclose(
        bernoulli.decode(latents), outputs_of(bernoulli, latents), rtol=1e-4, atol=1e-6
    )
    gaussian = network_of(GAUSSIAN)
    restored = outputs_of(gaussian, latents) + gaussian.mean_subtraction.mean.numpy()
    np.testing.assert_allclose(gaussian.decode(latents), np.clip(restored, 0, 1), rtol=1e-4, atol=1e-5)


def test_encoding_gives_the_mean_without_sampling():
    network, images = network_of(VAE), images_of()
    mean, log_var = network.encode_distribution(images)
    np.testing.assert_allclose(mean, latents_of(network, images), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(log_var, z_log_var_of(network, images), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(network.encode(images), mean)
    np.testing.assert_array_equal(network(images), network.decode(mean))


def test_a_huge_logit_costs_what_it_should_and_stays_finite():
    network, images = network_of(VAE), np.round(images_of())
    network.decoder_layers[-1].linear.bias.assign(np.full(SHAPE, 1e4, np.float32).ravel())
    nats = network.compute_metrics(images, None, KEY, training=True)["reconstruction_loss"].numpy()
    np.testing.assert_allclose(nats, 1e4 * (images == 0).sum(axis=(1, 2, 3)), rtol=1e-3)


@pytest.mark.parametrize("config", [VAE, GAUSSIAN])
def test_gradients_reach_every_weight(config):
    network = network_of(config)
    with tf.GradientTape() as tape:
        loss = network.compute_metrics(images_of(), None, KEY, training=True)["loss"]
    gradients = tape.gradient(loss, [variable.value for variable in network.trainable_variables])
    assert all(np.any(gradient.numpy()) for gradient in gradients)


@pytest.mark.parametrize("kind", ["masking", "salt-and-pepper", "gaussian"])
def test_a_denoising_network_is_shown_corrupted_images_and_judged_by_clean_ones(kind):
    """Plain and variational ones."""
    images = images_of()
    seen = corrupt(images, fold_in(KEY, RngStream.CORRUPTION), kind, 0.4).numpy()
    denoising = {"denoising": True, "corruption": kind, "corruption_amount": 0.4}

    plain = network_of(VAE.replace(variational=False, output_activation="linear", **denoising))
    difference = outputs_of(plain, latents_of(plain, seen)) - (images - plain.mean_subtraction.mean.numpy())
    measured = plain.compute_metrics(images, None, KEY, training=True)
    np.testing.assert_allclose(measured["loss"], (difference**2).mean(axis=(1, 2, 3)), rtol=1e-3)

    variational = network_of(VAE.replace(**denoising))
    mean, log_var = latents_of(variational, seen), z_log_var_of(variational, seen)
    z = reparameterize(np.float32(mean), np.float32(log_var), fold_in(KEY, RngStream.SAMPLING)).numpy()
    p = outputs_of(variational, z)
    nats = -(images * np.log(p) + (1 - images) * np.log(1 - p)).sum(axis=(1, 2, 3))
    measured = variational.compute_metrics(images, None, KEY, training=True)
    np.testing.assert_allclose(measured["reconstruction_loss"], nats, rtol=1e-3)
    divergence = 0.5 * np.sum(np.exp(log_var) + mean**2 - 1 - log_var, axis=1)
    np.testing.assert_allclose(measured["kl_loss"], divergence, rtol=1e-3, atol=1e-5)
