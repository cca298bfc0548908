"""Image stores made from arrays."""

import numpy as np

from cadl_gui.datasets import images as images_module
from cadl_gui.datasets.images import Images
from cadl_gui.datasets.store import ImageStore
from cadl_gui.training.training_images import TrainingImages


def store(name, images, labels, n_test, **others):
    """A store of these images, (n, height, width, channels) uint8, in memory."""
    return ImageStore(name, Images(images), labels, n_test, **others)


def everything_of(images, labels=None):
    """A store of these images, and the indices of all of them."""
    return store("All", images, labels, 0), np.arange(len(images))


def images_of(images):
    """Training images without labels from all of these images."""
    return TrainingImages(Images(images), np.arange(len(images)), np.zeros(len(images), np.int64))


def leave_in_files(monkeypatch, more_bytes_than):
    """From now on, larger images than this are read from their files, as those of large datasets are."""
    monkeypatch.setattr(images_module, "IN_MEMORY_BYTES", more_bytes_than)
