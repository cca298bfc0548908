"""The decoder's half of a convolution."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="cadl_gui")
class TiedConvTranspose(keras.layers.Layer):
    """Transposes an encoder's convolution with its own kernel, so that both directions learn one kernel.

    Lecture, *Convolutional Autoencoder*: `tf.nn.conv2d_transpose(current_input, W, …, padding='SAME')`. A
    stride of 2 gives 7×7 from 14×14 as well as from 13×13, so the height and width to come back to are part
    of the layer. The kernel stays the encoder's variable and is passed to each call; this layer owns at most
    a bias.

    Input: (batch, rows, columns, filters) float32 and a kernel (side, side, channels, filters).
    Output: (batch, height, width, channels) float32.

    Args:
        target_shape: (height, width, channels) that went into the encoder's layer.
        stride: of the encoder's layer, in pixels, both ways.
        activation: name of what follows.
        use_bias: whether to add a learned offset to every channel.
    """

    def __init__(
        self,
        target_shape: Sequence[int],
        *,
        stride: int = 1,
        activation: str = "linear",
        use_bias: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)
        self.stride = stride
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias

    def build(self, input_shape: tuple[int | None, ...]) -> None:  # noqa: ARG002 - Keras's signature
        """Make room for the bias, (channels,) float32."""
        self.bias = (
            self.add_weight(name="bias", shape=self.target_shape[-1:], initializer="zeros")
            if self.use_bias
            else None
        )

    def call(self, inputs: Any, kernel: Any) -> Any:
        """`activation(conv2d_transpose(inputs, kernel) + bias)`."""
        # keras.ops.conv_transpose infers the output's size from the input's, which loses odd sizes.
        shape = (tf.shape(inputs)[0], *self.target_shape)
        outputs = tf.nn.conv2d_transpose(inputs, kernel, shape, strides=self.stride, padding="SAME")
        return self.activation(outputs if self.bias is None else outputs + self.bias)

    def get_config(self) -> dict[str, Any]:
        """What `from_config` needs."""
        own = {
            "target_shape": list(self.target_shape),
            "stride": self.stride,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
        }
        return {**super().get_config(), **own}
