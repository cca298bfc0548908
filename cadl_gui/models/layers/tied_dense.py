"""Dense decoder layer with a tied kernel."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="cadl_gui")
class TiedDense(keras.layers.Layer):
    """Multiplies by the transpose of an encoder's kernel, so that encoder and decoder share one matrix.

    Lecture, *Fully Connected Model*: `W = tf.transpose(Ws[layer_i])`. The kernel remains the encoder's
    variable and is passed to each call; this layer owns at most a bias.

    Input: (batch, n) float32 and a kernel (units, n). Output: (batch, units) float32.

    Args:
        units: size of the output, which is the input size of the encoder's layer.
        use_bias: whether to add a learned offset to each unit.
    """

    def __init__(self, units: int, *, use_bias: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.use_bias = use_bias

    def build(self, input_shape: tuple[int | None, ...]) -> None:  # noqa: ARG002 - Keras's signature
        """Create the bias, (units,) float32."""
        self.bias = (
            self.add_weight(name="bias", shape=(self.units,), initializer="zeros") if self.use_bias else None
        )

    def call(self, inputs: Any, kernel: Any) -> Any:
        """`inputs @ kernelᵀ + bias`."""
        outputs = keras.ops.matmul(inputs, keras.ops.transpose(kernel))
        return outputs if self.bias is None else outputs + self.bias

    def get_config(self) -> dict[str, Any]:
        """The arguments of `from_config`."""
        return {**super().get_config(), "units": self.units, "use_bias": self.use_bias}
