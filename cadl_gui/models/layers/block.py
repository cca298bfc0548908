"""A Keras layer built from a `LayerSpec`."""

import math
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from cadl_gui.domain.layer_arithmetic import BATCH_NORMALISATION_EPSILON
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.models.layers.conv_transpose import ConvTranspose
from cadl_gui.models.layers.tied_dense import TiedDense
from cadl_gui.models.randomness import dropout

_BATCH_NORMALISATION_MOMENTUM = 0.9
"""Momentum of the moving averages: an epoch of MNIST has a few hundred batches, not thousands."""

_LINEAR = "linear"
"""Name of the linear sublayer of every kind; weight paths in saved files contain it."""


class Block(keras.layers.Layer):
    """A linear map, followed by batch normalisation, activation and dropout where the spec includes them.

    Each kernel has its own seed, so that a configuration always gives the same initial weights.

    Input: (batch, *spec.input_shape) float32. Output: (batch, *spec.output_shape) float32.

    Args:
        spec: specification of the layer.
        seed: seed of the initial kernel.
        initial_stddev: standard deviation of the initial kernel, for the `normal` initializer.
    """

    def __init__(self, spec: LayerSpec, *, seed: int, initial_stddev: float) -> None:
        super().__init__(name=spec.name)
        self.spec = spec
        self.linear = _linear(spec, _initializer(spec, seed, initial_stddev))
        self.batch_normalisation = (
            keras.layers.BatchNormalization(
                momentum=_BATCH_NORMALISATION_MOMENTUM,
                epsilon=BATCH_NORMALISATION_EPSILON,
                # Replicas that share a batch normalise by the statistics of all of it, as one would.
                synchronized=tf.distribute.get_strategy().num_replicas_in_sync > 1,
                name="batch_normalisation",
            )
            if spec.batch_normalisation
            else None
        )
        self.activation = keras.activations.get(spec.activation)

    @property
    def kernel(self) -> Any:
        """The layer's own kernel; a tied layer has none."""
        return self.linear.kernel

    def build(self, input_shape: tuple[int | None, ...]) -> None:  # noqa: ARG002 - Keras's signature
        """Create all variables."""
        shape = self.spec.input_shape
        self.linear.build((None, math.prod(shape)) if self.spec.kind == "dense" else (None, *shape))
        if self.batch_normalisation is not None:
            self.batch_normalisation.build((None, *self._normalised_shape))

    def call(self, inputs: Any, *, kernel: Any = None, training: bool = False, key: Any = None) -> Any:
        """Output of the layer, after activation and dropout.

        Args:
            inputs: (batch, *spec.input_shape) float32.
            kernel: kernel of the layer that this layer is tied to; None if it is not tied.
            training: whether dropout is active and batch normalisation uses the statistics of the batch.
            key: (2,) int32, selects the units that dropout omits; required only with dropout.

        Returns:
            (batch, *spec.output_shape) float32.
        """
        outputs = self.activation(self.pre_activation(inputs, kernel=kernel, training=training))
        if not training or self.spec.dropout == 0.0:
            return outputs
        return dropout(outputs, key, self.spec.dropout)

    def pre_activation(self, inputs: Any, *, kernel: Any = None, training: bool = False) -> Any:
        """Output before the activation function; see `call` for the arguments."""
        if self.spec.kind == "dense":
            inputs = ops.reshape(inputs, (-1, math.prod(self.spec.input_shape)))
        outputs = (
            self.linear(inputs) if kernel is None else self.linear(inputs, ops.convert_to_tensor(kernel))
        )
        outputs = ops.cast(outputs, "float32")  # a training on a GPU may compute the linear map in bfloat16
        if self.batch_normalisation is not None:
            outputs = self.batch_normalisation(outputs, training=training)
        return ops.reshape(outputs, (-1, *self.spec.output_shape))

    @property
    def _normalised_shape(self) -> tuple[int, ...]:
        shape = self.spec.output_shape
        return (math.prod(shape),) if self.spec.kind == "dense" else shape


def _linear(spec: LayerSpec, initializer: keras.initializers.Initializer) -> keras.layers.Layer:
    match spec.kind, bool(spec.tied_to):
        case "dense", False:
            return keras.layers.Dense(
                math.prod(spec.output_shape),
                use_bias=spec.use_bias,
                kernel_initializer=initializer,
                name=_LINEAR,
            )
        case "dense", True:
            return TiedDense(math.prod(spec.output_shape), use_bias=spec.use_bias, name=_LINEAR)
        case "convolution", _:
            return keras.layers.Conv2D(
                spec.output_shape[-1],
                spec.kernel_size,
                strides=spec.stride,
                padding="same",
                use_bias=spec.use_bias,
                kernel_initializer=initializer,
                name=_LINEAR,
            )
    return ConvTranspose(
        spec.output_shape,
        stride=spec.stride,
        use_bias=spec.use_bias,
        kernel_size=None if spec.tied_to else spec.kernel_size,
        kernel_initializer=initializer,
        name=_LINEAR,
    )


def _initializer(spec: LayerSpec, seed: int, initial_stddev: float) -> keras.initializers.Initializer:
    match spec.initializer:
        case "normal":
            return keras.initializers.RandomNormal(0.0, initial_stddev, seed=seed)
        case "he":
            return keras.initializers.HeNormal(seed=seed)
    return keras.initializers.GlorotUniform(seed=seed)
