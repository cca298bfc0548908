"""What networks compute from images and latent vectors, written once for NumPy and for Keras."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """The functions of a network; a kind of network that computes something else has a subclass.

    Images are (n, height, width, channels) float32 in [0, 1], latent vectors (n, latent_dim) float32.

    Attributes:
        spec: the layers, a `ModelSpec`.
        ops: `keras.ops`, or NumPy's functions of the same names.
        apply: computes the output of a layer from its `LayerSpec` and input.
        centre: subtracts the mean image.
        restore: turns what the decoder gives into an image; it adds the mean image, if that was subtracted.
    """

    spec: Any
    ops: Any
    apply: Callable[[Any, Any], Any]
    centre: Callable[[Any], Any]
    restore: Callable[[Any], Any]

    def logits(self, images: Any) -> Any:
        """Output of the last layer of the encoder, (n, *latent_shape)."""
        return self._through(self.spec.encoder, self.centre(images))

    def classify(self, images: Any) -> Any:
        """Probability of each class, (n, n_classes); each row sums to 1."""
        return self.ops.softmax(self.logits(images))

    def encode(self, images: Any) -> Any:
        """Latent vectors of images; `z_mean` if variational."""
        return self.ops.reshape(self.logits(images), (-1, self.spec.latent_dim))

    def gaussian(self, images: Any) -> tuple[Any, Any]:
        """`z_mean` and `z_log_var` of images, (n, latent_dim) each."""
        *layers, z_mean = self.spec.encoder
        hidden = self._through(layers, self.centre(images))
        return self.apply(z_mean, hidden), self.apply(self.spec.z_log_var, hidden)

    def encode_gaussian(self, images: Any) -> Any:
        """Mean and standard deviation of each latent dimension, (n, 2, latent_dim)."""
        z_mean, z_log_var = self.gaussian(images)
        return self.ops.stack([z_mean, self.ops.exp(0.5 * z_log_var)], axis=1)

    def outputs(self, latents: Any, start: int = 0) -> Any:
        """What the decoder gives for latent vectors, or for the output of decoder layer `start - 1`."""
        layers = self.spec.decoder[start:]
        return self._through(layers, self.ops.reshape(latents, (-1, *layers[0].input_shape)))

    def decode(self, latents: Any, start: int = 0) -> Any:
        """Images of what `outputs` takes, clipped to [0, 1] for display."""
        return self.ops.clip(self.restore(self.outputs(latents, start)), 0.0, 1.0)

    def reconstruct(self, images: Any) -> Any:
        """Reconstructions of images, clipped to [0, 1] for display."""
        return self.decode(self.encode(images))

    def _through(self, layers: Any, given: Any) -> Any:
        for layer in layers:
            given = self.apply(layer, given)
        return given
