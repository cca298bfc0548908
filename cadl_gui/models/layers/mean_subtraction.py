"""Centres images on the mean image of the training set."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="cadl_gui")
class MeanSubtraction(keras.layers.Layer):
    """Subtracts a fixed mean image, and adds it back on the way out (lecture: `batch_X - mean_img`).

    As a layer, the mean travels with the weights: a checkpoint takes and gives images in [0, 1] wherever it
    is loaded. Before a mean is assigned to `mean`, it is zero and the layer changes nothing.

    Input and output: (batch, height, width, channels) float32.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make room for the mean image, (height, width, channels) float32."""
        self.mean = self.add_weight(name="mean", shape=input_shape[1:], initializer="zeros", trainable=False)

    def call(self, inputs: Any) -> Any:
        """Images less the mean image."""
        return inputs - self.mean

    def inverse(self, inputs: Any) -> Any:
        """Centred images plus the mean image: undoes `call`."""
        return inputs + self.mean
