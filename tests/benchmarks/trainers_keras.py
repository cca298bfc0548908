"""The presets' networks as a user of Keras would write them, trained by `keras.Model.fit`."""

import contextlib
import math
import time
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from plain_training import Trainer, TrainingData, require_same_size, training_data

from cadl_gui.domain.configuration import RunConfig

_CROSS_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def classifier(config: RunConfig, data: TrainingData) -> keras.Model:
    """Softmax regression, or convolutions and two dense layers; outputs logits."""
    network = keras.Sequential([keras.Input(data.image_shape)])
    if config.model.convolutional:
        for n, side, stride in _convolutions(config):
            network.add(layers.Conv2D(n, side, strides=stride, padding="same", activation="relu"))
    network.add(layers.Flatten())
    if config.model.n_hidden:
        network.add(layers.Dense(config.model.n_hidden, activation="relu"))
    network.add(layers.Dense(data.n_classes))
    return network


class TiedAutoencoder(keras.Model):
    """Dense layers, and a decoder with their transposed kernels."""

    def __init__(self, config):
        super().__init__()
        self.encoder = [layers.Dense(n, activation="relu", use_bias=False) for n in config.model.layers]

    def call(self, images):
        """Reconstruct."""
        hidden = ops.reshape(images, (-1, math.prod(images.shape[1:])))
        for layer in self.encoder:
            hidden = layer(hidden)
        for layer in reversed(self.encoder):
            hidden = ops.relu(ops.matmul(hidden, ops.transpose(layer.kernel)))
        return ops.reshape(hidden, (-1, *images.shape[1:]))


class TiedConvAutoencoder(keras.Model):
    """Convolutions, and a decoder with their transposed kernels."""

    def __init__(self, config):
        super().__init__()
        self.encoder = [
            layers.Conv2D(n, side, strides=stride, padding="same", activation="relu", use_bias=False)
            for n, side, stride in _convolutions(config)
        ]

    def call(self, images):
        """Reconstruct."""
        hidden, shapes = images, []
        for layer in self.encoder:
            shapes.append(hidden.shape[1:])
            hidden = layer(hidden)
        for layer, shape in zip(reversed(self.encoder), reversed(shapes), strict=True):
            size = (tf.shape(hidden)[0], *shape)
            hidden = ops.relu(tf.nn.conv2d_transpose(hidden, layer.kernel, size, layer.strides, "SAME"))
        return hidden


class VariationalAutoencoder(keras.Model):
    """A dense variational autoencoder, after the example in Keras's documentation."""

    def __init__(self, config, image_shape):
        super().__init__()
        self.encoder = keras.Sequential(
            [layers.Flatten(), *(layers.Dense(n, activation="relu") for n in config.model.layers)]
        )
        self.z_mean = layers.Dense(config.model.latent_dim)
        self.z_log_var = layers.Dense(config.model.latent_dim)
        self.decoder = keras.Sequential(
            [
                *(layers.Dense(n, activation="relu") for n in reversed(config.model.layers)),
                layers.Dense(math.prod(image_shape), activation="sigmoid"),
                layers.Reshape(image_shape),
            ]
        )
        self.seeds = keras.random.SeedGenerator(config.training.seed)
        self.trackers = [keras.metrics.Mean(name) for name in ("loss", "reconstruction_loss", "kl_loss")]

    @property
    def metrics(self):
        """Metrics that are reset at each epoch."""
        return self.trackers

    def call(self, images):
        """Mean and log-variance of an image's Gaussian, and the reconstruction of a sample."""
        hidden = self.encoder(images)
        z_mean, z_log_var = self.z_mean(hidden), self.z_log_var(hidden)
        noise = keras.random.normal(ops.shape(z_mean), seed=self.seeds)
        return z_mean, z_log_var, self.decoder(z_mean + ops.exp(0.5 * z_log_var) * noise)

    def train_step(self, images):
        """One optimiser step on the negative ELBO."""
        with tf.GradientTape() as tape:
            z_mean, z_log_var, reconstruction = self(images, training=True)
            nats = keras.losses.binary_crossentropy(images, reconstruction)
            reconstruction_loss = ops.mean(ops.sum(nats, axis=(1, 2)))
            divergence = -0.5 * (1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var))
            kl_loss = ops.mean(ops.sum(divergence, axis=1))
            loss = reconstruction_loss + kl_loss
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        for tracker, value in zip(self.trackers, (loss, reconstruction_loss, kl_loss), strict=True):
            tracker.update_state(value)
        return {tracker.name: tracker.result() for tracker in self.trackers}


class Clock(keras.callbacks.Callback):
    """Measures the training itself, without the preparations of `fit`."""

    def on_train_begin(self, logs=None):
        """Start the clock after the preparations."""
        self._began = time.perf_counter()

    def on_train_end(self, logs=None):
        """Stop the clock after the last step."""
        self.seconds = time.perf_counter() - self._began


@contextlib.contextmanager
def fit(config: RunConfig) -> Iterator[Trainer]:
    """Train with `keras.Model.fit` and its defaults, except for the batch size."""
    data = training_data(config)
    network, inputs, targets = _compiled(config, data)
    batch_size, clock = config.training.batch_size, Clock()

    def trained(n: int, epochs: int) -> float:
        y = None if targets is None else targets[:n]
        network.fit(inputs[:n], y, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[clock])
        return n * epochs / clock.seconds

    trained(20 * batch_size, 1)
    require_same_size(sum(math.prod(w.shape) for w in network.trainable_weights), config, data)
    rate = trained(20 * batch_size, 1)

    def run(seconds: float) -> float:
        nonlocal rate
        n_batches = max(1, round(rate * seconds / batch_size))
        epochs = -(-n_batches * batch_size // len(inputs))
        rate = trained(n_batches * batch_size // epochs, epochs)
        return rate

    yield run


def _compiled(config: RunConfig, data: TrainingData) -> tuple[keras.Model, np.ndarray, np.ndarray]:
    """The compiled network, its inputs and its targets."""
    optimizer = keras.optimizers.Adam(config.training.learning_rate)
    if config.model.is_classifier:
        network = classifier(config, data)
        network.compile(optimizer, _CROSS_ENTROPY, metrics=["accuracy"])
        return network, data.images, data.labels
    if config.model.is_variational:
        network = VariationalAutoencoder(config, data.image_shape)
        network.compile(optimizer)
        return network, data.images, None
    network = (TiedConvAutoencoder if config.model.convolutional else TiedAutoencoder)(config)
    network.compile(optimizer, "mse")
    centred = data.images - data.mean
    return network, centred, centred


def _convolutions(config: RunConfig) -> Iterator[tuple[int, int, int]]:
    """Number of kernels, kernel size and stride of each layer."""
    return zip(config.model.layers, config.model.kernel_sizes, config.model.strides, strict=True)
