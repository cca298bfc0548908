"""Images encoded as Gaussians: their samples, and what each latent tells."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.latent.axes import LatentAxes

_SEED = 1
"""Each image keeps its sample: what changes is the network's doing."""


def sample(posteriors: NDArray[Any]) -> NDArray[np.float32]:
    """One sample of each, (n, d) float32, always the same; of (n, 2, d) means and standard deviations."""
    noise = np.random.default_rng(_SEED).standard_normal((len(posteriors), posteriors.shape[2]), np.float32)
    samples: NDArray[np.float32] = (posteriors[:, 0] + posteriors[:, 1] * noise).astype(np.float32)
    return samples


def divergences(posteriors: NDArray[Any]) -> NDArray[np.float64]:
    """KL(N(mean, deviation²) ‖ N(0, 1)) of each latent in nats, averaged over images, (d,).

    Kingma and Welling, 2013, appendix B. A latent that tells nothing of the image has none.
    """
    means, deviations = posteriors.astype(np.float64).swapaxes(0, 1)
    variances = np.maximum(deviations**2, np.finfo(np.float64).tiny)
    kl: NDArray[np.float64] = 0.5 * (means**2 + variances - 1 - np.log(variances)).mean(0)
    return kl


def covariance_on(axes: LatentAxes, deviations: NDArray[Any]) -> NDArray[np.float64]:
    """How a Gaussian of these deviations, (d,), spreads on a plane: (2, 2)."""
    scaled = axes.directions * deviations
    statistics: NDArray[np.float64] = scaled @ scaled.T
    return statistics
