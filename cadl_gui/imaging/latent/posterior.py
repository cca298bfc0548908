"""Posteriors of a variational autoencoder: samples, and KL divergences by latent."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.latent.axes import LatentAxes

_SEED = 1
"""Fixed, so that samples change only if the network does."""


def sample(posteriors: NDArray[Any]) -> NDArray[np.float32]:
    """Draw one sample from each posterior, with the same noise at every call.

    Args:
        posteriors: (n, 2, d) means and standard deviations.

    Returns:
        (n, d) float32.
    """
    noise = np.random.default_rng(_SEED).standard_normal((len(posteriors), posteriors.shape[2]), np.float32)
    samples: NDArray[np.float32] = (posteriors[:, 0] + posteriors[:, 1] * noise).astype(np.float32)
    return samples


def divergences(posteriors: NDArray[Any]) -> NDArray[np.float64]:
    """KL divergence of each latent's posterior from the standard normal prior, averaged over images.

    Kingma and Welling 2013, Auto-Encoding Variational Bayes, appendix B. It is 0 for an inactive latent.

    Args:
        posteriors: (n, 2, d) means and standard deviations.

    Returns:
        (d,) float64 in nats.
    """
    means, deviations = posteriors.astype(np.float64).swapaxes(0, 1)
    variances = np.maximum(deviations**2, np.finfo(np.float64).tiny)
    kl: NDArray[np.float64] = 0.5 * (means**2 + variances - 1 - np.log(variances)).mean(0)
    return kl


def covariance_on(axes: LatentAxes, deviations: NDArray[Any]) -> NDArray[np.float64]:
    """Covariance of a diagonal Gaussian projected to a plane.

    Args:
        deviations: (d,) standard deviations.

    Returns:
        (2, 2) float64.
    """
    scaled = axes.directions * deviations
    covariance: NDArray[np.float64] = scaled @ scaled.T
    return covariance
