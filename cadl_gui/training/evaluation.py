"""Evaluates networks on images that they are not trained on.

Denoising networks are evaluated on corrupted images, which are corrupted alike each time.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.datasets.split import Split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts, WorstMistakes, confusion_matrix
from cadl_gui.inference.activations import layer_activations
from cadl_gui.models import Autoencoder, Classifier, Network

N_ARTIFACTS = 2000
"""Number of test images whose latent vectors are recorded at every epoch."""

N_EARLY_ARTIFACTS = 500
"""Number of images evaluated at early recorded batches: few, so that training hardly waits."""

N_MISTAKES = 25

_MAX_BATCH_SIZE = 1000
_MAX_BATCH_NUMBERS = 20_000_000
"""Limit on the activations of all layers for one batch: 80 MB of float32."""

_EVALUATION = 2**31 - 1
"""Replaces the step in random keys, so that every evaluation draws the same corruption and samples."""


class Evaluation:
    """Evaluates one network with compiled functions.

    Args:
        network: network to evaluate with its weights at the time of each call; never changed.
        max_batch_size: most images that are evaluated at once.
    """

    def __init__(self, network: Network, max_batch_size: int = _MAX_BATCH_SIZE) -> None:
        self._network = network
        self._batch_size = min(max_batch_size, max(1, _MAX_BATCH_NUMBERS // network.spec.n_activations))
        images = tf.TensorSpec((None, *network.image_shape), tf.uint8)
        labels = tf.TensorSpec((None,), tf.int64)
        self._measure = tf.function(
            _measuring(network), input_signature=[images, labels, tf.TensorSpec((), tf.int32)]
        )
        self._encode = tf.function(lambda batch: network.encode(_scaled(batch)), input_signature=[images])
        self._hidden = tf.function(
            lambda batch: _hidden_activations(network, _scaled(batch)), input_signature=[images]
        )

    def metrics(
        self, dataset: ImageStore, which: NDArray[np.int32]
    ) -> tuple[dict[str, float], EvaluationArtifacts]:
        """Compute metrics over some images and, for a classifier, its confusion summary.

        Args:
            which: indices of the images, (n,), n ≥ 1.

        Returns:
            The mean of each of the network's metrics, and evaluation artifacts without latents.
        """
        labels = np.zeros(len(which), np.int64) if dataset.labels is None else dataset.labels[which]
        seed = self._network.training_config.seed
        measured, outputs = [], []
        for batch in self._batches(len(which)):
            values, output = self._measure(dataset.images[which[batch]], labels[batch], seed)
            measured.append(values.numpy())
            outputs.append(output.numpy())
        values = np.concatenate(measured)
        means = values.mean(axis=0, dtype=np.float64)
        metrics = dict(zip(self._network.metric_names, means.tolist(), strict=True))
        if not isinstance(self._network, Classifier):
            return metrics, EvaluationArtifacts()
        return metrics, confusion_summary(dataset, which, np.concatenate(outputs))

    def latents(self, images: NDArray[np.uint8]) -> NDArray[np.float16] | None:
        """Latent vectors of images, (n, latent_dim), clipped to float16's range; None for a classifier."""
        if not isinstance(self._network, Autoencoder):
            return None
        largest = np.finfo(np.float16).max
        vectors = np.concatenate(
            [self._encode(images[which]).numpy() for which in self._batches(len(images))]
        )
        latents: NDArray[np.float16] = np.clip(vectors, -largest, largest).astype(np.float16)
        return latents

    def ranges(self, images: NDArray[np.uint8]) -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Smallest and largest activation of each unit of each encoder layer except the last.

        Args:
            images: (n, height, width, channels) uint8; images beyond the first batch are ignored.

        Returns:
            For each layer name, two (units,) float32 arrays: minima and maxima. The unit of a convolution is
            an output channel, over all positions.
        """
        hidden = self._hidden(images[: self._batch_size])
        flat = {name: given.numpy().reshape(-1, given.shape[-1]) for name, given in hidden.items()}
        return {name: (values.min(axis=0), values.max(axis=0)) for name, values in flat.items()}

    def _batches(self, n: int) -> Iterator[slice]:
        for first in range(0, n, self._batch_size):
            yield slice(first, first + self._batch_size)


def metrics_on_test(network: Network, dataset: ImageStore, split: Split) -> dict[str, float]:
    """Mean metrics on the test part of a split, whose images the network was never trained on."""
    return Evaluation(network).metrics(dataset, split.test)[0]


def _measuring(network: Network) -> Callable[[Any, Any, Any], tuple[Any, Any]]:
    """Make the function of (images, labels, seed) → (metrics (batch, n), a classifier's probabilities)."""

    def measure(batch: Any, labels: Any, seed: Any) -> tuple[Any, Any]:
        images = _scaled(batch)
        key = tf.stack([seed, _EVALUATION])
        if isinstance(network, Classifier):
            logits = network.logits(images)
            measured, outputs = network.metrics_from_logits(logits, labels), tf.nn.softmax(logits)
        else:
            measured, outputs = network.compute_metrics(images, labels, key, training=False), tf.zeros((0,))
        return tf.stack([measured[name] for name in network.metric_names], axis=1), outputs

    return measure


def confusion_summary(
    dataset: ImageStore, which: NDArray[np.int32], probabilities: NDArray[np.float32]
) -> EvaluationArtifacts:
    """Compute a classifier's confusion matrix and its most confident mistakes, at most `N_MISTAKES`.

    Args:
        which: indices of the images, (n,), n ≥ 1.
        probabilities: predicted class probabilities, (n, n_classes) float32.
    """
    assert dataset.labels is not None, "only labelled images can be judged"
    labels = dataset.labels[which]
    answers = probabilities.argmax(axis=1)
    of_answer = probabilities.max(axis=1)
    wrong = np.flatnonzero(answers != labels)
    worst = wrong[np.argsort(-of_answer[wrong], kind="stable")][:N_MISTAKES]
    mistakes = WorstMistakes(dataset.images[which[worst]], labels[worst], answers[worst], of_answer[worst])
    return EvaluationArtifacts(
        confusion=confusion_matrix(labels, answers, probabilities.shape[1]), mistakes=mistakes
    )


def _scaled(images: Any) -> Any:
    return tf.cast(images, tf.float32) / 255.0


def _hidden_activations(network: Network, images: Any) -> dict[str, Any]:
    """Activations of all encoder layers except the last; the graph omits computations they do not need."""
    activations = layer_activations(network, images)
    return {layer.name: activations[layer.name] for layer in network.spec.encoder[:-1]}
