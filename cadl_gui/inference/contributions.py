"""Attributes the logits of a classifier to the pixels of an image."""

from typing import Any

import tensorflow as tf

from cadl_gui.models import Classifier
from cadl_gui.models.network import Pass


def contributions(classifier: Classifier, image: Any, labels: Any, options: Pass) -> Any:
    """Gradient × input for several logits, from one backward pass over a copy of the image for each.

    Args:
        image: (height, width, channels) float32 in [0, 1].
        labels: labels whose logits are attributed, (n,) int32.

    Returns:
        (n, height * width * channels + 1) float32; the last column holds the logits.
    """
    n = tf.size(labels)
    copies = tf.repeat(image[tf.newaxis], n, axis=0)
    with tf.GradientTape() as tape:
        tape.watch(copies)
        logits = tf.gather(classifier.logits(copies, options), labels, batch_dims=1)
    by_pixel = tf.reshape(tape.gradient(logits, copies) * copies, (n, -1))
    return tf.concat([by_pixel, logits[:, tf.newaxis]], axis=1)
