"""A stateless network gives the same answers as Keras's network with the same weights."""

import gc
import weakref

import numpy as np
import pytest
from described import described
from oracles import latents_of, z_log_var_of

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import (
    Classify,
    Decode,
    Encode,
    EncodeGaussian,
    FetchSnapshot,
    ListOperations,
    Reconstruct,
)
from cadl_gui.domain.snapshot import NO_WEIGHTS, Snapshot
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (7, 6, 2)
IMAGES = np.random.default_rng(4).random((3, *SHAPE), np.float32)
DENSE = RunConfig.of(
    preset="test", layers=(8, 5), batch_normalisation=True, dropout=0.3, use_bias=True, initial_stddev=0.4
)
CONVOLUTIONAL = DENSE.replace(
    convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 2), n_hidden=6
)
VAE = CONVOLUTIONAL.replace(
    latent_dim=2, variational=True, tied=False, output_activation="sigmoid", denoising=True
)
CLASSIFIER = CONVOLUTIONAL.replace(model="classifier", augmentation=0.5)


def trained(config, seed=3):
    """A network in place of a trained one: its running statistics have changed, too."""
    network = build(config.replace(seed=seed), SHAPE, 4)
    random = np.random.default_rng(seed)
    for variable in network.variables:
        variable.assign(random.uniform(0.1, 0.5, variable.shape) * (variable.numpy() >= 0))
    return network


def weights_of(network):
    return network.weights_by_path


@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL, VAE], ids=["dense", "convolutional", "vae"])
def test_an_autoencoder_reconstructs_encodes_and_decodes_as_its_own_network(config):
    pure, network = StatelessNetwork(config.model, SHAPE, 4), trained(config)
    weights = weights_of(network)
    latents = network.encode(IMAGES).numpy()
    for request, expected in (
        (Reconstruct("run", None, IMAGES), network(IMAGES)),
        (Encode("run", None, IMAGES), latents),
        (Decode("run", None, latents), network.decode(latents)),
    ):
        np.testing.assert_allclose(pure.respond(weights, request), expected, rtol=1e-4, atol=1e-5)


def test_a_posterior_is_the_mean_and_the_standard_deviation_of_each_latent():
    network = trained(VAE)
    mean, deviation = latents_of(network, IMAGES), np.exp(z_log_var_of(network, IMAGES) / 2)
    answer = StatelessNetwork(VAE.model, SHAPE, 4).respond(
        weights_of(network), EncodeGaussian("run", None, IMAGES)
    )
    np.testing.assert_allclose(answer, np.stack([mean, deviation], axis=1), rtol=1e-4)


@pytest.mark.parametrize(
    "config", [CLASSIFIER, CLASSIFIER.replace(convolutional=False, layers=(), n_hidden=0)]
)
def test_a_classifier_classifies_as_its_own_network(config):
    pure, network = StatelessNetwork(config.model, SHAPE, 4), trained(config)
    answer = pure.respond(weights_of(network), Classify("run", None, IMAGES))
    assert answer.shape == (3, 4)
    np.testing.assert_allclose(answer.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(answer, network(IMAGES), rtol=1e-4, atol=1e-5)


def test_images_whose_activations_do_not_fit_at_once_are_answered_in_parts():
    network = trained(CLASSIFIER)
    n_at_once = 2
    pure = StatelessNetwork(CLASSIFIER.model, SHAPE, 4, at_once=n_at_once * network.spec.n_activations)
    images = np.random.default_rng(5).random((2 * n_at_once + 1, *SHAPE), np.float32)
    answer = pure.respond(weights_of(network), Classify("run", None, images))
    np.testing.assert_allclose(answer, network(images), rtol=1e-4, atol=1e-5)
    assert not answer.flags.writeable, "whoever receives it could change it for all others"


def test_what_a_network_is_not_made_for_is_refused_in_a_message():
    classifier, autoencoder = (
        StatelessNetwork(CLASSIFIER.model, SHAPE, 4),
        StatelessNetwork(DENSE.model, SHAPE, 4),
    )
    weights = weights_of(build(CLASSIFIER, SHAPE, 4))
    for request in (Encode("run", None, IMAGES), Decode("run", None, IMAGES)):
        with pytest.raises(CadlError, match="is a classifier"):
            classifier.respond(weights, request)
    with pytest.raises(CadlError, match="is an autoencoder"):
        autoencoder.respond(weights, Classify("run", None, IMAGES))


@pytest.fixture
def made(monkeypatch):
    """References to the networks that are created."""
    made = []

    class Counted(StatelessNetwork):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(weakref.ref(self))

    monkeypatch.setattr("cadl_gui.inference.stateless_network.StatelessNetwork", Counted)
    return made


@pytest.fixture
def answers(made):
    made = InferenceService()
    for seed, otherwise in ((1, {}), (2, {"dropout": 0.5, "initial_stddev": 0.2, "corruption_amount": 0.1})):
        run_id, config = f"run {seed}", CLASSIFIER.replace(seed=seed, **otherwise)
        made.register(described(run_id, config, SHAPE, class_names=numbered(4)))
        made.update(run_id, Snapshot(Position(1), weights_of(trained(config, seed))), True)
    return made


def test_a_single_image_waits_for_no_thread_of_tensorflow_and_is_answered_alike(answers, made):
    """A training occupies them for tens of milliseconds."""
    answers.register(described("dense", DENSE, SHAPE))
    answers.update("dense", Snapshot(Position(1), weights_of(trained(DENSE))), True)
    for n_made, (run_id, kind) in enumerate((("dense", Reconstruct), ("run 1", Classify))):
        _, one = answers.respond(kind(run_id, None, IMAGES[:1]))
        assert len(made) == n_made
        _, all_ = answers.respond(kind(run_id, None, IMAGES))
        assert len(made) == n_made + 1
        np.testing.assert_allclose(one, all_[:1], rtol=1e-4, atol=1e-5)
    with pytest.raises(CadlError, match="is an autoencoder"):
        answers.respond(Classify("dense", None, IMAGES[:1]))


def test_an_image_that_takes_numpy_longer_is_computed_by_tensorflow(made):
    about = described("run", CLASSIFIER, SHAPE, class_names=numbered(4))
    work = about.spec.n_multiplications
    for most, n_made in ((work, 0), (work - 1, 1)):
        answers = InferenceService(quick_multiplications=most)
        answers.register(about)
        answers.update("run", Snapshot(Position(1), weights_of(trained(CLASSIFIER))), True)
        answers.respond(Classify("run", None, IMAGES[:1]))
        assert len(made) == n_made


def test_runs_that_were_only_trained_otherwise_share_a_network(answers, made):
    """Each is nevertheless evaluated with its own weights."""
    for seed in (1, 2):
        position, value = answers.respond(Classify(f"run {seed}", None, IMAGES))
        assert position == Position(1)
        np.testing.assert_allclose(value, trained(CLASSIFIER, seed)(IMAGES), rtol=1e-4, atol=1e-5)
    assert len(made) == 1


def test_a_network_that_no_run_needs_any_more_leaves_no_function(answers, made):
    answers.respond(Classify("run 1", None, IMAGES))
    (network,) = made
    for run_id in ("run 1", "run 2"):
        answers.unregister(run_id)
    gc.collect()
    assert network() is None


def test_a_snapshot_can_be_fetched_itself(answers):
    position, snapshot = answers.respond(FetchSnapshot("run 1", Position(1)))
    assert position == snapshot.position == Position(1)
    assert all(not array.flags.writeable for array in snapshot.weights.values())


def test_runs_with_other_labels_have_networks_of_their_own(answers, made):
    answers.register(described("other", CLASSIFIER, SHAPE, class_names=numbered(9)))
    answers.update("other", Snapshot(Position(1), NO_WEIGHTS), True)
    for run_id in ("run 1", "other"):
        answers.respond(ListOperations(run_id, None))
    assert len(made) == 2
