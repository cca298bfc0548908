"""Training pictures as tensors, shared by the trainings that go on beside each other."""

from typing import Any
from weakref import WeakSet

import numpy as np
import tensorflow as tf

from cadl_gui.training.training_pictures import TrainingPictures


class DevicePictures:
    """All pictures that a run learns from, with their labels, on the device.

    Args:
        pictures: to copy there.

    Attributes:
        tensors: (n, height, width, channels) uint8 and (n,) int64.
    """

    def __init__(self, pictures: TrainingPictures) -> None:
        self._pictures = pictures
        images, labels = pictures.gather(slice(None))
        self.tensors: tuple[Any, ...] = tf.constant(images), tf.constant(labels)

    def are(self, pictures: TrainingPictures) -> bool:
        """Whether they are copies of these, told without comparing images."""
        own = self._pictures
        return (
            own.images is pictures.images
            and np.array_equal(own.which, pictures.which)
            and np.array_equal(own.labels, pictures.labels)
        )


_in_use: WeakSet[DevicePictures] = WeakSet()


def on_device(pictures: TrainingPictures) -> DevicePictures:
    """Pictures on the device, shared as long as somebody keeps what this returns.

    MNIST's take 42 MB, which each of several trainings would hold otherwise.

    Raises:
        DatasetError: if a file that they are read from has changed.
    """
    found = next((shared for shared in _in_use if shared.are(pictures)), None)
    if found is None:
        found = DevicePictures(pictures)
        _in_use.add(found)
    return found
