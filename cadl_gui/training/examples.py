"""The example images whose outputs are shown during training."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.changed import what_changed
from cadl_gui.datasets.load import load, load_if_asked_for
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.run import RunInfo

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
    dataset = _dataset_at_hand(config, image_shape)
    if dataset is not None:
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


def examples_at_hand(about: RunInfo, *, is_own: bool = False) -> NDArray[np.float32] | None:
    """The examples of a run's dataset as its network receives them; None without `unchanged_dataset`."""
    dataset = unchanged_dataset(about, is_own=is_own)
    return None if dataset is None else examples_of(dataset, about.config)


def unchanged_dataset(about: RunInfo, *, is_own: bool = False) -> ImageStore | None:
    """The run's dataset; None if it has changed, does not fit, is unavailable or may not be read.

    Args:
        is_own: whether the user trained the run, so that the path of its dataset can be trusted.
    """
    dataset = _dataset_at_hand(about.config, about.image_shape, is_own=is_own)
    if dataset is None or (
        dataset.can_change and what_changed(dataset, about.config.data, about.dataset_fingerprint)
    ):
        return None
    return dataset


def _dataset_at_hand(config: RunConfig, shape: ImageShape, *, is_own: bool = False) -> ImageStore | None:
    try:
        dataset = (load if is_own else load_if_asked_for)(config.data.dataset)
    except DatasetError:
        return None
    return dataset if dataset.image_shape == shape else None
