"""Transposed convolution for decoders, with its own or a tied kernel."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="cadl_gui")
class ConvTranspose(keras.layers.Layer):
    """Transposes an encoder's convolution, with the encoder's kernel (tied) or with its own.

    Lecture, *Convolutional Autoencoder*: `tf.nn.conv2d_transpose(current_input, W, …, padding='SAME')`. A
    stride of 2 gives 7×7 from 14×14 as well as from 13×13, so the output's height and width are arguments of
    the layer. A tied kernel remains the encoder's variable and is passed to each call.

    Input: (batch, rows, columns, filters) float32 and, if tied, a kernel
    (kernel_size, kernel_size, channels, filters). Output: (batch, height, width, channels) float32.

    Args:
        target_shape: (height, width, channels) of the encoder layer's input.
        stride: stride of the encoder's layer in both directions, in pixels.
        use_bias: whether to add a learned offset to each channel.
        kernel_size: height and width of the layer's own kernel, in pixels; None if it is tied.
        kernel_initializer: initializer of the layer's own kernel.
    """

    def __init__(
        self,
        target_shape: Sequence[int],
        *,
        stride: int = 1,
        use_bias: bool = False,
        kernel_size: int | None = None,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)
        self.stride = stride
        self.use_bias = use_bias
        self.kernel_size = kernel_size
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the kernel, unless it is tied, and the bias, (channels,) float32."""
        channels = self.target_shape[-1]
        if self.kernel_size is not None:
            shape = (self.kernel_size, self.kernel_size, channels, input_shape[-1])
            self.kernel = self.add_weight(name="kernel", shape=shape, initializer=self.kernel_initializer)
        self.bias = (
            self.add_weight(name="bias", shape=(channels,), initializer="zeros") if self.use_bias else None
        )

    def call(self, inputs: Any, kernel: Any = None) -> Any:
        """`conv2d_transpose(inputs, kernel) + bias`; `kernel` defaults to the layer's own."""
        kernel = keras.ops.convert_to_tensor(self.kernel) if kernel is None else kernel
        # keras.ops.conv_transpose infers the output's size from the input's, which loses odd sizes.
        shape = (tf.shape(inputs)[0], *self.target_shape)
        outputs = tf.nn.conv2d_transpose(inputs, kernel, shape, strides=self.stride, padding="SAME")
        return outputs if self.bias is None else outputs + self.bias

    def get_config(self) -> dict[str, Any]:
        """The arguments of `from_config`."""
        own = {
            "target_shape": list(self.target_shape),
            "stride": self.stride,
            "use_bias": self.use_bias,
            "kernel_size": self.kernel_size,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
        return {**super().get_config(), **own}
