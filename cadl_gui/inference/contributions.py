"""What each pixel adds to each logit of a classifier."""

from typing import Any

import tensorflow as tf

from cadl_gui.models import Classifier


def contributions(classifier: Classifier, picture: Any) -> Any:
    """Gradient × input for all logits at once: a copy of the picture for each, one pass back through all.

    Args:
        classifier: that is asked.
        picture: (height, width, channels) float32 in [0, 1].

    Returns:
        (n_labels, height * width * channels + 1) float32; in the last column the logits.
    """
    n_labels = classifier.n_labels
    copies = tf.repeat(picture[tf.newaxis], n_labels, axis=0)
    with tf.GradientTape() as tape:
        tape.watch(copies)
        logits = tf.linalg.diag_part(classifier.logits(copies))
    by_pixel = tf.reshape(tape.gradient(logits, copies) * copies, (n_labels, -1))
    return tf.concat([by_pixel, logits[:, tf.newaxis]], axis=1)
