"""Evaluation artifacts of classifiers and variational networks."""

import numpy as np
import pytest
import tensorflow as tf
from oracles import latents_of
from stores import everything_of, store

from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import EpochCompleted
from cadl_gui.domain.position import Position
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.inference.activations import layer_activations
from cadl_gui.models import build
from cadl_gui.training.evaluation import N_MISTAKES, Evaluation
from cadl_gui.training.examples import example_numbers, examples_of
from cadl_gui.training.loop import train
from cadl_gui.training.train_state import initial_state

pytestmark = pytest.mark.tf

SHAPE = (6, 5, 1)
RANDOM = np.random.default_rng(8)
IMAGES = RANDOM.integers(0, 256, (60, *SHAPE), np.uint8)
LABELS = RANDOM.integers(0, 4, 60)
CLASSIFIER = RunConfig.of(
    preset="test", model="classifier", layers=(7,), use_bias=True, initial_stddev=0.5, batch_size=4
)
VAE = RunConfig.of(
    preset="test",
    layers=(9,),
    latent_dim=2,
    variational=True,
    output_activation="sigmoid",
    initial_stddev=0.5,
    denoising=True,
)


def probabilities_of(network, images):
    logits = latents_of(network, images / 255)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("batch_size", [7, 1000])
def test_a_classifiers_metrics_equal_numpy_for_any_batch_size(batch_size):
    network = build(CLASSIFIER, SHAPE, 4)
    metrics, _ = Evaluation(network, batch_size).metrics(*everything_of(IMAGES, LABELS))
    probabilities = probabilities_of(network, IMAGES)
    assert list(metrics) == ["loss", "accuracy"]
    assert metrics["loss"] == pytest.approx(-np.log(probabilities[np.arange(60), LABELS]).mean(), rel=1e-4)
    assert metrics["accuracy"] == pytest.approx((probabilities.argmax(axis=1) == LABELS).mean(), rel=1e-6)


def test_the_confusion_matrix_counts_every_image_and_agrees_with_the_accuracy():
    network = build(CLASSIFIER, SHAPE, 4)
    metrics, artifacts = Evaluation(network).metrics(*everything_of(IMAGES, LABELS))
    assert artifacts.confusion.shape == (4, 4)
    assert artifacts.confusion.sum() == 60
    np.testing.assert_array_equal(artifacts.confusion.sum(axis=1), np.bincount(LABELS, minlength=4))
    assert np.trace(artifacts.confusion) / 60 == pytest.approx(metrics["accuracy"], rel=1e-6)


def test_mistakes_are_the_worst_ones_in_order_and_really_wrong():
    """The worst mistake is the most confident one."""
    network = build(CLASSIFIER, SHAPE, 4)
    mistakes = Evaluation(network).metrics(*everything_of(IMAGES, LABELS))[1].mistakes
    probabilities = probabilities_of(network, mistakes.images)
    assert len(mistakes.labels) == N_MISTAKES
    assert (mistakes.answers != mistakes.labels).all()
    np.testing.assert_array_equal(mistakes.answers, probabilities.argmax(axis=1))
    np.testing.assert_allclose(mistakes.probabilities, probabilities.max(axis=1), rtol=1e-4)
    everything = probabilities_of(network, IMAGES)
    wrong = everything.argmax(axis=1) != LABELS
    worst = np.sort(everything.max(axis=1)[wrong])[::-1][:N_MISTAKES]
    np.testing.assert_allclose(mistakes.probabilities, worst, rtol=1e-4)


def test_without_mistakes_the_list_is_empty():
    network = build(CLASSIFIER, SHAPE, 4)
    right = probabilities_of(network, IMAGES).argmax(axis=1)
    metrics, artifacts = Evaluation(network).metrics(*everything_of(IMAGES, right))
    assert metrics["accuracy"] == 1.0
    assert artifacts.mistakes.images.shape == (0, *SHAPE)


def test_corruption_and_sampling_are_the_same_in_every_evaluation():
    """So that epochs can be compared; the loss is the sum of its parts."""
    network = build(VAE.replace(beta=3.0), SHAPE, 0)
    evaluated = Evaluation(network)
    first, artifacts = evaluated.metrics(*everything_of(IMAGES))
    assert evaluated.metrics(*everything_of(IMAGES))[0] == first
    assert first["loss"] == pytest.approx(first["reconstruction_loss"] + 3 * first["kl_loss"], rel=1e-5)
    assert artifacts.confusion is None
    assert artifacts.mistakes is None


def test_latents_of_a_variational_network_are_its_means_and_a_classifier_has_none():
    network = build(VAE, SHAPE, 0)
    latents = Evaluation(network).latents(IMAGES)
    np.testing.assert_allclose(latents, latents_of(network, IMAGES / 255), rtol=2e-3, atol=2e-3)
    assert Evaluation(build(CLASSIFIER, SHAPE, 4)).latents(IMAGES) is None


def test_ranges_are_the_extremes_of_every_hidden_unit():
    """A kernel's range is over all positions; the last layer, latents or logits, is left out."""
    config = CLASSIFIER.replace(
        convolutional=True, layers=(3,), kernel_sizes=(2,), strides=(1,), n_hidden=5, activation="tanh"
    )
    network = build(config, SHAPE, 4)
    ranges = Evaluation(network).ranges(IMAGES)
    assert list(ranges) == ["encoder_1", "hidden"]
    given = layer_activations(network, tf.constant(IMAGES / np.float32(255)))
    convolution, hidden, _ = given.values()
    for (lowest, highest), values in zip(ranges.values(), (convolution, hidden), strict=True):
        flat = values.numpy().reshape(-1, values.shape[-1])
        np.testing.assert_allclose(lowest, flat.min(axis=0), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(highest, flat.max(axis=0), rtol=1e-5, atol=1e-6)


def test_the_examples_of_a_denoising_run_are_corrupted_always_alike():
    dataset = store("Noise", IMAGES, None, n_test=10)
    clean = examples_of(dataset, VAE.replace(denoising=False))
    np.testing.assert_allclose(clean, IMAGES / 255, rtol=1e-6)
    corrupted = examples_of(dataset, VAE.replace(corruption_amount=0.4))
    masked = corrupted != clean
    assert masked.mean() == pytest.approx(0.4, abs=0.05)
    assert not corrupted[masked].any()
    np.testing.assert_array_equal(examples_of(dataset, VAE.replace(corruption_amount=0.4)), corrupted)
    assert not corrupted.flags.writeable


def test_a_classifiers_epochs_and_early_batches_come_with_what_it_confuses():
    """The confusion of an epoch agrees with its validation accuracy."""
    dataset = store("Noise", IMAGES, LABELS, n_test=10)
    start = initial_state(CLASSIFIER, dataset, split(dataset, CLASSIFIER))
    training = train(TrainingRequest("run", "Run", CLASSIFIER), dataset, start)
    started, *events = next(training)
    assert started.description.n_classes == 4
    while not any(isinstance(event, EpochCompleted) and event.record.epoch for event in events):
        events += training.send(StepBudget(60.0, None, 1e-2))
    recorded = [event.snapshot for event in events if getattr(event, "recorded", False)]
    assert [s.position for s in recorded[:3]] == [Position(0), Position(0, 1), Position(0, 2)]
    n_validation = len(start.split.validation)
    for snapshot in recorded:
        assert snapshot.artifacts.confusion.sum() == n_validation
        assert snapshot.artifacts.latents is None
        assert not snapshot.artifacts.confusion.flags.writeable
    (record,) = [event.record for event in events if isinstance(event, EpochCompleted)][1:]
    share = np.trace(recorded[-1].artifacts.confusion) / n_validation
    assert record.metrics["val_accuracy"] == pytest.approx(share, rel=1e-6)
    assert set(record.metrics) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_the_examples_of_a_dataset_that_is_sorted_by_class_are_of_all_classes_always_alike():
    labels = np.repeat(np.arange(5), (150, 40, 3, 90, 70))
    images = np.zeros((len(labels), *SHAPE), np.uint8) + labels[:, None, None, None].astype(np.uint8)
    dataset = store("Sorted", images, labels, n_test=10)
    shown = np.rint(255 * examples_of(dataset, CLASSIFIER)[:, 0, 0, 0]).astype(int)
    assert np.bincount(shown).tolist() == [25, 24, 3, 24, 24]
    assert (np.diff(example_numbers(dataset)) > 0).all()
    np.testing.assert_array_equal(example_numbers(dataset), example_numbers(dataset))


def test_the_examples_are_the_first_hundred_where_these_are_of_all_classes():
    """As in the lecture, for MNIST."""
    labels = np.arange(300) % 10
    images = np.zeros((300, *SHAPE), np.uint8)
    for each in (labels, None):
        assert example_numbers(store("Mixed", images, each, n_test=10)).tolist() == list(range(100))
    assert example_numbers(load("mnist")).tolist() == list(range(100))
