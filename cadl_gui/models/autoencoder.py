"""The lecture's autoencoders: dense or convolutional, with a decoder that mirrors the encoder."""

import math
from collections.abc import Mapping
from typing import Any, Self

import keras
import numpy as np
from keras import ops

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.run import PictureShape
from cadl_gui.models.layers.mean_subtraction import MeanSubtraction
from cadl_gui.models.layers.tied_conv_transpose import TiedConvTranspose
from cadl_gui.models.layers.tied_dense import TiedDense


@keras.saving.register_keras_serializable(package="cadl_gui")
class Autoencoder(keras.Model):
    """Encodes pictures into a few numbers and decodes them with the same weights, transposed.

    Lecture, *Fully Connected Model* and *Convolutional Autoencoder*. Every layer's kernel is drawn from
    N(0, `initial_stddev`) with a seed of its own, derived from the configuration's, so that one configuration
    always gives the same weights. Takes and gives (batch, height, width, channels) float32 in [0, 1].

    Args:
        configuration: what to build.
        picture_shape: (height, width, channels).

    Attributes:
        configuration: what it was built from.
        picture_shape: (height, width, channels).
        code_shape: shape of one code before it is flattened: (n,), or (rows, columns, filters).
        mean_subtraction: holds the mean picture; zero until one is assigned.
    """

    def __init__(self, configuration: Configuration, picture_shape: PictureShape) -> None:
        super().__init__(name="autoencoder")
        self.configuration = configuration
        self.picture_shape = picture_shape
        self.mean_subtraction = MeanSubtraction(name="mean_subtraction")
        shapes = layer_shapes(configuration, picture_shape)
        self.code_shape = shapes[-1]
        if configuration.convolutional:
            self.encoder_layers, self.decoder_layers = _convolutions(configuration, shapes)
        else:
            self.encoder_layers, self.decoder_layers = _dense(configuration, shapes)
        self.build((None, *picture_shape))

    @property
    def n_code(self) -> int:
        """How many numbers a code has."""
        return math.prod(self.code_shape)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create every variable, so that the model can be saved and loaded before it has seen a picture."""
        shapes = layer_shapes(self.configuration, self.picture_shape)
        self.mean_subtraction.build(input_shape)
        for layer, shape in zip(self.encoder_layers, shapes[:-1], strict=True):
            layer.build((None, *shape))
        for layer, shape in zip(self.decoder_layers, reversed(shapes[1:]), strict=True):
            layer.build((None, *shape))

    def encode(self, pictures: Any) -> Any:
        """Codes of pictures in [0, 1], (batch, n_code) float32."""
        return self._encode_centred(self.mean_subtraction(pictures))

    def decode(self, codes: Any) -> Any:
        """Pictures of codes (batch, n_code), clipped to [0, 1] for the eye."""
        return ops.clip(self.mean_subtraction.restore(self._decode_centred(codes)), 0.0, 1.0)

    def call(self, pictures: Any) -> Any:
        """Reconstructions of pictures in [0, 1], clipped to [0, 1] for the eye."""
        return self.decode(self.encode(pictures))

    def reconstruct_unclipped(self, pictures: Any) -> Any:
        """Reconstructions as the loss sees them: real numbers, around [0, 1]."""
        return self.mean_subtraction.restore(self._decode_centred(self.encode(pictures)))

    def training_loss(self, pictures: Any) -> Any:
        """The lecture's cost: squared difference from the centred pictures, mean over pixels, then pictures.

        Args:
            pictures: (batch, height, width, channels) float32 in [0, 1].

        Returns:
            A scalar, float32.
        """
        centred = self.mean_subtraction(pictures)
        difference = self._decode_centred(self._encode_centred(centred)) - centred
        return ops.mean(ops.mean(ops.square(difference), axis=(1, 2, 3)))

    def get_config(self) -> dict[str, Any]:
        """What `from_config` needs: the configuration and the shape of a picture."""
        return {"configuration": self.configuration.to_json(), "picture_shape": list(self.picture_shape)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Build the network that `get_config` describes.

        Raises:
            ConfigurationError: if the configuration is not a valid one.
        """
        height, width, channels = config["picture_shape"]
        return cls(Configuration.from_json(config["configuration"]), (height, width, channels))

    def _encode_centred(self, centred: Any) -> Any:
        hidden = centred if self.configuration.convolutional else _flatten(centred)
        for layer in self.encoder_layers:
            hidden = layer(hidden)
        return _flatten(hidden)

    def _decode_centred(self, codes: Any) -> Any:
        hidden = ops.reshape(codes, (-1, *self.code_shape))
        for layer, encoder_layer in zip(self.decoder_layers, reversed(self.encoder_layers), strict=True):
            hidden = layer(hidden, ops.convert_to_tensor(encoder_layer.kernel))
        return ops.reshape(hidden, (-1, *self.picture_shape))


def layer_shapes(configuration: Configuration, picture_shape: PictureShape) -> list[tuple[int, ...]]:
    """Shape of one picture on its way through the encoder: before the first layer and after each.

    Dense layers see (n,), convolutions (rows, columns, channels).
    """
    if not configuration.convolutional:
        return [(math.prod(picture_shape),), *((units,) for units in configuration.layers)]
    shapes: list[tuple[int, ...]] = [picture_shape]
    for filters, stride in zip(configuration.layers, configuration.strides, strict=True):
        rows, columns, _ = shapes[-1]
        shapes.append((math.ceil(rows / stride), math.ceil(columns / stride), filters))
    return shapes


def n_activations(configuration: Configuration, picture_shape: PictureShape) -> int:
    """How many numbers one picture becomes on its way through encoder and decoder, itself included."""
    return 2 * sum(math.prod(shape) for shape in layer_shapes(configuration, picture_shape))


def _dense(
    configuration: Configuration, shapes: list[tuple[int, ...]]
) -> tuple[list[keras.layers.Layer], list[keras.layers.Layer]]:
    encoder = [
        keras.layers.Dense(
            units,
            activation=configuration.activation,
            use_bias=configuration.use_bias,
            kernel_initializer=_initializer(configuration, i),
            name=f"encoder_{i + 1}",
        )
        for i, units in enumerate(configuration.layers)
    ]
    decoder = [
        TiedDense(shape[0], activation=activation, use_bias=configuration.use_bias, name=f"decoder_{i + 1}")
        for i, (shape, activation) in enumerate(
            zip(reversed(shapes[:-1]), _decoder_activations(configuration), strict=True)
        )
    ]
    return encoder, decoder


def _convolutions(
    configuration: Configuration, shapes: list[tuple[int, ...]]
) -> tuple[list[keras.layers.Layer], list[keras.layers.Layer]]:
    sizes = zip(configuration.layers, configuration.kernel_sizes, configuration.strides, strict=True)
    encoder = [
        keras.layers.Conv2D(
            filters,
            side,
            strides=stride,
            padding="same",
            activation=configuration.activation,
            use_bias=configuration.use_bias,
            kernel_initializer=_initializer(configuration, i),
            name=f"encoder_{i + 1}",
        )
        for i, (filters, side, stride) in enumerate(sizes)
    ]
    mirrored = zip(
        reversed(shapes[:-1]),
        reversed(configuration.strides),
        _decoder_activations(configuration),
        strict=True,
    )
    decoder = [
        TiedConvTranspose(
            shape,
            stride=stride,
            activation=activation,
            use_bias=configuration.use_bias,
            name=f"decoder_{i + 1}",
        )
        for i, (shape, stride, activation) in enumerate(mirrored)
    ]
    return encoder, decoder


def _decoder_activations(configuration: Configuration) -> list[str]:
    return [configuration.activation] * (len(configuration.layers) - 1) + [configuration.output_activation]


def _initializer(configuration: Configuration, layer: int) -> keras.initializers.Initializer:
    seed = int(np.random.SeedSequence((configuration.seed, layer)).generate_state(1)[0] >> 1)
    return keras.initializers.RandomNormal(0.0, configuration.initial_stddev, seed=seed)


def _flatten(hidden: Any) -> Any:
    return ops.reshape(hidden, (-1, math.prod(hidden.shape[1:])))
