"""Activations of all layers equal Keras's."""

import math

import keras
import numpy as np
import pytest

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.requests import ComputeActivations
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH, layer_weights
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (7, 6, 2)
IMAGES = np.random.default_rng(4).random((3, *SHAPE), np.float32)
DENSE = RunConfig.of(preset="test", layers=(8, 5), use_bias=True, initial_stddev=0.4)
CONVOLUTIONAL = DENSE.replace(
    convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 2), n_hidden=6
)
NETWORKS = {
    "dense tied": DENSE,
    "dense free": DENSE.replace(tied=False),
    "convolutional tied": CONVOLUTIONAL,
    "variational": CONVOLUTIONAL.replace(
        latent_dim=2, variational=True, tied=False, output_activation="sigmoid", batch_normalisation=True
    ),
    "only a code": DENSE.replace(layers=(), latent_dim=2, variational=True, output_activation="sigmoid"),
    "classifier": CONVOLUTIONAL.replace(model="classifier", batch_normalisation=True),
    "softmax": DENSE.replace(model="classifier", layers=()),
}


@pytest.fixture(params=NETWORKS)
def followed(request):
    """A network whose variables have all changed, and the activations of its layers."""
    config = NETWORKS[request.param]
    network = build(config, SHAPE, 4)
    random = np.random.default_rng(1)
    for variable in network.variables:
        variable.assign(random.uniform(0.1, 0.5, variable.shape))
    weights = network.weights_by_path
    activations = StatelessNetwork(config.model, SHAPE, 4).respond(
        weights, ComputeActivations("run", None, IMAGES)
    )
    return network, weights, activations


def test_every_layer_gives_its_shape(followed):
    network, _, activations = followed
    assert [a.shape for a in activations] == [(3, *layer.output_shape) for layer in network.spec.layers]


def test_activations_end_in_what_the_network_itself_gives(followed):
    network, _, activations = followed
    if network.spec.decoder:
        latent = activations[len(network.spec.encoder) - 1].reshape(3, -1)
        np.testing.assert_allclose(latent, network.encode(IMAGES), rtol=1e-4, atol=1e-5)
        image = activations[-1] + np.where(network.config.is_bernoulli, 0, network.mean_subtraction.mean)
        np.testing.assert_allclose(np.clip(image, 0, 1), network(IMAGES), rtol=1e-4, atol=1e-5)
    else:
        np.testing.assert_allclose(activations[-1], network.logits(IMAGES), rtol=1e-4, atol=1e-5)


def test_each_is_what_plain_keras_computes_from_the_one_before(followed):
    """With the kernels that the Inspect tab shows."""
    network, weights, activations = followed
    own = layer_weights(network.spec, weights)
    given = dict(zip(own, activations, strict=True))
    centred = IMAGES - weights[MEAN_PATH]
    previous = centred
    for layer in (*network.spec.encoder, *network.spec.decoder):
        if not layer.batch_normalisation:
            outputs = keras_layer(layer, own[layer.name])(previous)
            np.testing.assert_allclose(given[layer.name], outputs, rtol=1e-4, atol=1e-5)
        previous = given[layer.name]
    if network.spec.z_log_var is not None:
        encoder = network.spec.encoder
        hidden = given[encoder[-2].name] if len(encoder) > 1 else centred
        outputs = keras_layer(network.spec.z_log_var, own["z_log_var"])(hidden)
        np.testing.assert_allclose(given["z_log_var"], outputs, rtol=1e-4, atol=1e-5)


def keras_layer(layer, weights):
    """The layer as a function in Keras and NumPy."""
    bias = 0 if weights.bias is None else weights.bias
    activation = keras.activations.get(layer.activation)

    def apply(inputs):
        match layer.kind:
            case "dense":
                outputs = inputs.reshape(len(inputs), math.prod(layer.input_shape)) @ weights.kernel
            case "convolution":
                outputs = keras.ops.conv(inputs, weights.kernel, layer.stride, padding="same")
            case _:
                outputs = transposed(inputs, weights.kernel, layer)
        return np.reshape(activation(np.asarray(outputs) + bias), (-1, *layer.output_shape))

    return apply


def transposed(inputs, kernel, layer):
    """A transposed convolution, as the gradient of the convolution."""
    import tensorflow as tf

    target = tf.Variable(tf.zeros((len(inputs), *layer.output_shape)))
    with tf.GradientTape() as tape:
        outputs = tf.nn.conv2d(target, kernel, layer.stride, "SAME")
    return tape.gradient(outputs, target, output_gradients=tf.constant(inputs))
