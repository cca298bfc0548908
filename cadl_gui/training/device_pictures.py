"""Training images as tensors, shared by the trainings that go on beside each other."""

from typing import Any
from weakref import WeakSet

import numpy as np
import tensorflow as tf

from cadl_gui.training.training_images import TrainingImages


class DeviceImages:
    """All images that a run learns from, with their labels, on the device.

    Args:
        images: to copy there.

    Attributes:
        tensors: (n, height, width, channels) uint8 and (n,) int64.
    """

    def __init__(self, batch: TrainingImages) -> None:
        self._images = batch
        images, labels = batch.gather(slice(None))
        self.tensors: tuple[Any, ...] = tf.constant(images), tf.constant(labels)

    def are(self, images: TrainingImages) -> bool:
        """Whether they are copies of these, told without comparing images."""
        own = self._images
        return (
            own.images is images.images
            and np.array_equal(own.which, images.which)
            and np.array_equal(own.labels, images.labels)
        )


_in_use: WeakSet[DeviceImages] = WeakSet()


def on_device(images: TrainingImages) -> DeviceImages:
    """Images on the device, shared as long as someone keeps what this returns.

    MNIST's take 42 MB, which each of several trainings would hold otherwise.

    Raises:
        DatasetError: if a file that they are read from has changed.
    """
    found = next((shared for shared in _in_use if shared.are(images)), None)
    if found is None:
        found = DeviceImages(images)
        _in_use.add(found)
    return found
