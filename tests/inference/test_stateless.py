"""A stateless function depends only on the weights that it is given."""

import gc
import weakref

import numpy as np
import pytest
from weights import assert_same_weights

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.inference.stateless import WeightTensors, stateless
from cadl_gui.models import build

pytestmark = pytest.mark.tf

DENSE = RunConfig.of(preset="test", layers=(7, 4), initial_stddev=0.4)
CONVOLUTIONAL = DENSE.replace(convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 1))
SHAPE = (5, 6, 2)


def weights_of(model):
    return model.weights_by_path


@pytest.fixture(params=[DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
def config(request):
    return request.param


@pytest.fixture
def images():
    return np.random.default_rng(2).random((9, *SHAPE), np.float32)


def test_stateless_function_equals_the_model_for_any_number_of_images(config, images):
    model = build(config, SHAPE, 0)
    function = stateless(WeightTensors(model), model.call, (None, *SHAPE))
    for n in (1, 9):
        np.testing.assert_allclose(
            function(weights_of(model), images[:n]), model(images[:n]), rtol=1e-5, atol=1e-6
        )


def test_other_weights_answer_as_the_model_that_they_come_from(config, images):
    """All variables count, including the mean image; one traced graph serves another run's weights."""
    mine, other = build(config, SHAPE, 0), build(config.replace(seed=9), SHAPE, 0)
    other.mean_subtraction.mean.assign(images.mean(axis=0))
    function = stateless(WeightTensors(mine), mine.call, (None, *SHAPE))
    before = function(weights_of(mine), images)
    theirs = function(weights_of(other), images)
    np.testing.assert_allclose(theirs, other(images), rtol=1e-5, atol=1e-6)
    assert not np.allclose(theirs, before)


def test_inputs_of_another_network_are_refused_in_a_message():
    model = build(DENSE, SHAPE, 0)
    decode = stateless(WeightTensors(model), model.decode, (None, model.latent_dim))
    with pytest.raises(CadlError, match="shape does not match"):
        decode(weights_of(model), np.zeros((64, model.latent_dim + 1), np.float32))
    assert len(decode(weights_of(model), np.zeros((64, model.latent_dim), np.float32))) == 64


def test_training_the_model_changes_no_answer(config, images):
    model = build(config, SHAPE, 0)
    weights = weights_of(model)
    function = stateless(WeightTensors(model), model.call, (None, *SHAPE))
    before = function(weights, images)
    for variable in model.variables:
        variable.assign(variable.value + 1.0)
    np.testing.assert_array_equal(function(weights, images), before)


def test_an_answer_changes_no_variable(config, images):
    model, other = build(config, SHAPE, 0), build(config.replace(seed=9), SHAPE, 0)
    before = weights_of(model)
    stateless(WeightTensors(model), model.call, (None, *SHAPE))(weights_of(other), images)
    assert_same_weights(weights_of(model), before)


def test_parts_of_a_model_serve_as_well(config, images):
    """Encoding, then decoding, gives the reconstruction; the results are read-only."""
    model = build(config, SHAPE, 0)
    encode = stateless(WeightTensors(model), model.encode, (None, *SHAPE))
    decode = stateless(WeightTensors(model), model.decode, (None, model.latent_dim))
    latents = encode(weights_of(model), images)
    assert latents.shape == (9, model.latent_dim)
    assert not latents.flags.writeable
    np.testing.assert_allclose(decode(weights_of(model), latents), model(images), rtol=1e-5, atol=1e-6)


def test_stateless_function_is_traced_once(images):
    model = build(DENSE, SHAPE, 0)
    traces = []

    def counted(batch):
        traces.append(batch.shape)
        return model.call(batch)

    function = stateless(WeightTensors(model), counted, (None, *SHAPE))
    for n in (1, 4, 9):
        function(weights_of(model), images[:n])
    assert len(traces) == 1


def test_weights_of_another_network_are_reported_apart_by_shape_and_type(config, images):
    model = build(config, SHAPE, 0)
    function = stateless(WeightTensors(model), model.call, (None, *SHAPE))
    weights = weights_of(model)
    path, array = next(iter(weights.items()))
    fewer = {other: weights[other] for other in weights if other != path}
    for others in ({**weights, path: array.astype(np.float64)}, fewer, {**fewer, "other/kernel": array}):
        with pytest.raises(CadlError, match="belong to another network"):
            function(others, images)


def test_weights_that_are_no_longer_requested_are_freed(config, images):
    """However many functions of a network were called, each with other weights of a training."""
    model = build(config, SHAPE, 0)
    tensors = WeightTensors(model)
    functions = [stateless(tensors, model.call, (None, *SHAPE)) for _ in range(5)]
    left = []
    for function in functions:
        weights = weights_of(model)
        function(weights, images)
        left.append(weakref.ref(next(iter(weights.values()))))
        del weights
    gc.collect()
    assert sum(array() is not None for array in left) <= 2
