"""The variational autoencoder, which encodes each image as a Gaussian distribution over latent vectors."""

from collections.abc import Callable
from typing import Any, ClassVar

import keras
import tensorflow as tf
from keras import ops

from cadl_gui.models.autoencoder import Autoencoder
from cadl_gui.models.network import INFERENCE, Pass
from cadl_gui.models.randomness import RngStream, fold_in, for_examples

PIXEL_LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "bernoulli": lambda images, logits: tf.nn.sigmoid_cross_entropy_with_logits(labels=images, logits=logits),
    "gaussian": lambda images, outputs: ops.square(outputs - images),
}
"""How improbable each pixel is in nats, by likelihood. All but Bernoulli's are of centred images."""


@keras.saving.register_keras_serializable(package="cadl_gui")
class VariationalAutoencoder(Autoencoder):
    """Encodes an image as `z_mean` and `z_log_var`, samples a latent vector, and decodes it.

    Lecture, *Variational Auto-Encoders*; Kingma and Welling, *Auto-Encoding Variational Bayes*, 2013; the
    weight β is from Higgins et al., 2017. With β = 1 the loss is the negative lower bound on the
    log-likelihood, in nats, summed over pixels. `encode` returns `z_mean`.
    """

    metric_names: ClassVar[tuple[str, ...]] = ("loss", "reconstruction_loss", "kl_loss")

    def encode_distribution(self, images: Any, options: Pass = INFERENCE) -> tuple[Any, Any]:
        """`z_mean` and `z_log_var` of images, (batch, latent_dim) float32 each."""
        return self.functions(options).gaussian(images)

    def compute_metrics(self, images: Any, labels: Any, key: Any, *, training: bool) -> dict[str, Any]:  # noqa: ARG002 - needs no labels
        """See `Network.compute_metrics`.

        `reconstruction_loss`: -log p(image | z) for one sampled z. The Gaussian likelihood has variance ½, so
        that this is the squared difference, as in the course's framework; its constant term is omitted.
        `kl_loss`: KL(q(z | image) ‖ N(0, 1)). `loss`: `reconstruction_loss` + β · `kl_loss`. All are in nats,
        summed over pixels and over latent dimensions.
        """
        functions = self.functions(Pass(training, key, as_logits=self.config.is_bernoulli))
        z_mean, z_log_var = functions.gaussian(self.corrupted(images, key))
        latents = reparameterize(z_mean, z_log_var, fold_in(key, RngStream.SAMPLING))
        targets = images if self.config.is_bernoulli else self.mean_subtraction(images)
        nats = PIXEL_LOSSES[self.config.likelihood](targets, functions.outputs(latents))
        reconstruction = ops.sum(nats, axis=(1, 2, 3))
        divergence = kl_divergence(z_mean, z_log_var)
        return {
            "loss": reconstruction + self.training_config.beta * divergence,
            "reconstruction_loss": reconstruction,
            "kl_loss": divergence,
        }


def reparameterize(z_mean: Any, z_log_var: Any, key: Any) -> Any:
    """Draw one sample from each Gaussian by the reparameterisation trick.

    Args:
        z_mean: means, (batch, latent_dim) float32.
        z_log_var: logarithms of the variances, (batch, latent_dim) float32.
        key: (2,) int32; the same key draws the same noise.

    Returns:
        (batch, latent_dim) float32.
    """
    noise = for_examples(tf.random.stateless_normal, tf.shape(z_mean), key)
    return z_mean + ops.exp(0.5 * z_log_var) * noise


def kl_divergence(z_mean: Any, z_log_var: Any) -> Any:
    """KL(N(z_mean, exp(z_log_var)) ‖ N(0, 1)) in nats, summed over latent dimensions, (batch,) float32.

    Kingma and Welling, 2013, appendix B.
    """
    return -0.5 * ops.sum(1.0 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
