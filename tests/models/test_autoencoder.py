"""The autoencoder is the lecture's, compared with NumPy and TensorFlow operations."""

import numpy as np
import pytest
import tensorflow as tf
from oracles import latents_of, outputs_of, squared_error

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.model_config import ACTIVATIONS
from cadl_gui.domain.presets import preset
from cadl_gui.models import build

pytestmark = pytest.mark.tf


MNIST = (28, 28, 1)
CONVOLUTIONAL = {"convolutional": True, "layers": (5, 3), "kernel_sizes": (4, 3), "strides": (2, 2)}


def images_of(shape, n=6):
    return np.random.default_rng(7).random((n, *shape), np.float32)


def kernels_of(model):
    return [layer.kernel.value.numpy() for layer in model.encoder_layers]


def loss_of(model, images):
    """The loss that training minimises."""
    return tf.reduce_mean(model.compute_metrics(images, None, tf.constant([1, 0]), training=True)["loss"])


def test_lecture_autoencoder_has_the_lectures_weights():
    model = build(preset("lecture-autoencoder").config, MNIST, 0)
    assert sum(np.prod(v.shape) for v in model.trainable_variables) == (
        784 * 512 + 512 * 256 + 256 * 128 + 128 * 64
    )


def test_lecture_conv_autoencoder_has_the_lectures_weights():
    model = build(preset("lecture-conv-autoencoder").config, MNIST, 0)
    assert sum(np.prod(v.shape) for v in model.trainable_variables) == 4 * 4 * 1 * 16 + 2 * 4 * 4 * 16 * 16


def test_dense_forward_pass_equals_numpy():
    """ReLU of matrix products, then of those with the transposes, on mean-subtracted images."""
    model = build(RunConfig.of(preset="test", layers=(9, 5), initial_stddev=0.3), (4, 3, 2), 0)
    mean = images_of((4, 3, 2))[0]
    model.mean_subtraction.mean.assign(mean)
    images = images_of((4, 3, 2))
    first, second = kernels_of(model)

    centred = (images - mean).reshape(-1, 24)
    latent = np.maximum(np.maximum(centred @ first, 0) @ second, 0)
    decoded = np.maximum(np.maximum(latent @ second.T, 0) @ first.T, 0)
    unclipped = decoded.reshape(-1, 4, 3, 2) + mean

    np.testing.assert_allclose(model.encode(images), latent, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(model(images), np.clip(unclipped, 0, 1), rtol=1e-4, atol=1e-6)
    assert float(loss_of(model, images)) == pytest.approx(np.mean((decoded - centred) ** 2), rel=1e-5)


@pytest.mark.parametrize("shape", [MNIST, (7, 9, 3)])
def test_convolutional_forward_pass_equals_numpy(shape):
    """Convolutions with a stride of 2, then transposed ones."""
    model = build(preset("lecture-conv-autoencoder").config.replace(initial_stddev=0.2), shape, 0)
    images = images_of(shape)
    latents = latents_of(model, images)
    np.testing.assert_allclose(model.encode(images), latents, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(model(images), np.clip(outputs_of(model, latents), 0, 1), rtol=1e-3, atol=1e-5)
    measured = model.compute_metrics(images, None, tf.constant([1, 0]), training=False)
    np.testing.assert_allclose(measured["loss"], squared_error(model, images), rtol=1e-3)


@pytest.mark.parametrize("shape", [(28, 28, 1), (7, 9, 3), (5, 1, 2), (13, 8, 1)])
@pytest.mark.parametrize("spec", [{"layers": (6, 4)}, CONVOLUTIONAL])
def test_every_image_shape_comes_back_in_range(shape, spec):
    """Odd sizes, too, can be halved twice."""
    model = build(RunConfig.of(preset="test", use_bias=True, initial_stddev=1.0, **spec), shape, 0)
    images = images_of(shape)
    latents = model.encode(images)
    assert latents.shape == (len(images), model.latent_dim)
    decoded = model.decode(latents).numpy()
    assert decoded.shape == images.shape
    assert decoded.min() >= 0
    assert decoded.max() <= 1


def test_decoder_follows_the_encoders_weights():
    """With tied weights, changing an encoder's kernel changes the decoded image."""
    model = build(RunConfig.of(preset="test", layers=(8, 4), initial_stddev=0.5), (4, 4, 1), 0)
    latents = np.ones((1, 4), np.float32)
    before = model.decode(latents).numpy()
    kernel = model.encoder_layers[0].kernel
    kernel.assign(kernel.value * 0.5)
    after = model.decode(latents).numpy()
    assert before.max() > 0
    assert not np.array_equal(before, after)


def test_gradient_reaches_a_kernel_through_both_of_its_uses():
    """The tied kernel's gradient is the sum of encoder's and decoder's, checked by finite differences."""
    model = build(
        RunConfig.of(preset="test", layers=(3,), activation="tanh", initial_stddev=0.5, seed=3), (2, 2, 1), 0
    )
    images = images_of((2, 2, 1))
    kernel = model.encoder_layers[0].kernel
    with tf.GradientTape() as tape:
        loss = loss_of(model, images)
    gradient = tape.gradient(loss, [kernel.value])[0].numpy()
    original, epsilon = kernel.value.numpy(), 1e-2
    for index in np.ndindex(original.shape):
        losses = []
        for sign in (1, -1):
            moved = original.copy()
            moved[index] += sign * epsilon
            kernel.assign(moved)
            losses.append(float(loss_of(model, images)))
        assert gradient[index] == pytest.approx((losses[0] - losses[1]) / (2 * epsilon), abs=2e-3)


def test_every_layer_leaves_out_units_of_its_own():
    """Each layer copies its input, so a pixel passes only if none of the three layers drops its unit."""
    config = RunConfig.of(preset="test", layers=(400, 400), tied=False, dropout=0.5)
    model = build(config, (20, 20, 1), 0)
    for variable in model.trainable_variables:
        variable.assign(np.eye(400))
    ones = np.ones((40, 20, 20, 1), np.float32)
    loss = model.compute_metrics(ones, None, tf.constant([1, 0]), training=True)["loss"]
    assert np.mean(loss) == pytest.approx(7**2 / 8 + 7 / 8, rel=0.1)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations_are_those_of_the_configuration(activation):
    """Those of the hidden layers and of the output, which is clipped for display only."""
    model = build(
        RunConfig.of(
            preset="test",
            layers=(6, 5),
            activation=activation,
            output_activation=activation,
            initial_stddev=1.0,
        ),
        (4, 4, 1),
        0,
    )
    images = images_of((4, 4, 1))
    assert float(loss_of(model, images)) == pytest.approx(squared_error(model, images).mean(), rel=1e-4)
    outputs = outputs_of(model, latents_of(model, images))
    np.testing.assert_allclose(model(images), np.clip(outputs, 0, 1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["lecture-autoencoder", "lecture-conv-autoencoder"])
def test_initial_kernels_are_normal_and_follow_the_seed(name):
    """N(0, 0.02), not truncated, as in the lecture; other seeds and other layers have other numbers."""
    config = preset(name).config
    first, same = build(config, MNIST, 0), build(config, MNIST, 0)
    other = build(config.replace(seed=2), MNIST, 0)
    for mine, twin, foreign in zip(kernels_of(first), kernels_of(same), kernels_of(other), strict=True):
        np.testing.assert_array_equal(mine, twin)
        assert not np.array_equal(mine, foreign)
    values = np.concatenate([kernel.ravel() for kernel in kernels_of(first)]) / 0.02
    assert abs(values.mean()) < 4 / np.sqrt(len(values))
    assert values.std() == pytest.approx(1, abs=4 / np.sqrt(len(values)))
    assert np.abs(values).max() > 2.5
    assert not np.array_equal(values[:100], kernels_of(first)[1].ravel()[:100] / 0.02)
