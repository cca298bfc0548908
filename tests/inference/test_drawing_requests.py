"""Requests of the Draw tab besides the classification: evidence, nearest training digits, test digits."""

import dataclasses
import weakref

import numpy as np
import pytest
from described import described
from stores import store

from cadl_gui.datasets.images import Images
from cadl_gui.datasets.split import split
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError, DatasetError
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import (
    FetchTestImage,
    FetchTrainingImages,
    FindEvidence,
    FindNearest,
    FindTopActivations,
)
from cadl_gui.domain.run import UNKNOWN_DATASET
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.inference.neighbour_index import PartSizes
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (6, 5, 1)
IMAGE = np.random.default_rng(4).random(SHAPE, np.float32)
SOFTMAX = RunConfig.of(preset="test", model="classifier", layers=(), use_bias=True, batch_size=10)
CONVOLUTIONAL = SOFTMAX.replace(
    convolutional=True, layers=(3, 4), kernel_sizes=(3, 3), strides=(1, 2), batch_normalisation=True,
    initializer="he",
)  # fmt: skip


def opened(config, answers, run_id="run"):
    """Open a run of a network whose variables have all changed."""
    network = build(config, SHAPE, 4)
    random = np.random.default_rng(3)
    for variable in network.variables:
        variable.assign(random.uniform(0.1, 0.9, variable.shape) * (variable.numpy() >= 0))
    answers.register(
        described(run_id, config, SHAPE, dataset_fingerprint=noise().fingerprint, class_names=numbered(4))
    )
    weights = network.weights_by_path
    answers.update(run_id, Snapshot(Position(1), weights), True)
    return network


def noise():
    random = np.random.default_rng(5)
    images = random.integers(0, 256, (90, *SHAPE), np.uint8)
    return store("Noise", images, random.integers(0, 4, 90), 20)


@pytest.fixture
def dataset():
    return noise()


@pytest.fixture
def answers(dataset):
    return answering_about(lambda _: dataset)


def answering_about(load):
    return InferenceService(load=load, part_sizes=PartSizes(pixels=25, latents=25))


def test_the_evidence_of_softmax_regression_is_weight_times_pixel(answers):
    network = opened(SOFTMAX, answers)
    _, evidence = answers.respond(FindEvidence("run", None, IMAGE))
    mean, kernel, bias = (variable.value.numpy() for variable in network.variables)
    expected = kernel.T.reshape(4, *SHAPE) * IMAGE
    np.testing.assert_allclose(evidence.contributions, expected, rtol=1e-5)
    np.testing.assert_allclose(evidence.biases, bias - mean.ravel() @ kernel, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(evidence.sums + evidence.biases, evidence.logits, rtol=1e-6)


def test_evidence_is_what_a_pixel_changes_at_the_margin(answers):
    """The gradient of each logit, compared with finite differences."""
    # Smooth: finite differences across the corner of a ReLU are no gradient.
    network = opened(CONVOLUTIONAL.replace(activation="tanh"), answers)
    _, evidence = answers.respond(FindEvidence("run", None, IMAGE))
    np.testing.assert_allclose(evidence.logits, network.logits(IMAGE[None])[0], rtol=1e-5)
    step = 1e-2
    for place in ((0, 0), (2, 3), (5, 4)):
        more, less = IMAGE.copy(), IMAGE.copy()
        more[place] += step
        less[place] -= step
        logits = network.logits(np.stack([more, less])).numpy()
        slope = (logits[0] - logits[1]) / (2 * step)
        np.testing.assert_allclose(
            evidence.contributions[(slice(None), *place, 0)], slope * IMAGE[place], rtol=2e-2, atol=2e-3
        )


def test_an_autoencoder_has_no_evidence(answers):
    opened(RunConfig.of(preset="test", layers=(3,)), answers)
    with pytest.raises(CadlError, match="autoencoder: it cannot find evidence"):
        answers.respond(FindEvidence("run", None, IMAGE))


def test_the_nearest_of_all_parts_are_the_nearest_training_images(answers, dataset):
    opened(SOFTMAX, answers)
    _, nearest = answers.respond(FindNearest("run", None, IMAGE, 0))
    for part in (1, 2):
        assert not nearest.is_last
        _, later = answers.respond(FindNearest("run", None, IMAGE, part))
        nearest = nearest.merged(later)
    assert nearest.is_last
    train = split(dataset, SOFTMAX).train
    distances = np.sqrt(((dataset.as_floats(train) - IMAGE) ** 2).sum(axis=(1, 2, 3)))
    order = np.argsort(distances)[:10]
    np.testing.assert_allclose(nearest.distances, distances[order], rtol=1e-4)
    np.testing.assert_array_equal(nearest.labels, dataset.labels[train[order]])
    np.testing.assert_array_equal(nearest.images, dataset.images[train[order]])


def test_the_nearest_latents_are_those_of_all_training_images_and_follow_the_weights(answers, dataset):
    config = SOFTMAX.replace(model="autoencoder", layers=(3,), tied=False)
    network = opened(config, answers)
    for factor in (1.0, -2.0):
        for variable in network.variables:
            variable.assign(variable * factor)
        weights = network.weights_by_path
        answers.update("run", Snapshot(Position(1), weights), True)
        parts = [
            answers.respond(FindNearest("run", None, IMAGE, part, by_latent=True))[1] for part in range(3)
        ]
        nearest = parts[0].merged(parts[1]).merged(parts[2])
        assert [part.is_last for part in parts] == [False, False, True]
        train = split(dataset, config).train
        latents, latent = network.encode(dataset.as_floats(train)), network.encode(IMAGE[None])
        distances = np.linalg.norm(latents - latent, axis=1)
        np.testing.assert_allclose(nearest.distances, np.sort(distances)[:10], rtol=1e-4, atol=1e-5)


def test_a_classifier_has_no_latents(answers, dataset):
    opened(SOFTMAX, answers)
    with pytest.raises(CadlError, match="classifier: it cannot encode"):
        answers.respond(FindNearest("run", None, IMAGE, 0, by_latent=True))


def test_images_that_the_run_was_not_trained_on_are_reported(dataset):
    """Its dataset has changed since, so it may have been trained on what is a test image now."""
    answers = answering_about(lambda _: dataclasses.replace(dataset, images=Images(255 - dataset.images[:])))
    opened(SOFTMAX, answers)
    for request in (FindNearest("run", None, IMAGE, 0), FetchTestImage("run", 0)):
        with pytest.raises(DatasetError, match="no longer what this run was trained on"):
            answers.respond(request)


@pytest.mark.parametrize("config", [SOFTMAX, SOFTMAX.replace(model="autoencoder", layers=(3,))])
def test_a_network_for_other_images_than_its_dataset_s_gets_none_of_them(answers, dataset, config):
    """One of the course's, for photographs, names no dataset of its own; it was given digits."""
    about = described(
        "course", config, (9, 9, 3), dataset_fingerprint=UNKNOWN_DATASET, class_names=numbered(4)
    )
    answers.register(about)
    answers.update("course", Snapshot(Position(1), build(config, (9, 9, 3), 4).weights_by_path), True)
    requests = (
        FetchTestImage("course", 0),
        FetchTestImage("course", 0, is_new_to_all=True),
        FetchTrainingImages("course", (0,)),
        FindTopActivations("course", None, "encoder_1", 0),
        FindNearest("course", None, np.zeros((9, 9, 3), np.float32), 0),
    )
    for request in requests:
        with pytest.raises(DatasetError, match="Noise are 6×5×1; this network takes 9×9×3"):
            answers.respond(request)


def test_part_beyond_the_last_is_refused(answers, dataset):
    opened(SOFTMAX, answers)
    with pytest.raises(CadlError, match="no part 3"):
        answers.respond(FindNearest("run", None, IMAGE, 3))


def test_an_image_of_another_size_is_refused(answers, dataset):
    opened(SOFTMAX, answers)
    with pytest.raises(CadlError, match="another size"):
        answers.respond(FindNearest("run", None, np.zeros((3, 3, 1), np.float32), 0))


def handed_out(answers, run_id):
    """Numbers of all images that may be returned as a random digit."""
    requests = (FetchTestImage(run_id, number, is_new_to_all=True) for number in range(90))
    return [answers.respond(request)[1].tobytes() for request in requests]


def test_an_image_that_is_new_to_all_is_one_that_no_open_run_learns_from(answers, dataset):
    fractions = SOFTMAX.replace(split="fractions", seed=3)
    opened(SOFTMAX, answers)
    opened(fractions, answers, "fractions")
    learned = {
        dataset.images[i].tobytes() for about in (SOFTMAX, fractions) for i in split(dataset, about).train
    }
    assert learned & {dataset.images[i].tobytes() for i in split(dataset, SOFTMAX).test}
    for run_id in ("run", "fractions"):
        assert not learned & set(handed_out(answers, run_id))
    answers.unregister("fractions")
    assert len(set(handed_out(answers, "run"))) == 20


def test_where_every_image_was_learned_from_there_is_none_that_is_new_to_all(answers, dataset):
    for seed in range(20):
        opened(SOFTMAX.replace(split="fractions", seed=seed), answers, str(seed))
    with pytest.raises(CadlError, match="another run learned from"):
        answers.respond(FetchTestImage("0", 0, is_new_to_all=True))


def test_test_images_are_never_trained_on_and_start_again_at_the_end(answers, dataset):
    opened(SOFTMAX, answers)
    _, first = answers.respond(FetchTestImage("run", 0))
    _, again = answers.respond(FetchTestImage("run", 20))
    np.testing.assert_array_equal(first, dataset.images[70])
    np.testing.assert_array_equal(first, again)


def test_images_are_freed_with_the_last_run_that_was_trained_on_them():
    loaded = []

    def load(_):
        dataset = noise()
        loaded.append(weakref.ref(dataset.images))
        return dataset

    answers = answering_about(load)
    opened(SOFTMAX, answers, "one")
    opened(SOFTMAX, answers, "other")
    for run_id in ("one", "other"):
        answers.respond(FetchTestImage(run_id, 0))
    (images,) = loaded
    answers.unregister("one")
    assert images() is not None
    answers.unregister("other")
    assert images() is None
