"""Autoencoders: dense or convolutional, with tied or untied weights, denoising or not.

Plain autoencoders have the lecture's mean squared error per pixel; variational ones a likelihood in nats,
summed over pixels.
"""

import math
from typing import Any

import keras
from keras import ops

from cadl_gui.models.corruption import corrupt
from cadl_gui.models.network import INFERENCE, Network, Pass
from cadl_gui.models.randomness import RngStream, fold_in


@keras.saving.register_keras_serializable(package="cadl_gui")
class Autoencoder(Network):
    """Encodes images as latent vectors and decodes latent vectors to images.

    Lecture, *Fully Connected Model*, *Convolutional Autoencoder* and *Denoising Autoencoder*. The loss is the
    lecture's: the squared difference from the (uncorrupted) image, averaged over its pixels.
    """

    @property
    def latent_dim(self) -> int:
        """Number of latent dimensions."""
        return math.prod(self.spec.latent_shape)

    def encode(self, images: Any, options: Pass = INFERENCE) -> Any:
        """Latent vectors of images, (batch, latent_dim) float32."""
        return self.functions(options).encode(images)

    def decode(self, latents: Any, options: Pass = INFERENCE) -> Any:
        """Images decoded from latent vectors (batch, latent_dim), clipped to [0, 1] for display."""
        return self.functions(options).decode(latents)

    def decode_from(self, layer: str, activations: Any, options: Pass = INFERENCE) -> Any:
        """Decode from the output of a layer rather than from latent vectors.

        Args:
            layer: name of the last encoder layer, whose output is the latent vector, or of a decoder layer.
            activations: outputs of that layer, (batch, *output_shape) float32.

        Returns:
            Images (batch, height, width, channels) float32, clipped to [0, 1] for display.

        Raises:
            ValueError: if there is no such layer.
        """
        names = [own.name for own in (self.spec.encoder[-1], *self.spec.decoder)]
        return self.functions(options).decode(activations, start=names.index(layer))

    def call(self, images: Any, options: Pass = INFERENCE) -> Any:
        """Reconstructions of images, clipped to [0, 1] for display."""
        return self.functions(options).reconstruct(images)

    def compute_metrics(self, images: Any, labels: Any, key: Any, *, training: bool) -> dict[str, Any]:  # noqa: ARG002 - needs no labels
        """See `Network.compute_metrics`. `loss`: squared difference averaged over the pixels."""
        functions = self.functions(Pass(training, key))
        outputs = functions.outputs(functions.encode(self.corrupted(images, key)))
        difference = outputs - self.mean_subtraction(images)
        return {"loss": ops.mean(ops.square(difference), axis=(1, 2, 3))}

    def corrupted(self, images: Any, key: Any) -> Any:
        """Images as the encoder receives them: corrupted if the autoencoder is denoising, else unchanged."""
        about = self.training_config
        if not about.denoising:
            return images
        return corrupt(images, fold_in(key, RngStream.CORRUPTION), about.corruption, about.corruption_amount)
