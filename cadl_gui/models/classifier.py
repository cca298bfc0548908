"""Classifiers: softmax regression, dense and convolutional networks."""

from typing import Any, ClassVar

import keras
import tensorflow as tf
from keras import ops

from cadl_gui.models.augmentation import augment
from cadl_gui.models.network import INFERENCE, Network, Pass
from cadl_gui.models.randomness import RngStream, fold_in


@keras.saving.register_keras_serializable(package="cadl_gui")
class Classifier(Network):
    """Predicts the probability of each class.

    Lecture, *Fully Connected Network* and *Convolutional Networks*. The cross-entropy is computed from the
    logits: the lecture's `log(p + 1e-12)` has no gradient once p underflows, and its convolutional network
    then never learns.
    """

    metric_names: ClassVar[tuple[str, ...]] = ("loss", "accuracy")

    def logits(self, images: Any, options: Pass = INFERENCE) -> Any:
        """Logits of the classes, (batch, n_classes) float32."""
        return self.functions(options).logits(images)

    def call(self, images: Any, options: Pass = INFERENCE) -> Any:
        """Probability of each class, (batch, n_classes) float32; each row sums to 1."""
        return self.functions(options).classify(images)

    def compute_metrics(self, images: Any, labels: Any, key: Any, *, training: bool) -> dict[str, Any]:
        """See `Network.compute_metrics`. `loss`: cross-entropy in nats; `accuracy`: 1 if correct, else 0."""
        if training and self.training_config.augmentation:
            images = augment(images, fold_in(key, RngStream.AUGMENTATION), self.training_config.augmentation)
        return self.metrics_from_logits(self.logits(images, Pass(training, key)), labels)

    def metrics_from_logits(self, logits: Any, labels: Any) -> dict[str, Any]:
        """The metrics of `compute_metrics` for logits that have already been computed.

        Args:
            logits: (batch, n_classes) float32.
            labels: (batch,) int64.
        """
        right = ops.equal(ops.argmax(logits, axis=-1), ops.cast(labels, "int32"))
        return {
            "loss": tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits),
            "accuracy": ops.cast(right, "float32"),
        }
