"""The presets for CIFAR-10 learn from small images in colour, drawn here in place of the photographs."""

import numpy as np
import pytest
from stores import store

from cadl_gui.datasets.split import split
from cadl_gui.domain.events import TrainingEnded
from cadl_gui.domain.presets import preset
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.training.evaluation import metrics_on_test
from cadl_gui.training.loop import train
from cadl_gui.training.train_state import initial_state

pytestmark = [pytest.mark.tf, pytest.mark.slow]

N, N_TEST, N_CLASSES, SIDE = 1000, 100, 10, 32


@pytest.fixture(scope="module")
def dataset():
    """Stripes: five directions, narrow or broad; colours, places and noise say nothing about the class."""
    random = np.random.default_rng(2)
    labels = np.arange(N) % N_CLASSES
    angles = np.pi * (labels % 5) / 5 + random.normal(0, 0.06, N)
    waves = np.where(labels < 5, 0.6, 1.1) * random.uniform(0.9, 1.1, N)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    along = np.cos(angles)[:, None, None] * rows + np.sin(angles)[:, None, None] * columns
    stripes = 0.5 + 0.5 * np.sin(waves[:, None, None] * along + random.uniform(0, 6.3, (N, 1, 1)))
    bright, dark = random.uniform(0, 1, (2, N, 1, 1, 3))
    images = stripes[..., None] * bright + (1 - stripes[..., None]) * dark
    images += random.normal(0, 0.05, images.shape)
    pixels = (255 * images.clip(0, 1)).astype(np.uint8)
    return store("Stripes", pixels, labels, n_test=N_TEST)


def learned(name, dataset, **changes):
    """Metrics on the test images after a short training."""
    config = preset(name).config.replace(**changes)
    parts = split(dataset, config)
    start = initial_state(config, dataset, parts)
    training = train(TrainingRequest("run", name, config), dataset, start)
    events = next(training)
    while not any(isinstance(event, TrainingEnded) for event in events):
        events = training.send(StepBudget(60.0, None, config.training.learning_rate))
    return metrics_on_test(start.model, dataset, parts)


def test_the_classifier_tells_ten_classes_apart_on_images_it_has_not_seen(dataset):
    assert learned("cifar-classifier", dataset, epochs=6, batch_size=32)["accuracy"] > 0.7


def test_the_autoencoder_reconstructs_images_it_has_not_seen(dataset):
    tested = dataset.as_floats(slice(N - N_TEST, N))
    known = dataset.as_floats(slice(N - N_TEST))
    mean_image = ((tested - known.mean(axis=0)) ** 2).mean()
    assert learned("cifar-autoencoder", dataset, epochs=12, batch_size=25)["loss"] < 0.15 * mean_image
