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
    fitting = _Fitting(config)
    yield fitting.run


@contextlib.contextmanager
def tuned_fit(config: RunConfig) -> Iterator[Trainer]:
    """Train with `keras.Model.fit` and the fastest of some settings of `compile`, which are tried first."""
    fitting = _Fitting(config)
    fastest = max(_SETTINGS, key=fitting.trial)
    fitting.compile(**fastest)
    print(", ".join(f"{name}={value!r}" for name, value in fastest.items()), flush=True)
    yield fitting.run


_SETTINGS = tuple({"steps_per_execution": n, "jit_compile": jit} for n in (10, 30) for jit in ("auto", False))
_TRIAL_BATCHES = 240


class _Fitting:
    """A network, its compilation and its `fit`, on whole batches."""

    def __init__(self, config: RunConfig) -> None:
        self._config = config
        data = training_data(config)
        self._batch_size = config.training.batch_size
        n_images = len(data.images) // self._batch_size * self._batch_size
        self._network, inputs, targets = _built(config, data)
        self._inputs, self._targets = inputs[:n_images], None if targets is None else targets[:n_images]
        self.compile()
        self._fit(self._batch_size, 1)
        n_weights = sum(math.prod(weights.shape) for weights in self._network.trainable_weights)
        require_same_size(n_weights, config, data)

    def compile(self, **settings: object) -> None:
        """Compile the network with Keras's defaults, except for these settings."""
        optimizer = keras.optimizers.Adam(self._config.training.learning_rate)
        if self._config.model.is_classifier:
            self._network.compile(optimizer, _CROSS_ENTROPY, metrics=["accuracy"], **settings)
        elif self._config.model.is_variational:
            self._network.compile(optimizer, **settings)
        else:
            self._network.compile(optimizer, "mse", **settings)

    def run(self, n_epochs: int) -> float:
        """Train, and return the images per second."""
        return self._fit(len(self._inputs), n_epochs)

    def trial(self, settings: dict[str, object]) -> float:
        """Compile with these settings, and return the images per second of a short training."""
        self.compile(**settings)
        n_images = _TRIAL_BATCHES * self._batch_size
        self._fit(n_images, 1)
        return self._fit(n_images, 1)

    def _fit(self, n_images: int, n_epochs: int) -> float:
        clock = Clock()
        targets = None if self._targets is None else self._targets[:n_images]
        self._network.fit(
            self._inputs[:n_images],
            targets,
            batch_size=self._batch_size,
            epochs=n_epochs,
            verbose=0,
            callbacks=[clock],
        )
        return n_images * n_epochs / clock.seconds


def _built(config: RunConfig, data: TrainingData) -> tuple[keras.Model, np.ndarray, np.ndarray | None]:
    """The network, its inputs and its targets."""
    if config.model.is_classifier:
        return classifier(config, data), data.images, data.labels
    if config.model.is_variational:
        return VariationalAutoencoder(config, data.image_shape), data.images, None
    centred = data.images - data.mean
    network = (TiedConvAutoencoder if config.model.convolutional else TiedAutoencoder)(config)
    return network, centred, centred


def _convolutions(config: RunConfig) -> Iterator[tuple[int, int, int]]:
    """Number of kernels, kernel size and stride of each layer."""
    return zip(config.model.layers, config.model.kernel_sizes, config.model.strides, strict=True)
