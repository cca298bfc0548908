"""How badly a network does on single images of its dataset, compared with NumPy."""

import dataclasses

import numpy as np
import pytest
from described import described
from stores import store

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, ComputeErrors, Reconstruct
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.inference.example_errors import cross_entropies
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (6, 5, 1)
RANDOM = np.random.default_rng(5)
NOISE = store("Noise", RANDOM.integers(0, 256, (90, *SHAPE), np.uint8), RANDOM.integers(0, 4, 90), 20)
NUMBERS = np.array([3, 80, 41], np.int32)
CLASSIFIER = RunConfig.of(preset="test", model="classifier", layers=(5,), batch_size=10)
AUTOENCODER = RunConfig.of(preset="test", layers=(5,), latent_dim=2, batch_size=10)


@pytest.fixture
def answers():
    return InferenceService(load=lambda _: NOISE)


def opened(config, answers, dataset=NOISE):
    about = described(
        "run", config, SHAPE, dataset_fingerprint=dataset.fingerprint, class_names=dataset.class_names
    )
    answers.register(about)
    network = build(config, SHAPE, 4)
    answers.update("run", Snapshot(Position(1), network.weights_by_path), True)


def test_a_classifiers_error_is_the_cross_entropy_of_the_label(answers):
    opened(CLASSIFIER, answers)
    position, errors = answers.respond(ComputeErrors("run", None, NUMBERS))
    _, probabilities = answers.respond(Classify("run", None, NOISE.as_floats(NUMBERS)))
    assert position == Position(1)
    assert errors.dtype == np.float32
    expected = -np.log(probabilities[np.arange(3), NOISE.labels[NUMBERS]])
    np.testing.assert_allclose(errors, expected, rtol=1e-5)


def test_errors_of_images_taken_for_another_class_are_negative(answers):
    opened(CLASSIFIER, answers)
    numbers = np.arange(5, 90, dtype=np.int32)
    predicted = answers.respond(Classify("run", None, NOISE.as_floats(numbers)))[1].argmax(1)
    assert len(set(predicted.tolist())) > 1
    _, all_errors = answers.respond(ComputeErrors("run", None, numbers))
    for label in (0, 1, 2, 3):
        _, errors = answers.respond(ComputeErrors("run", None, numbers, label))
        np.testing.assert_array_equal(errors, np.where(predicted == label, all_errors, -1))


def test_an_autoencoders_error_is_that_of_its_reconstruction(answers):
    opened(AUTOENCODER, answers)
    images = NOISE.as_floats(NUMBERS)
    _, made = answers.respond(Reconstruct("run", None, images))
    _, errors = answers.respond(ComputeErrors("run", None, NUMBERS))
    np.testing.assert_allclose(errors, ((made - images) ** 2).mean(axis=(1, 2, 3)), rtol=1e-5)


def test_without_labels_a_classifier_has_no_errors():
    plain = dataclasses.replace(NOISE, labels=None, class_names=())
    answers = InferenceService(load=lambda _: plain)
    opened(CLASSIFIER, answers, plain)
    with pytest.raises(CadlError, match="no labels"):
        answers.respond(ComputeErrors("run", None, NUMBERS))


def test_an_impossible_label_has_a_finite_error():
    assert 50 < cross_entropies(np.array([[0, 1]], np.float32), np.array([0]))[0] < 100


def test_a_certain_label_has_an_error_of_0_also_where_rounding_makes_more_than_1_of_it():
    rounded = np.array([[0, np.nextafter(np.float32(1), np.float32(2))]], np.float32)
    assert cross_entropies(rounded, np.array([1]))[0] >= 0
