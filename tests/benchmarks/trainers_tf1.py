"""The presets' networks in the lecture's style: a graph, placeholders, and a `feed_dict` for every step.

Its code, with `tf` now `tensorflow.compat.v1`. The variational autoencoder is written in the same style. From
most seeds, the convolutional classifier hardly learns anything, since `log(p + 1e-12)` loses its gradient;
this does not affect its speed.
"""

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow.compat.v1 as tf
from plain_training import Trainer, TrainingData, over_epochs, require_same_size, training_data

from cadl_gui.domain.configuration import RunConfig


@contextlib.contextmanager
def lecture(config: RunConfig) -> Iterator[Trainer]:
    """A session that takes one step per call."""
    data = training_data(config)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, math.prod(data.image_shape)])
        y = tf.placeholder(tf.float32, [None, data.n_classes])
        cost = _cost(config, data, x, y)
        optimizer = tf.train.AdamOptimizer(config.training.learning_rate).minimize(cost)
        n_parameters = sum(math.prod(variable.shape) for variable in tf.trainable_variables())
        require_same_size(n_parameters, config, data)
        session.run(tf.global_variables_initializer())
        batches = _batches(data, config.training.batch_size)

        def step() -> None:
            batch_xs, batch_ys = next(batches)
            feed_dict = {x: batch_xs, y: batch_ys} if config.model.is_classifier else {x: batch_xs}
            session.run(optimizer, feed_dict=feed_dict)

        yield over_epochs(step, config, data)


def _batches(data: TrainingData, batch_size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """`ds.train.next_batch()`, epoch after epoch: flat images minus the mean image, and one-hot labels."""
    images = data.images.reshape(len(data.images), -1)
    one_hot = np.eye(data.n_classes, dtype=np.float32)[data.labels]
    mean_img = data.mean.reshape(-1)
    random = np.random.default_rng(1)
    while True:
        order = random.permutation(len(images))
        for first in range(0, len(order) - batch_size + 1, batch_size):
            which = order[first : first + batch_size]
            yield images[which] - mean_img, one_hot[which]


def _cost(config: RunConfig, data: TrainingData, x: Any, y: Any) -> Any:
    if config.model.is_classifier:
        y_pred = _classifier(config, data, x)
        return -tf.reduce_sum(y * tf.log(y_pred + 1e-12))
    if config.model.is_variational:
        return _negative_bound(config, x)
    autoencoder = _conv_autoencoder if config.model.convolutional else _autoencoder
    recon = autoencoder(config, data, x)
    return tf.reduce_mean(tf.reduce_mean(tf.squared_difference(x, recon), 1))


def _autoencoder(config: RunConfig, _: TrainingData, x: Any) -> Any:
    current_input, ws = x, []
    for layer_i, n_output in enumerate(config.model.layers):
        with tf.variable_scope(f"encoder/layer/{layer_i}"):
            w = _kernel([int(current_input.shape[1]), n_output], 0.02)
            current_input = tf.nn.relu(tf.matmul(current_input, w))
            ws.append(w)
    for w in ws[::-1]:
        current_input = tf.nn.relu(tf.matmul(current_input, tf.transpose(w)))
    return current_input


def _conv_autoencoder(config: RunConfig, data: TrainingData, x: Any) -> Any:
    current_input, ws, shapes = tf.reshape(x, [-1, *data.image_shape]), [], []
    for layer_i, (n_output, side, stride) in enumerate(
        zip(config.model.layers, config.model.kernel_sizes, config.model.strides, strict=True)
    ):
        with tf.variable_scope(f"encoder/layer/{layer_i}"):
            shapes.append((current_input.get_shape().as_list(), stride))
            w = _kernel([side, side, int(current_input.shape[3]), n_output], 0.02)
            h = tf.nn.conv2d(current_input, w, strides=[1, stride, stride, 1], padding="SAME")
            current_input = tf.nn.relu(h)
            ws.append(w)
    for w, (shape, stride) in zip(ws[::-1], shapes[::-1], strict=True):
        h = tf.nn.conv2d_transpose(
            current_input,
            w,
            tf.stack([tf.shape(x)[0], *shape[1:]]),
            strides=[1, stride, stride, 1],
            padding="SAME",
        )
        current_input = tf.nn.relu(h)
    return tf.reshape(current_input, [-1, int(x.shape[1])])


def _classifier(config: RunConfig, data: TrainingData, x: Any) -> Any:
    if not config.model.convolutional:
        return _linear(x, data.n_classes, tf.nn.softmax, "layer1")
    h = tf.reshape(x, [-1, *data.image_shape])
    for layer_i, (n_output, side, stride) in enumerate(
        zip(config.model.layers, config.model.kernel_sizes, config.model.strides, strict=True)
    ):
        with tf.variable_scope(f"conv_{layer_i}"):
            w = _kernel([side, side, int(h.shape[3]), n_output], 1.0)
            b = tf.get_variable("b", [n_output], initializer=tf.constant_initializer(), use_resource=False)
            h = tf.nn.conv2d(h, w, strides=[1, stride, stride, 1], padding="SAME")
            h = tf.nn.relu(tf.nn.bias_add(h, b))
    h = tf.reshape(h, [-1, math.prod(h.shape[1:])])
    h = _linear(h, config.model.n_hidden, tf.nn.relu, "fc_1")
    return _linear(h, data.n_classes, tf.nn.softmax, "fc_2")


def _negative_bound(config: RunConfig, x: Any) -> Any:
    h = x
    for layer_i, n_output in enumerate(config.model.layers):
        h = _linear(h, n_output, tf.nn.relu, f"encoder/{layer_i}")
    z_mean = _linear(h, config.model.latent_dim, tf.identity, "z_mean")
    z_log_var = _linear(h, config.model.latent_dim, tf.identity, "z_log_var")
    h = z_mean + tf.exp(0.5 * z_log_var) * tf.random_normal(tf.shape(z_mean))
    for layer_i, n_output in enumerate(reversed(config.model.layers)):
        h = _linear(h, n_output, tf.nn.relu, f"decoder/{layer_i}")
    logits = _linear(h, int(x.shape[1]), tf.identity, "reconstruction")
    loss_x = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), 1)
    loss_z = -0.5 * tf.reduce_sum(1.0 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var), 1)
    return tf.reduce_mean(loss_x + loss_z)


def _kernel(shape: list[int], stddev: float) -> Any:
    """A TensorFlow 1 variable, initialised as in the lecture."""
    initializer = tf.random_normal_initializer(mean=0.0, stddev=stddev)
    return tf.get_variable("W", shape, initializer=initializer, use_resource=False)


def _linear(x: Any, n_output: int, activation: Any, name: str) -> Any:
    """The course's `utils.linear`."""
    with tf.variable_scope(name):
        initializer = tf.glorot_uniform_initializer()
        w = tf.get_variable("W", [int(x.shape[1]), n_output], initializer=initializer, use_resource=False)
        b = tf.get_variable("b", [n_output], initializer=tf.constant_initializer(), use_resource=False)
        return activation(tf.nn.bias_add(tf.matmul(x, w), b))
