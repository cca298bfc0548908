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
        return ops.reshape(self._encoded(images, self.encoder_layers, options), (-1, self.latent_dim))

    def decode(self, latents: Any, options: Pass = INFERENCE) -> Any:
        """Images decoded from latent vectors (batch, latent_dim), clipped to [0, 1] for display."""
        return self._seen(self._decode(latents, options))

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
        names = [self.encoder_layers[-1].spec.name, *(own.spec.name for own in self.decoder_layers)]
        return self._seen(self._decode(activations, options, start=names.index(layer)))

    def call(self, images: Any, options: Pass = INFERENCE) -> Any:
        """Reconstructions of images, clipped to [0, 1] for display."""
        return self.decode(self.encode(images, options), options)

    def forward(self, images: Any, options: Pass) -> None:
        """See `Network.forward`."""
        self.call(images, options)

    def compute_metrics(self, images: Any, labels: Any, key: Any, *, training: bool) -> dict[str, Any]:  # noqa: ARG002 - needs no labels
        """See `Network.compute_metrics`. `loss`: squared difference averaged over the pixels."""
        options = Pass(training, key)
        outputs = self._decode(self.encode(self.corrupted(images, key), options), options)
        difference = outputs - self.mean_subtraction(images)
        return {"loss": ops.mean(ops.square(difference), axis=(1, 2, 3))}

    def corrupted(self, images: Any, key: Any) -> Any:
        """Images as the encoder receives them: corrupted if the autoencoder is denoising, else unchanged."""
        about = self.training_config
        if not about.denoising:
            return images
        return corrupt(images, fold_in(key, RngStream.CORRUPTION), about.corruption, about.corruption_amount)

    def _decode(self, latents: Any, options: Pass, *, start: int = 0, as_logits: bool = False) -> Any:
        """Decoder outputs before the mean is added, or pixel logits.

        With `start` > 0, `latents` are the outputs of decoder layer `start - 1` instead.
        """
        hidden = ops.reshape(latents, (-1, *self.decoder_layers[start].spec.input_shape))
        layers = list(zip(self.decoder_layers, self._tied_kernels(), strict=True))
        if as_logits:
            *layers, (last, last_kernel) = layers
        for layer, kernel in layers[start:]:
            hidden = self._apply_layer(layer, hidden, options, kernel)
        return (
            last.pre_activation(hidden, kernel=last_kernel, training=options.training)
            if as_logits
            else hidden
        )

    def _tied_kernels(self) -> list[Any]:
        """The encoder kernel that each decoder layer is tied to, or None for a layer with its own kernel."""
        if not self.config.tied:
            return [None] * len(self.decoder_layers)
        return [layer.kernel for layer in reversed(self.encoder_layers)]

    def _seen(self, outputs: Any) -> Any:
        """Convert the outputs of `_decode` to images for display."""
        return ops.clip(self.mean_subtraction.inverse(outputs), 0.0, 1.0)
