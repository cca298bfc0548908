"""Metrics of parts of a dataset do not depend on the batch size."""

import numpy as np
import pytest
from oracles import squared_error
from stores import everything_of, store

from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.models import build
from cadl_gui.training import evaluation
from cadl_gui.training.evaluation import Evaluation

pytestmark = pytest.mark.tf

SHAPE = (5, 4, 2)
IMAGES = np.random.default_rng(8).integers(0, 256, (23, *SHAPE), np.uint8)


@pytest.fixture
def model():
    return build(RunConfig.of(preset="test", layers=(6, 3), initial_stddev=0.4), SHAPE, 0)


def mean_squared_error(model, images):
    return squared_error(model, images / np.float32(255)).mean()


@pytest.mark.parametrize("batch_size", [1, 7, 23, 1000])
def test_the_loss_is_the_mean_over_images_for_any_batch_size(model, batch_size):
    """An incomplete last batch counts by its number of images."""
    loss = Evaluation(model, batch_size).metrics(*everything_of(IMAGES))[0]["loss"]
    assert loss == pytest.approx(mean_squared_error(model, IMAGES), rel=1e-5)


def test_evaluation_follows_the_model_s_weights(model):
    """One `Evaluation` serves all epochs."""
    evaluated = Evaluation(model)
    before = evaluated.metrics(*everything_of(IMAGES))[0]["loss"]
    for variable in model.trainable_variables:
        variable.assign(variable.value * 0.5)
    after = evaluated.metrics(*everything_of(IMAGES))[0]["loss"]
    assert after != before
    assert after == pytest.approx(mean_squared_error(model, IMAGES), rel=1e-5)


def test_latents_too_large_for_half_precision_are_clipped(model):
    for variable in model.trainable_variables:
        variable.assign(np.full(variable.shape, 1e3, np.float32))
    latents = Evaluation(model).latents(IMAGES)
    assert latents.shape == (23, 3)
    assert np.all(latents == np.finfo(np.float16).max)


def test_metrics_on_test_images_come_from_the_test_part(model):
    dataset = store("Noise", IMAGES, None, n_test=4)
    loss = evaluation.metrics_on_test(
        model, dataset, split(dataset, RunConfig.of(preset="test", batch_size=1))
    )["loss"]
    assert loss == pytest.approx(mean_squared_error(model, IMAGES[-4:]), rel=1e-5)
