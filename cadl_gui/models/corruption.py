"""Corrupts the input images of denoising autoencoders."""

from typing import Any

import tensorflow as tf

from cadl_gui.models.randomness import fold_in, for_examples


def corrupt(images: Any, key: Any, kind: str, amount: float) -> Any:
    """Corrupt images (lecture, *Denoising Autoencoder*; Vincent et al., 2010).

    Args:
        images: (batch, height, width, channels) float32 in [0, 1].
        key: (2,) int32; the same key gives the same corruption.
        kind: `masking` makes pixels black, `salt-and-pepper` black or white, `gaussian` adds noise.
        amount: fraction of the pixels that are corrupted, or standard deviation of the noise; in [0, 1].

    Returns:
        Images of the same shape, float32 in [0, 1]. Masking and salt-and-pepper treat all channels of a pixel
        alike; Gaussian noise is independent for each channel.
    """
    if kind == "gaussian":
        noise = for_examples(tf.random.stateless_normal, tf.shape(images), fold_in(key, 0))
        return tf.clip_by_value(images + amount * noise, 0.0, 1.0)
    pixels = tf.shape(images[..., :1])
    hit = for_examples(tf.random.stateless_uniform, pixels, fold_in(key, 0)) < amount
    if kind == "masking":
        return tf.where(hit, 0.0, images)
    white = for_examples(tf.random.stateless_uniform, pixels, fold_in(key, 1)) < 0.5
    return tf.where(hit, tf.cast(white, tf.float32), images)
