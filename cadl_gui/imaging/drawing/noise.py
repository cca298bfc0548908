"""The corruption that denoising networks are trained with, in NumPy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def corrupted(
    image: NDArray[np.float32], kind: str, amount: float, random: "np.random.Generator"
) -> NDArray[np.float32]:
    """Corrupt an image as training does, but with other random numbers.

    Lecture, *Denoising Autoencoder*; Vincent et al. 2010, Stacked Denoising Autoencoders.

    Args:
        image: (height, width, channels) float32 in [0, 1].
        kind: one of `CORRUPTIONS`: `masking` makes pixels black, `salt-and-pepper` black or white,
            `gaussian` adds noise.
        amount: fraction of pixels to replace, or standard deviation of the noise; in [0, 1].
        random: random generator. From the same state, a larger amount replaces the same pixels and more.

    Returns:
        (height, width, channels) float32 in [0, 1]. Pixels are replaced in all channels at once; noise is
        drawn for each channel.
    """
    if kind == "gaussian":
        noisy = image + amount * random.standard_normal(image.shape, np.float32)
        clipped: NDArray[np.float32] = np.clip(noisy, 0, 1, dtype=np.float32)
        return clipped
    hit = random.random((*image.shape[:-1], 1)) < amount
    replacement: Any = np.float32(0)
    if kind == "salt-and-pepper":
        replacement = (random.random(hit.shape) < 0.5).astype(np.float32)
    return np.where(hit, replacement, image)
