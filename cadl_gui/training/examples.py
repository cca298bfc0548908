"""The example images whose outputs are shown during training."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.load import load_if_asked_for
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape

N_EXAMPLES = 100
"""The lecture shows the reconstructions of `ds.X[:100]`."""

_EXAMPLES = 2**31 - 2
"""Replaces the step in random keys, so that the examples always have the same corruption."""


def example_numbers(dataset: ImageStore) -> NDArray[np.int64]:
    """Choose a dataset's examples, always the same ones.

    They are the first hundred images if these are of all classes, as MNIST's are. In a dataset that is sorted
    by class they are not: then the first images of each class are taken, equally many where there are enough.

    Returns:
        (≤100,) int64, indices in ascending order.
    """
    n = min(N_EXAMPLES, dataset.n_own)
    labels = None if dataset.labels is None else dataset.labels[: dataset.n_own]
    if labels is None or _n_classes(labels[:n]) == _n_classes(labels):
        return np.arange(n)
    order = np.argsort(labels, kind="stable")
    in_order = labels[order]
    rank = np.empty(len(labels), np.int64)  # how many images of its class come before each
    rank[order] = np.arange(len(labels)) - np.searchsorted(in_order, in_order)
    chosen: NDArray[np.int64] = np.sort(np.lexsort((labels, rank))[:n])
    return chosen


def _n_classes(labels: NDArray[np.int64]) -> int:
    # np.unique imports numpy.ma, which the first start would wait for.
    return int(np.count_nonzero(np.bincount(labels)))


def clean_examples(config: RunConfig, image_shape: ImageShape) -> NDArray[np.float32]:
    """Up to a hundred images to test a network on.

    Returns:
        (≤100, *image_shape) float32 in [0, 1]: images of the dataset, or noise if the dataset is not
        available or its images have another shape.
    """
    try:
        dataset = load_if_asked_for(config.data.dataset)
    except DatasetError:
        dataset = None
    if dataset is not None and dataset.image_shape == image_shape:
        return dataset.as_floats(example_numbers(dataset))
    return np.random.default_rng(0).random((N_EXAMPLES, *image_shape), np.float32)


def examples_of(dataset: ImageStore, config: RunConfig) -> NDArray[np.float32]:
    """The examples of a dataset as the network receives them: corrupted if it is denoising.

    Returns:
        (≤100, height, width, channels) float32 in [0, 1], read-only.
    """
    images = dataset.as_floats(example_numbers(dataset))
    if config.is_denoising:
        import tensorflow as tf

        from cadl_gui.models.corruption import corrupt

        key = tf.constant([config.training.seed, _EXAMPLES])
        kind, amount = config.training.corruption, config.training.corruption_amount
        images = corrupt(tf.constant(images), key, kind, amount).numpy()
    images.flags.writeable = False
    return images
