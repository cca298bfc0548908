"""Centres images on the mean image of the training set."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="cadl_gui")
class MeanSubtraction(keras.layers.Layer):
    """Subtracts a fixed mean image (lecture: `batch_X - mean_img`); `inverse` adds it again.

    The mean is a weight of the layer, so a loaded checkpoint takes and returns images in [0, 1] without
    further preprocessing. Until a mean is assigned to `mean`, it is zero and the layer is the identity.

    Input and output: (batch, height, width, channels) float32.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the mean image, (height, width, channels) float32."""
        self.mean = self.add_weight(name="mean", shape=input_shape[1:], initializer="zeros", trainable=False)

    def call(self, inputs: Any) -> Any:
        """Images minus the mean image."""
        return inputs - self.mean

    def inverse(self, inputs: Any) -> Any:
        """Centred images plus the mean image: the inverse of `call`."""
        return inputs + self.mean
