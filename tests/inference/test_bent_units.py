"""Bent networks compute what NumPy computes, and leave the trained weights unchanged."""

import keras
import numpy as np
import pytest
from oracles import latents_of, outputs_of
from run_through import run_through

from cadl_gui.domain.bends import Part, scaled, swapped
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.requests import Classify, ComputeActivations, Decode, Encode, FindEvidence, Reconstruct
from cadl_gui.imaging.weights.bent_weights import bendable_units, bent_kernels
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (7, 6, 2)
IMAGES = np.random.default_rng(4).random((3, *SHAPE), np.float32)
DENSE = RunConfig.of(preset="test", layers=(8, 5), use_bias=True, initial_stddev=0.4)
CONVOLUTIONAL = DENSE.replace(
    convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 2), n_hidden=6
)
NETWORKS = {
    "dense tied": DENSE,
    "sigmoid": DENSE.replace(tied=False, activation="sigmoid", batch_normalisation=True),
    "convolutional tied": CONVOLUTIONAL,
    "variational": CONVOLUTIONAL.replace(
        latent_dim=2, variational=True, tied=False, output_activation="sigmoid", activation="tanh"
    ),
    "classifier": CONVOLUTIONAL.replace(model="classifier", batch_normalisation=True),
}


@pytest.fixture(params=NETWORKS)
def network(request):
    network = build(NETWORKS[request.param], SHAPE, 4)
    random = np.random.default_rng(1)
    for variable in network.variables:
        variable.assign(random.uniform(-0.3, 0.5, variable.shape))
    for layer in (*network.encoder_layers, *network.decoder_layers):
        if layer.batch_normalisation is not None:
            layer.batch_normalisation.moving_variance.assign(
                random.uniform(0.1, 0.5, layer.batch_normalisation.moving_variance.shape)
            )
    return network


def weights_of(network):
    return network.weights_by_path


def ask(network, request):
    return StatelessNetwork(network.config, SHAPE, 4).respond(weights_of(network), request)


def explain(network, request):
    """Collect all parts of the evidence."""
    asked = StatelessNetwork(network.config, SHAPE, 4)
    return run_through(asked.find_evidence(weights_of(network), request))[1]


def some_bends(network):
    """In each layer, one unit is muted, one doubled, and two are swapped."""
    bends = ()
    for layer in bendable_units(network.spec):
        units = [Part(layer.name, unit) for unit in range(layer.output_shape[-1])]
        bends = scaled(scaled(bends, units[0], 2.0), units[1], 0.0)
        bends = swapped(bends, units[0], units[-1])
    return bends


def test_latents_answers_and_images_are_those_of_a_bent_oracle(network):
    bends = some_bends(network)
    logits = latents_of(network, IMAGES, bends)
    if not network.decoder_layers:
        answers = ask(network, Classify("run", None, IMAGES, bends=bends))
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        np.testing.assert_allclose(answers, exponentials / exponentials.sum(1, keepdims=True), atol=1e-5)
        return
    found = ask(network, Encode("run", None, IMAGES, bends=bends))
    np.testing.assert_allclose(found, logits, rtol=1e-3, atol=1e-4)
    outputs = outputs_of(network, found, bends)
    if not network.config.is_bernoulli:
        outputs = outputs + network.mean_subtraction.mean.numpy()
    images = ask(network, Decode("run", None, found, bends=bends))
    np.testing.assert_allclose(images, np.clip(outputs, 0, 1), rtol=1e-3, atol=1e-4)
    whole = ask(network, Reconstruct("run", None, IMAGES, bends=bends))
    np.testing.assert_allclose(whole, images, rtol=1e-4, atol=1e-5)


def test_a_muted_unit_gives_nothing_whatever_its_activation(network):
    for layer in bendable_units(network.spec):
        bends = scaled((), Part(layer.name, 1), 0.0)
        given = ask(network, ComputeActivations("run", None, IMAGES, bends=bends))
        place = [own.name for own in network.spec.layers].index(layer.name)
        assert not given[place][..., 1].any()
        assert given[place][..., 0].any() or given[place][..., 2:].any()


def test_a_unit_that_grew_beyond_all_numbers_is_silent_when_muted(network):
    first = network.encoder_layers[0]
    kernel = first.kernel.numpy()
    kernel[..., 1] = np.nan
    first.kernel.assign(kernel)
    bends = scaled((), Part(first.spec.name, 1), 0.0)
    given = ask(network, ComputeActivations("run", None, IMAGES, bends=bends))
    assert np.isfinite(given[1]).all() or network.config.batch_normalisation


@pytest.mark.parametrize("network", ["convolutional tied", "variational", "classifier"], indirect=True)
def test_bent_kernels_are_other_weights(network):
    name = network.encoder_layers[0].spec.name
    bends = scaled(swapped((), Part(name, 0, 0), Part(name, 2, 1)), Part(name, 1, 1), -1.5)
    expected = bent_kernels(network.spec, weights_of(network), bends)
    given = ask(network, ComputeActivations("run", None, IMAGES, bends=bends))
    for path, variable in network.variables_by_path.items():
        variable.assign(expected[path])
    plain = ask(network, ComputeActivations("run", None, IMAGES))
    for bent, other in zip(given, plain, strict=True):
        np.testing.assert_array_equal(bent, other)


@pytest.mark.parametrize("network", ["convolutional tied", "classifier"], indirect=True)
def test_the_same_bends_of_other_weights_are_bends_of_those(network):
    """As when scrubbing with a bent kernel, or comparing runs of one architecture."""
    bends = scaled((), Part(network.encoder_layers[0].spec.name, 1, 1), -1.5)
    asked = ComputeActivations("run", None, IMAGES, bends=bends)
    before = weights_of(network)
    for variable in network.variables:
        variable.assign(variable * 0.5)
    pure = StatelessNetwork(network.config, SHAPE, 4)
    for weights in (before, weights_of(network), before):
        fresh = StatelessNetwork(network.config, SHAPE, 4).respond(weights, asked)
        for given, expected in zip(pure.respond(weights, asked), fresh, strict=True):
            np.testing.assert_array_equal(given, expected)


@pytest.mark.parametrize("network", ["classifier"], indirect=True)
def test_other_bends_of_the_same_weights_are_other_bends(network):
    """As when the factor of a kernel is changed while the training is paused."""
    part, weights = Part(network.encoder_layers[0].spec.name, 1, 1), weights_of(network)
    pure = StatelessNetwork(network.config, SHAPE, 4)
    for factor in (-1.5, 3.0):
        asked = ComputeActivations("run", None, IMAGES, bends=scaled((), part, factor))
        fresh = StatelessNetwork(network.config, SHAPE, 4).respond(weights, asked)
        for given, expected in zip(pure.respond(weights, asked), fresh, strict=True):
            np.testing.assert_array_equal(given, expected)


def test_the_network_is_as_it_was_afterwards(network):
    asked = ComputeActivations("run", None, IMAGES)
    pure = StatelessNetwork(network.config, SHAPE, 4)
    weights = weights_of(network)
    before = pure.respond(weights, asked)
    pure.respond(weights, ComputeActivations("run", None, IMAGES, bends=some_bends(network)))
    for one, other in zip(before, pure.respond(weights, asked), strict=True):
        np.testing.assert_array_equal(one, other)


def test_evidence_is_that_of_the_bent_network():
    network = build(NETWORKS["classifier"], SHAPE, 4)
    bends = scaled((), Part("logits", 2), 3.0)
    plain = explain(network, FindEvidence("run", None, IMAGES[0]))
    bent = explain(network, FindEvidence("run", None, IMAGES[0], bends=bends))
    np.testing.assert_allclose(bent.logits[2], 3 * plain.logits[2], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(bent.contributions[2], 3 * plain.contributions[2], rtol=1e-3, atol=1e-6)


def test_a_unit_that_is_not_there_is_refused_in_a_message():
    network = build(DENSE, SHAPE, 0)
    for part in (Part("encoder_2", 5), Part("decoder_2", 0)):
        with pytest.raises(CadlError, match="no such unit"):
            ask(network, Reconstruct("run", None, IMAGES, bends=scaled((), part, 0.0)))


def test_keras_itself_agrees():
    """Muting a unit behind a ReLU equals setting its outgoing weights to zero."""
    network = build(DENSE.replace(tied=False), SHAPE, 0)
    bends = scaled((), Part("encoder_1", 3), 0.0)
    bent = ask(network, Reconstruct("run", None, IMAGES, bends=bends))
    kernel = network.encoder_layers[1].kernel
    kernel.assign(np.where(np.arange(8)[:, None] == 3, 0, keras.ops.convert_to_numpy(kernel)))
    np.testing.assert_allclose(bent, network(IMAGES), rtol=1e-5, atol=1e-6)
