"""One layer as the table of an architecture describes it."""

import math
from typing import Any

import keras
from keras import ops

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.models.layers.conv_transpose import ConvTranspose
from cadl_gui.models.layers.tied_dense import TiedDense
from cadl_gui.models.randomness import dropout

_BATCH_NORMALISATION_MOMENTUM = 0.9
"""Share of the past in the moving averages: an epoch of MNIST has a few hundred batches, not thousands."""

_LINEAR = "linear"
"""Name of the linear map, whatever its kind; files know weights by such names."""


class Block(keras.layers.Layer):
    """A linear map, then batch normalisation, activation and dropout, as far as its table asks for them.

    Every kernel is drawn with a seed of its own, so that one configuration always gives the same weights.

    Input: (batch, *table.input_shape) float32. Output: (batch, *table.output_shape) float32.

    Args:
        spec: what to build.
        seed: of the first kernel.
        initial_stddev: of a kernel that is drawn from a normal distribution.
    """

    def __init__(self, spec: LayerSpec, *, seed: int, initial_stddev: float) -> None:
        super().__init__(name=spec.name)
        self.spec = spec
        self.linear = _linear(spec, _initializer(spec, seed, initial_stddev))
        self.batch_normalisation = (
            keras.layers.BatchNormalization(
                momentum=_BATCH_NORMALISATION_MOMENTUM, name="batch_normalisation"
            )
            if spec.batch_normalisation
            else None
        )
        self.activation = keras.activations.get(spec.activation)

    @property
    def kernel(self) -> Any:
        """The kernel that it owns; a tied one has none."""
        return self.linear.kernel

    def build(self, input_shape: tuple[int | None, ...]) -> None:  # noqa: ARG002 - Keras's signature
        """Create every variable."""
        shape = self.spec.input_shape
        self.linear.build((None, math.prod(shape)) if self.spec.kind == "dense" else (None, *shape))
        if self.batch_normalisation is not None:
            self.batch_normalisation.build((None, *self._normalised_shape))

    def call(self, inputs: Any, *, kernel: Any = None, training: bool = False, key: Any = None) -> Any:
        """What comes out after dropout.

        Args:
            inputs: see above.
            kernel: of the layer that this one is tied to.
            training: whether batches are normalised by themselves, and units left out.
            key: (2,) int32, decides which units; needed only where there is dropout.
        """
        outputs = self.activation(self.pre_activation(inputs, kernel=kernel, training=training))
        if not training or self.spec.dropout == 0.0:
            return outputs
        return dropout(outputs, key, self.spec.dropout)

    def pre_activation(self, inputs: Any, *, kernel: Any = None, training: bool = False) -> Any:
        """What comes out before the activation."""
        if self.spec.kind == "dense":
            inputs = ops.reshape(inputs, (-1, math.prod(self.spec.input_shape)))
        outputs = (
            self.linear(inputs) if kernel is None else self.linear(inputs, ops.convert_to_tensor(kernel))
        )
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
