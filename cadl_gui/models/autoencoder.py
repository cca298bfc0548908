"""Autoencoders: dense or convolutional, tied or free, denoising or not."""

import math
from typing import Any

import keras
from keras import ops

from cadl_gui.models.corruption import corrupt
from cadl_gui.models.network import Network
from cadl_gui.models.randomness import Purpose, key_for


@keras.saving.register_keras_serializable(package="cadl_gui")
class Autoencoder(Network):
    """Encodes pictures into a few numbers and decodes them again.

    Lecture, *Fully Connected Model*, *Convolutional Autoencoder* and *Denoising Autoencoder*. Its loss is the
    lecture's: the squared difference from the (uncorrupted) picture, mean over its pixels.
    """

    @property
    def latent_dim(self) -> int:
        """How many numbers a code has."""
        return math.prod(self.architecture.code_shape)

    def encode(self, pictures: Any) -> Any:
        """Codes of pictures, (batch, latent_dim) float32."""
        return self._encode(pictures)

    def decode(self, codes: Any) -> Any:
        """Pictures of codes (batch, latent_dim), clipped to [0, 1] for the eye."""
        return ops.clip(self._restore(self._decode(codes)), 0.0, 1.0)

    def decode_from(self, layer: str, activations: Any) -> Any:
        """Pictures of what a layer gives, (batch, *output_shape): the code, or a layer of the decoder."""
        names = [self.encoder_layers[-1].table.name, *(own.table.name for own in self.decoder_layers)]
        outputs = self._decode(activations, start=names.index(layer))
        return ops.clip(self._restore(outputs), 0.0, 1.0)

    def call(self, pictures: Any) -> Any:
        """Reconstructions of pictures, clipped to [0, 1] for the eye."""
        return self.decode(self.encode(pictures))

    def measure(self, pictures: Any, labels: Any, key: Any, *, training: bool) -> dict[str, Any]:  # noqa: ARG002 - needs no labels
        """See `Network.measure`. `loss`: mean squared difference per pixel."""
        codes = self._encode(self.corrupted(pictures, key), training=training, key=key)
        outputs = self._decode(codes, training=training, key=key)
        difference = outputs - self.mean_subtraction(pictures)
        return {"loss": ops.mean(ops.square(difference), axis=(1, 2, 3))}

    def corrupted(self, pictures: Any, key: Any) -> Any:
        """What a denoising autoencoder sees; other autoencoders see the pictures as they are."""
        about = self.training_config
        if not about.denoising:
            return pictures
        return corrupt(pictures, key_for(key, Purpose.CORRUPTION), about.corruption, about.corruption_amount)

    def _encode(self, pictures: Any, *, training: bool = False, key: Any = None) -> Any:
        centred = self.mean_subtraction(pictures)
        hidden = self._through(self.encoder_layers, centred, training=training, key=key)
        return ops.reshape(hidden, (-1, self.latent_dim))

    def _decode(self, codes: Any, *, start: int = 0, training: bool = False, key: Any = None) -> Any:
        """Pictures as the loss sees them: before the mean is added and, if Bernoulli, as logits.

        From `start` on, instead of codes comes what the decoder's layers before gave.
        """
        hidden = ops.reshape(codes, (-1, *self.decoder_layers[start].table.input_shape))
        *layers, last = self.decoder_layers
        kernels = self._tied_kernels()
        for i, (layer, kernel) in list(enumerate(zip(layers, kernels, strict=False)))[start:]:
            place = len(self.encoder_layers) + i
            hidden = layer(hidden, kernel=kernel, training=training, key=self._dropout_key(layer, key, place))
        if self.config.is_bernoulli:
            return last.logits(hidden, kernel=kernels[-1], training=training)
        return last(hidden, kernel=kernels[-1], training=training)

    def _tied_kernels(self) -> list[Any]:
        """For each layer of the decoder the encoder's kernel, or None where it has its own."""
        if not self.config.tied:
            return [None] * len(self.decoder_layers)
        return [layer.kernel for layer in reversed(self.encoder_layers)]

    def _restore(self, outputs: Any) -> Any:
        return self.mean_subtraction.restore(outputs)
