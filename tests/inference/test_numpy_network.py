"""In NumPy, networks answer as in TensorFlow."""

import numpy as np
import pytest
from oracles import learned
from pairwise import pairs

from cadl_gui.datasets.load import load
from cadl_gui.domain.bends import Bend, Part
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError, NotYetError
from cadl_gui.domain.model_config import ACTIVATIONS
from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.requests import (
    Classify,
    ComputeActivations,
    Decode,
    Encode,
    EncodeGaussian,
    Reconstruct,
)
from cadl_gui.inference.numpy_network import NumpyNetwork
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.models import build_for_inference
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.system.resources import shipped_runs

pytestmark = pytest.mark.tf

SHAPE = (13, 10, 3)
IMAGES = np.random.default_rng(4).random((3, *SHAPE), np.float32)
N_CLASSES = 10

AUTOENCODER = RunConfig.of(preset="test", layers=(8, 5), use_bias=True)
CONVOLUTIONAL = AUTOENCODER.replace(
    convolutional=True, layers=(4, 3), kernel_sizes=(4, 3), strides=(2, 1), n_hidden=6
)
CLASSIFIER = CONVOLUTIONAL.replace(model="classifier")


def requests_of(config, images):
    """All that both can be asked, with the same images."""
    if config.model.is_classifier:
        return [Classify("run", None, images)]
    latents = np.random.default_rng(5).normal(size=(3, latent_dim(config, images))).astype(np.float32)
    asked = [Reconstruct("run", None, images), Encode("run", None, images), Decode("run", None, latents)]
    return [*asked, EncodeGaussian("run", None, images)] if config.model.is_variational else asked


def latent_dim(config, images):
    return build_for_inference(config.model, images.shape[1:], N_CLASSES).latent_dim


def eager(network, request):
    """What Keras's own network answers."""
    match request:
        case Encode():
            return network.encode(request.images).numpy()
        case Decode():
            return network.decode(request.latents).numpy()
        case EncodeGaussian():
            mean, log_variance = network.encode_distribution(request.images)
            return np.stack([mean, np.exp(0.5 * log_variance.numpy())], axis=1)
    return network(request.images).numpy()


def assert_close(answer, expected):
    """Equal to five digits of the largest number."""
    assert answer.shape == expected.shape
    assert answer.dtype == np.float32
    np.testing.assert_allclose(answer, expected, rtol=0, atol=1e-5 * max(1, np.abs(expected).max()))


def check(config):
    network = build_for_inference(config.model, SHAPE, N_CLASSES)
    weights = learned(network)
    for path, variable in network.variables_by_path.items():
        variable.assign(weights[path])
    quick = NumpyNetwork(config.model, SHAPE, N_CLASSES)
    for request in requests_of(config, IMAGES):
        assert_close(quick.respond(weights, request), eager(network, request))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_answers_as_in_tensorflow(name):
    check(PRESETS[name].config)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("config", [AUTOENCODER, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_every_activation_answers_as_in_tensorflow(config, activation):
    check(config.replace(activation=activation, output_activation=activation))


@pytest.mark.parametrize(
    ("side", "stride", "normalised", "tied"), pairs([1, 2, 5], [1, 2, 3], [True, False], [True, False])
)
def test_every_kernel_and_stride_answers_as_in_tensorflow(side, stride, normalised, tied):
    check(
        CONVOLUTIONAL.replace(
            kernel_sizes=(side, 3), strides=(stride, 2), batch_normalisation=normalised, tied=tied
        )
    )


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_a_variational_network_answers_as_in_tensorflow(likelihood):
    check(
        CONVOLUTIONAL.replace(
            latent_dim=2, variational=True, likelihood=likelihood, output_activation="sigmoid"
        )
    )


@pytest.mark.parametrize("folder", shipped_runs(), ids=lambda folder: folder.name)
def test_a_shipped_run_answers_as_in_tensorflow(folder):
    run = read_run(folder)
    weights = read_snapshot(folder, run.recorded[-1]).weights
    about = run.config.model, run.image_shape, run.n_classes
    traced, quick = StatelessNetwork(*about), NumpyNetwork(*about)
    images = load(run.config.data.dataset).as_floats(np.arange(5))
    for request in requests_of(run.config, images):
        assert_close(quick.respond(weights, request), traced.respond(weights, request))


def test_many_images_are_answered_in_parts():
    network = build_for_inference(CLASSIFIER.model, SHAPE, N_CLASSES)
    weights, quick = network.weights_by_path, NumpyNetwork(CLASSIFIER.model, SHAPE, N_CLASSES)
    at_once = quick.respond(weights, Classify("run", None, IMAGES))
    limited = NumpyNetwork(CLASSIFIER.model, SHAPE, N_CLASSES, 2 * network.spec.n_activations)
    in_parts = limited.respond(weights, Classify("run", None, IMAGES))
    np.testing.assert_allclose(in_parts, at_once, atol=1e-6)
    assert not in_parts.flags.writeable, "whoever receives it could change it for all others"
    assert limited.respond(weights, Classify("run", None, IMAGES[:0])).shape == (0, N_CLASSES)


def test_what_only_tensorflow_can_answer_waits():
    quick = NumpyNetwork(CLASSIFIER.model, SHAPE, N_CLASSES)
    weights = build_for_inference(CLASSIFIER.model, SHAPE, N_CLASSES).weights_by_path
    bent = (Bend(Part("encoder_1", 0), Part("encoder_1", 0), 0.5),)
    for request in (
        ComputeActivations("run", None, IMAGES),
        Encode("run", None, IMAGES),
        EncodeGaussian("run", None, IMAGES),
        Classify("run", None, IMAGES, bends=bent),
    ):
        with pytest.raises(NotYetError):
            quick.respond(weights, request)


def test_what_belongs_to_another_network_is_refused():
    quick = NumpyNetwork(CLASSIFIER.model, SHAPE, N_CLASSES)
    weights = dict(build_for_inference(CLASSIFIER.model, SHAPE, N_CLASSES).weights_by_path)
    with pytest.raises(CadlError, match="does not match this network"):
        quick.respond(weights, Classify("run", None, IMAGES[..., :1]))
    for path, array in weights.items():
        others = [{**weights, path: array[..., :-1]}, {**weights, path: array.astype(np.float64)}]
        others.append({name: each for name, each in weights.items() if name != path})
        for other in others:
            with pytest.raises(CadlError, match="the file of the run is damaged"):
                quick.respond(other, Classify("run", None, IMAGES))


def test_weights_that_have_diverged_are_reported():
    weights = dict(build_for_inference(CLASSIFIER.model, SHAPE, N_CLASSES).weights_by_path)
    weights["logits/linear/kernel"] = np.full_like(weights["logits/linear/kernel"], np.inf)
    with pytest.raises(CadlError, match="NaN or infinity"):
        NumpyNetwork(CLASSIFIER.model, SHAPE, N_CLASSES).respond(weights, Classify("run", None, IMAGES))
