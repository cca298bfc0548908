"""How well a network does on pictures that it is not trained on."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.split import Split
from cadl_gui.models import Autoencoder
from cadl_gui.models.autoencoder import n_activations

_MAX_BATCH_SIZE = 1000
_MAX_BATCH_NUMBERS = 20_000_000
"""Numbers that one batch may hold between the layers: 80 MB of float32."""


class Evaluation:
    """Evaluates one network, again and again, in the graph.

    Args:
        model: read at each call, never changed.
    """

    def __init__(self, model: Autoencoder) -> None:
        per_picture = n_activations(model.configuration, model.picture_shape)
        self._batch_size = min(_MAX_BATCH_SIZE, max(1, _MAX_BATCH_NUMBERS // per_picture))
        signature = [tf.TensorSpec((None, *model.picture_shape), tf.uint8)]
        self._loss = tf.function(lambda batch: model.training_loss(_scaled(batch)), input_signature=signature)
        self._encode = tf.function(lambda batch: model.encode(_scaled(batch)), input_signature=signature)

    def metrics(self, pictures: NDArray[np.uint8]) -> dict[str, float]:
        """Metrics over all the pictures.

        Args:
            pictures: (n, height, width, channels) uint8, n ≥ 1.

        Returns:
            `loss`: mean over the pictures.
        """
        total = sum(float(self._loss(batch)) * len(batch) for batch in self._batches(pictures))
        return {"loss": total / len(pictures)}

    def latents(self, pictures: NDArray[np.uint8]) -> NDArray[np.float16]:
        """Codes of pictures, (n, n_code) float16, clipped to what such numbers can hold."""
        largest = np.finfo(np.float16).max
        codes = np.concatenate([self._encode(batch).numpy() for batch in self._batches(pictures)])
        latents: NDArray[np.float16] = np.clip(codes, -largest, largest).astype(np.float16)
        return latents

    def _batches(self, pictures: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
        for first in range(0, len(pictures), self._batch_size):
            yield pictures[first : first + self._batch_size]


def test_metrics(model: Autoencoder, dataset: Dataset, split: Split) -> dict[str, float]:
    """Metrics on the test part: pictures that the network was never trained on."""
    return Evaluation(model).metrics(dataset.images[split.test])


test_metrics.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test where it is imported


def _scaled(pictures: Any) -> Any:
    return tf.cast(pictures, tf.float32) / 255.0
