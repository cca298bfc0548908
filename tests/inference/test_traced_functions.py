"""Of the traced functions, those that are used are retained."""

import gc
import weakref

import numpy as np
import pytest

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.requests import Decode, Encode, Reconstruct
from cadl_gui.inference import stateless_network
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.inference.traced_functions import TracedFunctions
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (4, 4, 1)
CONFIG = RunConfig.of(preset="test", layers=(5, 2))
IMAGES = np.random.default_rng(1).random((3, *SHAPE), np.float32)
ENCODE, RECONSTRUCT = Encode("run", None, IMAGES), Reconstruct("run", None, IMAGES)
DECODE = Decode("run", None, np.zeros((3, 2), np.float32))


@pytest.fixture
def traced(monkeypatch):
    """References to the functions that were traced, in order."""
    references, trace = [], stateless_network.stateless

    def noted(*arguments):
        function = trace(*arguments)
        references.append(weakref.ref(function))
        return function

    monkeypatch.setattr(stateless_network, "stateless", noted)
    return references


def alive(references):
    gc.collect()
    return [reference() is not None for reference in references]


def test_the_least_recently_used_one_is_dropped_and_traced_again(traced):
    network, weights = StatelessNetwork(CONFIG.model, SHAPE, 0, TracedFunctions(2)), build(CONFIG, SHAPE, 0)
    first = network.respond(weights.weights_by_path, ENCODE)
    for request in (RECONSTRUCT, ENCODE, DECODE):
        network.respond(weights.weights_by_path, request)
    assert alive(traced) == [True, False, True]
    np.testing.assert_array_equal(network.respond(weights.weights_by_path, ENCODE), first)
    assert len(traced) == 3
    network.respond(weights.weights_by_path, RECONSTRUCT)
    assert alive(traced) == [True, False, False, True]


def test_networks_share_the_bound_but_no_function(traced):
    functions = TracedFunctions(2)
    wider = CONFIG.replace(layers=(7, 2))
    for config in (CONFIG, wider, CONFIG):
        network = StatelessNetwork(config.model, SHAPE, 0, functions)
        assert network.respond(build(config, SHAPE, 0).weights_by_path, ENCODE).shape == (3, 2)
    assert alive(traced) == [False, True, True]


def test_a_network_that_is_unregistered_is_freed():
    functions = TracedFunctions()
    network = StatelessNetwork(CONFIG.model, SHAPE, 0, functions)
    network.respond(build(CONFIG, SHAPE, 0).weights_by_path, ENCODE)
    functions.forget(network)
    gone = weakref.ref(network)
    del network
    gc.collect()
    assert gone() is None
