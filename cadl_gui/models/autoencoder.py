"""Autoencoders: dense or convolutional, tied or free, denoising or not."""

import math
from typing import Any

import keras
from keras import ops

from cadl_gui.models.corruption import corrupt
from cadl_gui.models.network import ASKED, Network, Pass
from cadl_gui.models.randomness import RngStream, fold_in


@keras.saving.register_keras_serializable(package="cadl_gui")
class Autoencoder(Network):
    """Encodes images into a few numbers and decodes them again.

    Lecture, *Fully Connected Model*, *Convolutional Autoencoder* and *Denoising Autoencoder*. Its loss is the
    lecture's: the squared difference from the (uncorrupted) image, mean over its pixels.
    """

    @property
    def latent_dim(self) -> int:
        """How many numbers a latent vector has."""
        return math.prod(self.spec.latent_shape)

    def encode(self, images: Any, way: Pass = ASKED) -> Any:
        """Codes of images, (batch, latent_dim) float32."""
        return ops.reshape(self._encoded(images, self.encoder_layers, way), (-1, self.latent_dim))

    def decode(self, latents: Any, way: Pass = ASKED) -> Any:
        """Images of latent vectors (batch, latent_dim), clipped to [0, 1] for the eye."""
        return self._seen(self._decode(latents, way))

    def decode_from(self, layer: str, activations: Any, way: Pass = ASKED) -> Any:
        """Images decoded from the latent vector, or from a decoder layer's output, (batch, *output_shape)."""
        names = [self.encoder_layers[-1].spec.name, *(own.spec.name for own in self.decoder_layers)]
        return self._seen(self._decode(activations, way, start=names.index(layer)))

    def call(self, images: Any, way: Pass = ASKED) -> Any:
        """Reconstructions of images, clipped to [0, 1] for the eye."""
        return self.decode(self.encode(images, way), way)

    def follow(self, images: Any, way: Pass) -> None:
        """See `Network.follow`."""
        self.call(images, way)

    def compute_metrics(self, images: Any, labels: Any, key: Any, *, training: bool) -> dict[str, Any]:  # noqa: ARG002 - needs no labels
        """See `Network.compute_metrics`. `loss`: mean squared difference per pixel."""
        way = Pass(training, key)
        outputs = self._decode(self.encode(self.corrupted(images, key), way), way)
        difference = outputs - self.mean_subtraction(images)
        return {"loss": ops.mean(ops.square(difference), axis=(1, 2, 3))}

    def corrupted(self, images: Any, key: Any) -> Any:
        """What a denoising autoencoder sees; other autoencoders see the images as they are."""
        about = self.training_config
        if not about.denoising:
            return images
        return corrupt(images, fold_in(key, RngStream.CORRUPTION), about.corruption, about.corruption_amount)

    def _decode(self, latents: Any, way: Pass, *, start: int = 0, as_logits: bool = False) -> Any:
        """Images before the mean is added, or the logits of their pixels.

        From `start` on, instead of latent vectors comes what the decoder's layers before gave.
        """
        hidden = ops.reshape(latents, (-1, *self.decoder_layers[start].spec.input_shape))
        layers = list(zip(self.decoder_layers, self._tied_kernels(), strict=True))
        if as_logits:
            *layers, (last, last_kernel) = layers
        for i, (layer, kernel) in list(enumerate(layers))[start:]:
            hidden = self._given(layer, hidden, len(self.encoder_layers) + i, way, kernel)
        return last.pre_activation(hidden, kernel=last_kernel, training=way.training) if as_logits else hidden

    def _tied_kernels(self) -> list[Any]:
        """For each layer of the decoder the encoder's kernel, or None where it has its own."""
        if not self.config.tied:
            return [None] * len(self.decoder_layers)
        return [layer.kernel for layer in reversed(self.encoder_layers)]

    def _seen(self, outputs: Any) -> Any:
        """What `_decode` gives, as images for the eye."""
        return ops.clip(self.mean_subtraction.inverse(outputs), 0.0, 1.0)
