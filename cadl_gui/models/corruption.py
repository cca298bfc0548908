"""What a denoising autoencoder's pictures suffer before it sees them."""

from typing import Any

import tensorflow as tf

from cadl_gui.models.randomness import key_for


def corrupt(pictures: Any, key: Any, kind: str, amount: float) -> Any:
    """Corrupt pictures (lecture, *Denoising Autoencoder*; Vincent et al., 2010).

    Args:
        pictures: (batch, height, width, channels) float32 in [0, 1].
        key: (2,) int32; the same key corrupts in the same way.
        kind: `masking` makes pixels black, `salt-and-pepper` black or white, `gaussian` adds noise.
        amount: share of the pixels that are hit, or the standard deviation of the noise; in [0, 1].

    Returns:
        Pictures of the same shape, float32 in [0, 1]. All channels of a pixel suffer alike, but noise is
        added to each by itself.
    """
    if kind == "gaussian":
        noise = tf.random.stateless_normal(tf.shape(pictures), key_for(key, 0))
        return tf.clip_by_value(pictures + amount * noise, 0.0, 1.0)
    pixels = tf.concat([tf.shape(pictures)[:-1], [1]], axis=0)
    hit = tf.random.stateless_uniform(pixels, key_for(key, 0)) < amount
    if kind == "masking":
        return tf.where(hit, 0.0, pictures)
    white = tf.random.stateless_uniform(pixels, key_for(key, 1)) < 0.5
    return tf.where(hit, tf.cast(white, tf.float32), pictures)
