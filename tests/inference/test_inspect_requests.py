"""Requests of the Inspect tab besides weights and activations, compared with brute force and NumPy."""

import numpy as np
import pytest
from described import described
from oracles import outputs_of
from stores import store

from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import (
    ComputeActivations,
    ComputeQuantiles,
    Decode,
    DecodeActivations,
    FetchTrainingImages,
    FindTopActivations,
    ListOperations,
)
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.top_activations import N_TOP
from cadl_gui.imaging.weights.layer_weights import layer_weights
from cadl_gui.imaging.weights.quantiles import weight_quantiles
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.inference.neighbour_index import PartSizes
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (6, 5, 1)
AUTOENCODER = RunConfig.of(
    preset="test", convolutional=True, layers=(3, 4), kernel_sizes=(3, 3), strides=(1, 2), latent_dim=2,
    use_bias=True, initial_stddev=0.3, batch_size=10, output_activation="linear",
)  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    """An inference service with a run on forty random images, the network, and its weights."""
    network = build(AUTOENCODER, SHAPE, 0)
    random = np.random.default_rng(2)
    for variable in network.variables:
        variable.assign(random.uniform(-0.3, 0.4, variable.shape))
    weights = network.weights_by_path
    answers = InferenceService(load=lambda _: noise(), part_sizes=PartSizes(activations=16))
    about = described("run", AUTOENCODER, SHAPE, dataset_fingerprint=noise().fingerprint)
    answers.register(about)
    answers.update("run", Snapshot(Position(1), weights), True)
    return answers, network, weights


def noise():
    images = np.random.default_rng(7).integers(0, 256, (100, *SHAPE)).astype(np.uint8)
    return store("random", images, np.zeros(100, np.int64), 80)


@pytest.fixture
def dataset():
    return noise()


def ask(opened, request):
    position, value = opened[0].respond(request)
    assert position == Position(1)
    return value


@pytest.mark.parametrize("layer", ["encoder_1", "latent", "decoder_2"])
def test_the_most_exciting_images_are_those_of_brute_force(opened, dataset, layer):
    found = ask(opened, FindTopActivations("run", None, layer, 0))
    part = 0
    while not found.is_last:
        part += 1
        found = found.merged(ask(opened, FindTopActivations("run", None, layer, part)))
    train = split(dataset, AUTOENCODER).train
    images = dataset.images[train].astype(np.float32) / np.float32(255)
    names = [own.name for own in opened[1].spec.layers]
    given = ask(opened, ComputeActivations("run", None, images))[names.index(layer)]
    peaks = given.reshape(len(given), -1, given.shape[-1]).max(axis=1)
    assert found.n_images == len(train)
    for unit in range(peaks.shape[1]):
        best = np.sort(peaks[:, unit])[::-1][:N_TOP]
        np.testing.assert_allclose(found.peaks[unit], best, rtol=1e-5)
        np.testing.assert_allclose(peaks[found.numbers[unit], unit], best, rtol=1e-5)
    numbers = tuple(found.numbers[0].tolist())
    _, shown = opened[0].respond(FetchTrainingImages("run", numbers))
    np.testing.assert_array_equal(shown, dataset.images[train[list(numbers)]])


def test_beyond_the_last_part_there_is_a_message(opened, dataset):
    with pytest.raises(CadlError, match="no part 99"):
        ask(opened, FindTopActivations("run", None, "latent", 99))


def test_painting_from_the_latent_is_decoding(opened):
    latents = np.random.default_rng(1).normal(size=(3, 2)).astype(np.float32)
    painted = ask(opened, DecodeActivations("run", None, "latent", latents))
    np.testing.assert_allclose(painted, ask(opened, Decode("run", None, latents)), rtol=1e-5, atol=1e-6)


def test_decoding_can_start_at_any_layer(opened):
    _, network, _ = opened
    latents = np.random.default_rng(1).normal(size=(1, 2)).astype(np.float32)
    whole = np.clip(outputs_of(network, latents) + network.mean_subtraction.mean.numpy(), 0, 1)
    for number, layer in enumerate(network.spec.decoder[:-1]):
        given = network.decoder_layers[0](latents, kernel=network.encoder_layers[-1].kernel)
        for i in range(1, number + 1):
            given = network.decoder_layers[i](given, kernel=network.encoder_layers[-1 - i].kernel)
        painted = ask(opened, DecodeActivations("run", None, layer.name, given.numpy()))
        np.testing.assert_allclose(painted, whole, rtol=1e-3, atol=1e-4)


def test_layers_that_paint_nothing_are_refused(opened):
    for layer in ("encoder_1", "decoder_3", "nonsense"):
        with pytest.raises(CadlError, match="no layer"):
            ask(opened, DecodeActivations("run", None, layer, np.zeros((1, 2), np.float32)))
    with pytest.raises(CadlError, match="no layer"):
        ask(opened, ComputeQuantiles("run", None, "nonsense"))


def test_a_survey_is_that_of_the_weights(opened):
    _, network, weights = opened
    found = ask(opened, ComputeQuantiles("run", None, "encoder_2"))
    expected = weight_quantiles(layer_weights(network.spec, weights)["encoder_2"])
    np.testing.assert_array_equal(found.units, expected.units)


def test_the_graph_is_listed_as_the_lecture_does(opened):
    operations = ask(opened, ListOperations("run", None))
    names = [operation.name for operation in operations]
    assert len(set(names)) == len(names)
    assert operations[0].name == "image"
    assert operations[0].shape == "? × 6 × 5 × 1"
    kinds = [operation.kind for operation in operations]
    assert kinds.count("Placeholder") == 1 + len(opened[1].variables)
    assert kinds.count("Conv2D") == 2
    assert any("encoder_1" in name for name in names)
