"""Training images as tensors on the device, shared by concurrent trainings."""

from typing import Any
from weakref import WeakSet

import numpy as np
import tensorflow as tf

from cadl_gui.training.training_images import TrainingImages


class DeviceImages:
    """All training images of a run and their labels on the device.

    Args:
        batch: the images to copy to the device.

    Attributes:
        tensors: images (n, height, width, channels) uint8 and labels (n,) int64.
    """

    def __init__(self, batch: TrainingImages) -> None:
        self._images = batch
        images, labels = batch.gather(slice(None))
        self.tensors: tuple[Any, ...] = tf.constant(images), tf.constant(labels)

    def holds(self, images: TrainingImages) -> bool:
        """Whether these are copies of the given images, decided without comparing pixels."""
        own = self._images
        return (
            own.images is images.images
            and np.array_equal(own.which, images.which)
            and np.array_equal(own.labels, images.labels)
        )


_in_use: WeakSet[DeviceImages] = WeakSet()


def on_device(images: TrainingImages) -> DeviceImages:
    """Copy images to the device, or return the copy that another training still references.

    MNIST takes 42 MB, which each of several trainings would otherwise hold.

    Raises:
        DatasetError: if a file that the images are read from has changed.
    """
    found = next((shared for shared in _in_use if shared.holds(images)), None)
    if found is None:
        found = DeviceImages(images)
        _in_use.add(found)
    return found
