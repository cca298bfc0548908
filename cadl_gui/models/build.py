"""From a configuration to a network that is ready to train."""

import keras

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import ConfigurationError
from cadl_gui.core.run import PictureShape
from cadl_gui.models.autoencoder import Autoencoder, layer_shapes, n_activations

MAX_PARAMETERS = 200_000_000
"""With Adam's two moments and a gradient, 3.2 GB of float32."""

MAX_BATCH_NUMBERS = 500_000_000
"""Numbers that one step may hold between its layers: 2 GB of float32."""

_ADAM_EPSILON = 1e-8
"""TensorFlow 1's default, which the lecture uses; Keras's is 1e-7."""


def build(configuration: Configuration, picture_shape: PictureShape) -> Autoencoder:
    """Build a network and its optimiser, every variable of both included, so that both can be saved.

    Args:
        configuration: what to build.
        picture_shape: (height, width, channels).

    Returns:
        The untrained network, compiled with Adam.

    Raises:
        ConfigurationError: if it would not fit into memory.
    """
    _check_size(configuration, picture_shape)
    model = Autoencoder(configuration, picture_shape)
    optimizer = keras.optimizers.Adam(configuration.learning_rate, epsilon=_ADAM_EPSILON)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer)
    return model


def _check_size(configuration: Configuration, picture_shape: PictureShape) -> None:
    shapes = layer_shapes(configuration, picture_shape)
    sides = configuration.kernel_sizes if configuration.convolutional else (1,) * len(configuration.layers)
    n_parameters = sum(
        side**2 * before[-1] * after[-1]
        for side, before, after in zip(sides, shapes[:-1], shapes[1:], strict=True)
    )
    if n_parameters > MAX_PARAMETERS:
        raise ConfigurationError(
            "layers",
            f"These layers have {n_parameters:,} weights; at most {MAX_PARAMETERS:,} are allowed.",
        )
    batch_numbers = configuration.batch_size * n_activations(configuration, picture_shape)
    if batch_numbers > MAX_BATCH_NUMBERS:
        gigabytes = 4 * batch_numbers / 1e9
        raise ConfigurationError(
            "batch_size",
            f"A batch of {configuration.batch_size:,} pictures takes {gigabytes:,.1f} GB in this network; "
            f"at most {4 * MAX_BATCH_NUMBERS / 1e9:g} GB are allowed.",
        )
