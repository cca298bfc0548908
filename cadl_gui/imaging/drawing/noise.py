"""Drawings with the corruption that denoising networks are trained with, without TensorFlow."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def corrupted(
    image: NDArray[np.float32], kind: str, amount: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Corrupt an image in the way, though not pixel by pixel the same, that training does.

    Lecture, *Denoising Autoencoder*; Vincent et al., 2010.

    Args:
        image: (height, width, channels) float32 in [0, 1].
        kind: one of `CORRUPTIONS`: `masking` makes pixels black, `salt-and-pepper` black or white,
            `gaussian` adds noise.
        amount: share of the pixels that are hit, or the standard deviation of the noise; in [0, 1].
        random: decides which; with the same numbers, more of them are hit the larger the amount.

    Returns:
        The same shape, float32 in [0, 1]. All channels of a pixel suffer alike, but noise is added to each.
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
