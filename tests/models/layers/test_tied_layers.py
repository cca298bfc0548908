"""Our own layers, compared with NumPy and TensorFlow."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from cadl_gui.models.layers.conv_transpose import ConvTranspose
from cadl_gui.models.layers.mean_subtraction import MeanSubtraction
from cadl_gui.models.layers.tied_dense import TiedDense

pytestmark = pytest.mark.tf


def numbers(*shape):
    return np.random.default_rng(shape).standard_normal(shape).astype(np.float32)


def test_mean_subtraction_is_fixed_and_undone_by_restore():
    layer = MeanSubtraction()
    layer.build((None, 3, 2, 1))
    mean, images = numbers(3, 2, 1), numbers(4, 3, 2, 1)
    layer.mean.assign(mean)
    np.testing.assert_array_equal(layer(images), images - mean)
    np.testing.assert_allclose(layer.inverse(layer(images)), images, atol=1e-6)
    assert layer.trainable_variables == []


def test_tied_dense_multiplies_by_the_transpose_and_adds_its_bias():
    layer = TiedDense(5, use_bias=True)
    layer.build((None, 3))
    bias, kernel, inputs = numbers(5), numbers(5, 3), numbers(4, 3)
    layer.bias.assign(bias)
    np.testing.assert_allclose(layer(inputs, kernel), inputs @ kernel.T + bias, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("side", [1, 2, 5])
def test_tied_conv_transpose_is_the_adjoint_of_the_convolution(stride, side):
    """⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩ for all x and y, also for sizes that the stride does not divide."""
    image, kernel = numbers(2, 7, 10, 3), numbers(side, side, 3, 4)
    convolved = tf.nn.conv2d(image, kernel, strides=stride, padding="SAME")
    other = numbers(*convolved.shape)
    layer = ConvTranspose((7, 10, 3), stride=stride)
    layer.build(convolved.shape)
    transposed = layer(other, kernel)
    assert transposed.shape == image.shape
    assert np.vdot(convolved, other) == pytest.approx(np.vdot(image, transposed), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(
    "layer",
    [
        MeanSubtraction(name="mean"),
        TiedDense(5, use_bias=True, name="dense"),
        ConvTranspose((7, 10, 3), stride=2, use_bias=True, name="conv"),
        ConvTranspose((7, 10, 3), stride=2, kernel_size=3, kernel_initializer="he_normal", name="free"),
    ],
)
def test_a_layer_survives_its_configuration(layer):
    """Keras recreates it from its registered name and configuration."""
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()
