"""The autoencoder is the lecture's: NumPy and TensorFlow's own operations are the oracles."""

import numpy as np
import pytest
import tensorflow as tf

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.presets import preset
from cadl_gui.models import build

pytestmark = pytest.mark.tf


MNIST = (28, 28, 1)
CONVOLUTIONAL = {"convolutional": True, "layers": (5, 3), "kernel_sizes": (4, 3), "strides": (2, 2)}


def pictures_of(shape, n=6):
    return np.random.default_rng(7).random((n, *shape), np.float32)


def kernels_of(model):
    return [layer.kernel.value.numpy() for layer in model.encoder_layers]


def test_lecture_autoencoder_has_the_lectures_weights():
    model = build(preset("lecture-autoencoder").configuration, MNIST)
    assert sum(np.prod(v.shape) for v in model.trainable_variables) == (
        784 * 512 + 512 * 256 + 256 * 128 + 128 * 64
    )


def test_lecture_conv_autoencoder_has_the_lectures_weights():
    model = build(preset("lecture-conv-autoencoder").configuration, MNIST)
    assert sum(np.prod(v.shape) for v in model.trainable_variables) == 4 * 4 * 1 * 16 + 2 * 4 * 4 * 16 * 16


def test_dense_forward_pass_equals_numpy():
    """ReLU of matrix products, there and back with the transposes, on mean-subtracted pictures."""
    model = build(Configuration(preset="test", layers=(9, 5), initial_stddev=0.3), (4, 3, 2))
    mean = pictures_of((4, 3, 2))[0]
    model.mean_subtraction.mean.assign(mean)
    pictures = pictures_of((4, 3, 2))
    first, second = kernels_of(model)

    centred = (pictures - mean).reshape(-1, 24)
    code = np.maximum(np.maximum(centred @ first, 0) @ second, 0)
    decoded = np.maximum(np.maximum(code @ second.T, 0) @ first.T, 0)
    unclipped = decoded.reshape(-1, 4, 3, 2) + mean

    np.testing.assert_allclose(model.encode(pictures), code, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(model.reconstruct_unclipped(pictures), unclipped, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(model(pictures), np.clip(unclipped, 0, 1), rtol=1e-4, atol=1e-6)
    assert float(model.training_loss(pictures)) == pytest.approx(np.mean((decoded - centred) ** 2), rel=1e-5)


def test_convolutional_forward_pass_equals_the_lectures_operations():
    """`conv2d` and `conv2d_transpose` with the same kernels and SAME padding, as the notebook writes them."""
    model = build(preset("lecture-conv-autoencoder").configuration.replace(initial_stddev=0.2), MNIST)
    pictures = pictures_of(MNIST)
    hidden = tf.constant(pictures)
    shapes = []
    for kernel in kernels_of(model):
        shapes.append(hidden.shape)
        hidden = tf.nn.relu(tf.nn.conv2d(hidden, kernel, strides=[1, 2, 2, 1], padding="SAME"))
    np.testing.assert_allclose(
        model.encode(pictures), tf.reshape(hidden, (len(pictures), -1)), rtol=1e-4, atol=1e-5
    )
    for kernel, shape in zip(reversed(kernels_of(model)), reversed(shapes), strict=True):
        hidden = tf.nn.relu(
            tf.nn.conv2d_transpose(hidden, kernel, shape, strides=[1, 2, 2, 1], padding="SAME")
        )
    np.testing.assert_allclose(model.reconstruct_unclipped(pictures), hidden, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("shape", [(28, 28, 1), (7, 9, 3), (5, 1, 2), (13, 8, 1)])
@pytest.mark.parametrize("architecture", [{"layers": (6, 4)}, CONVOLUTIONAL])
def test_every_picture_shape_comes_back_in_range(shape, architecture):
    """Odd sizes, too, survive two strides of 2."""
    model = build(Configuration(preset="test", use_bias=True, initial_stddev=1.0, **architecture), shape)
    pictures = pictures_of(shape)
    codes = model.encode(pictures)
    assert codes.shape == (len(pictures), model.n_code)
    decoded = model.decode(codes).numpy()
    assert decoded.shape == pictures.shape
    assert decoded.min() >= 0
    assert decoded.max() <= 1


def test_decoder_follows_the_encoders_weights():
    """Tied: changing an encoder's kernel changes how a given code is decoded."""
    model = build(Configuration(preset="test", layers=(8, 4), initial_stddev=0.5), (4, 4, 1))
    codes = np.ones((1, 4), np.float32)
    before = model.decode(codes).numpy()
    kernel = model.encoder_layers[0].kernel
    kernel.assign(kernel.value * 0.5)
    after = model.decode(codes).numpy()
    assert before.max() > 0
    assert not np.array_equal(before, after)


def test_gradient_reaches_a_kernel_through_both_of_its_uses():
    """The tied kernel's gradient is the sum of encoder's and decoder's: checked by finite differences."""
    model = build(Configuration(preset="test", layers=(3,), initial_stddev=0.5, seed=3), (2, 2, 1))
    pictures = pictures_of((2, 2, 1))
    kernel = model.encoder_layers[0].kernel
    with tf.GradientTape() as tape:
        loss = model.training_loss(pictures)
    gradient = tape.gradient(loss, [kernel.value])[0].numpy()
    original, epsilon = kernel.value.numpy(), 1e-2
    for index in np.ndindex(original.shape):
        losses = []
        for sign in (1, -1):
            moved = original.copy()
            moved[index] += sign * epsilon
            kernel.assign(moved)
            losses.append(float(model.training_loss(pictures)))
        assert gradient[index] == pytest.approx((losses[0] - losses[1]) / (2 * epsilon), abs=2e-3)


def test_activations_are_those_of_the_configuration():
    """A linear output may leave [0, 1] before it is clipped, a ReLU output may not fall below the mean."""
    linear = Configuration(preset="test", layers=(5,), output_activation="linear", initial_stddev=1.0)
    pictures = pictures_of((4, 4, 1))
    assert build(linear, (4, 4, 1)).reconstruct_unclipped(pictures).numpy().min() < 0
    relu = linear.replace(output_activation="relu")
    assert build(relu, (4, 4, 1)).reconstruct_unclipped(pictures).numpy().min() >= 0


@pytest.mark.parametrize("name", ["lecture-autoencoder", "lecture-conv-autoencoder"])
def test_initial_kernels_are_normal_and_follow_the_seed(name):
    """N(0, 0.02), untruncated as in the lecture; another seed, and another layer, draws other numbers."""
    configuration = preset(name).configuration
    first, same = build(configuration, MNIST), build(configuration, MNIST)
    other = build(configuration.replace(seed=2), MNIST)
    for mine, twin, foreign in zip(kernels_of(first), kernels_of(same), kernels_of(other), strict=True):
        np.testing.assert_array_equal(mine, twin)
        assert not np.array_equal(mine, foreign)
    values = np.concatenate([kernel.ravel() for kernel in kernels_of(first)]) / 0.02
    assert abs(values.mean()) < 4 / np.sqrt(len(values))
    assert values.std() == pytest.approx(1, abs=4 / np.sqrt(len(values)))
    assert np.abs(values).max() > 2.5
    assert not np.array_equal(values[:100], kernels_of(first)[1].ravel()[:100] / 0.02)
