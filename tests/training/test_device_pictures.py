"""Simultaneous trainings share the images on the device."""

import weakref

import numpy as np
import pytest
from stores import images_of

from cadl_gui.datasets.images import Images
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import Position
from cadl_gui.models import build
from cadl_gui.training.compiled import CompiledNetwork
from cadl_gui.training.device_pictures import on_device
from cadl_gui.training.stepper import Stepper
from cadl_gui.training.training_images import TrainingImages

pytestmark = pytest.mark.tf

SHAPE = (4, 4, 1)
CONFIG = RunConfig.of(preset="test", layers=(3,), batch_size=4)


def some_images():
    return np.random.default_rng(1).integers(0, 256, (40, *SHAPE), np.uint8)


class Counted(Images):
    """Images that count how often they are read."""

    n_read = 0

    def __getitem__(self, which):
        self.n_read += 1
        return super().__getitem__(which)


def half_of(images):
    """Half of the images, as each training selects them from the shared store."""
    return TrainingImages(images, np.arange(0, 40, 2), np.arange(20) % 10)


def test_a_second_training_reads_no_images_and_trains_on_all():
    images = Counted(some_images())
    steppers = []
    for _ in range(2):
        network = CompiledNetwork(build(CONFIG, SHAPE, 0))
        steppers.append(Stepper(network, CONFIG.training, half_of(images)))
    assert images.n_read == 1
    first, second = (
        stepper.run_steps(Position(0), max_steps=5, seconds=60, learning_rate=0.01)["loss"]
        for stepper in steppers
    )
    np.testing.assert_array_equal(first, second)


def test_images_on_the_device_are_those_of_the_store():
    images = some_images()
    copies, labels = on_device(half_of(Images(images))).tensors
    np.testing.assert_array_equal(copies, images[::2])
    np.testing.assert_array_equal(labels, np.arange(20) % 10)


@pytest.mark.parametrize("other", ["images", "which", "labels"])
def test_other_images_are_not_shared(other):
    own = half_of(Images(some_images()))
    others = {
        "images": Images(255 - some_images()),
        "which": np.arange(1, 40, 2),
        "labels": np.zeros(20, np.int64),
    }
    changed = TrainingImages(**vars(own) | {other: others[other]})
    shared, unlike = on_device(own), on_device(changed)
    for tensor, wanted in zip(unlike.tensors, changed.gather(slice(None)), strict=True):
        np.testing.assert_array_equal(tensor, wanted)
    assert shared is not unlike


def test_the_last_training_frees_them():
    images = images_of(some_images())
    first, second = on_device(images), on_device(images)
    shared = weakref.ref(first)
    assert second is first
    del first
    assert shared() is not None
    del second
    assert shared() is None
