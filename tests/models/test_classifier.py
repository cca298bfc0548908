"""Cross-entropy, accuracy and probabilities, compared with NumPy, also where naive formulas overflow."""

import numpy as np
import pytest
import tensorflow as tf
from oracles import latents_of

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.models import build
from cadl_gui.models.augmentation import augment
from cadl_gui.models.randomness import RngStream, fold_in

pytestmark = pytest.mark.tf

SHAPE = (8, 7, 1)
KEY = tf.constant([3, 9])
SOFTMAX = RunConfig.of(preset="test", model="classifier", layers=(), use_bias=True)
DENSE = SOFTMAX.replace(layers=(9,), initial_stddev=0.5)
CONVOLUTIONAL = SOFTMAX.replace(
    convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 1), n_hidden=6, initial_stddev=0.5
)


def images_of(n=12):
    return np.random.default_rng(7).random((n, *SHAPE), np.float32)


LABELS = np.arange(12) % 5


def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@pytest.mark.parametrize("config", [SOFTMAX, DENSE, CONVOLUTIONAL], ids=["softmax", "dense", "conv"])
@pytest.mark.parametrize("subtract_mean", [True, False])
def test_loss_accuracy_and_probabilities_equal_numpy(config, subtract_mean):
    network = build(config.replace(subtract_mean=subtract_mean), SHAPE, 5)
    images = images_of()
    if subtract_mean:
        network.mean_subtraction.mean.assign(images.mean(axis=0))
    logs = log_softmax(latents_of(network, images))
    measured = network.compute_metrics(images, LABELS, KEY, training=False)
    assert tuple(measured) == network.metric_names
    np.testing.assert_allclose(measured["loss"], -logs[np.arange(12), LABELS], rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(measured["accuracy"], logs.argmax(axis=1) == LABELS)
    np.testing.assert_allclose(network(images), np.exp(logs), rtol=1e-3, atol=1e-6)


def test_huge_logits_cost_their_difference_and_have_a_gradient():
    """The lecture's log(p + 1e-12) would be limited to 27.6 nats, without a gradient."""
    network = build(SOFTMAX, SHAPE, 5)
    network.encoder_layers[-1].linear.bias.assign([3e4, 0, 0, 0, 0])
    with tf.GradientTape() as tape:
        loss = network.compute_metrics(images_of(), np.full(12, 2), KEY, training=True)["loss"]
    np.testing.assert_allclose(loss, 3e4, rtol=1e-3)
    (gradient,) = tape.gradient(loss, [network.encoder_layers[-1].linear.bias.value])
    np.testing.assert_allclose(gradient, [12, 0, -12, 0, 0], atol=1e-4)
    assert np.isfinite(network(images_of())).all()


def test_training_images_are_redrawn_and_others_are_not():
    """The augmented loss is the plain loss of the images that were augmented with the key."""
    plain, redrawing = (build(DENSE.replace(augmentation=amount), SHAPE, 5) for amount in (0.0, 0.7))
    images = images_of()
    redrawn = augment(tf.constant(images), fold_in(KEY, RngStream.AUGMENTATION), 0.7)
    expected = plain.compute_metrics(redrawn, LABELS, KEY, training=True)["loss"]
    in_training = redrawing.compute_metrics(tf.constant(images), LABELS, KEY, training=True)["loss"]
    np.testing.assert_allclose(in_training, expected, rtol=1e-4, atol=1e-5)
    evaluated = redrawing.compute_metrics(tf.constant(images), LABELS, KEY, training=False)["loss"]
    np.testing.assert_allclose(
        evaluated, plain.compute_metrics(images, LABELS, KEY, training=False)["loss"], rtol=1e-5
    )


@pytest.mark.parametrize("n_classes", [0, 1])
def test_what_has_no_two_labels_cannot_be_classified(n_classes):
    with pytest.raises(ConfigurationError, match="at least two different labels") as refused:
        build(SOFTMAX, SHAPE, n_classes)
    assert refused.value.field == "model"
