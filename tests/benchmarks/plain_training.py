"""Shared by the trainers of the speed benchmark: data, clock, and a check that networks are equal."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_spec import model_spec

Trainer = Callable[[int], float]
"""Trains for this many epochs of whole batches, and returns the images per second."""


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The training part of a preset's dataset, prepared for any training loop.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1].
        mean: (height, width, channels) float32, zero if the preset does not subtract the mean.
        labels: (n,) int64.
        n_classes: number of classes.
    """

    images: NDArray[np.float32]
    mean: NDArray[np.float32]
    labels: NDArray[np.int64]
    n_classes: int

    @property
    def image_shape(self) -> ImageShape:
        """Height, width and channels of one image."""
        _, height, width, channels = self.images.shape
        return height, width, channels


def training_data(config: RunConfig) -> TrainingData:
    """The images that a preset trains on, as float32 in memory, which is the usual way."""
    dataset = load(config.data.dataset)
    train = split(dataset, config).train
    images = dataset.as_floats(train)
    mean = images.mean(axis=0) if config.model.subtract_mean else np.zeros(images.shape[1:], np.float32)
    return TrainingData(images, mean, dataset.labels[train], dataset.n_classes)


def require_same_size(n_parameters: int, config: RunConfig, data: TrainingData) -> None:
    """Ensure that networks have equally many weights, since a comparison is meaningless otherwise.

    Raises:
        ValueError: if ours has another number of weights.
    """
    expected = model_spec(config.model, data.image_shape, data.n_classes).n_parameters
    if n_parameters != expected:
        raise ValueError(f"Expected a network of {expected:,} weights. Received: {n_parameters:,}")


def over_epochs(step: Callable[[], object], config: RunConfig, data: TrainingData) -> Trainer:
    """Make a trainer from a step on one batch; an epoch has as many as there are whole batches of images."""
    n_steps = len(data.images) // config.training.batch_size

    def run(n_epochs: int) -> float:
        began = time.perf_counter()
        for _ in range(n_epochs * n_steps):
            step()
        return n_epochs * n_steps * config.training.batch_size / (time.perf_counter() - began)

    return run
