"""What networks leave is freed at once, so that garbage collections, which stop the window, are short."""

import gc
import weakref

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.ops import Operation

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.models import build, build_for_inference
from cadl_gui.models.release import take_apart, traced
from cadl_gui.training.compiled import CompiledNetwork

pytestmark = pytest.mark.tf

SHAPE = (4, 4, 1)
CONFIGS = {
    "dense": RunConfig.of(preset="test", layers=(3,), batch_size=4),
    "convolutional": RunConfig.of(
        preset="test", batch_size=4, convolutional=True, layers=(3,), kernel_sizes=(3,), strides=(2,),
        batch_normalisation=True,
    ),
}  # fmt: skip


def repeated(x, n):
    i = tf.constant(0)
    while i < n:
        x = tf.tanh(x) + tf.sin(x) * tf.cos(x)
        i += 1
    return x


def test_a_traced_function_computes_what_the_function_does():
    function = traced(tf.function(repeated), tf.TensorSpec((3,)), tf.TensorSpec((), tf.int32))
    x = tf.constant([0.1, 0.2, 0.3])
    for n in (0, 1, 5):
        np.testing.assert_allclose(function(x, tf.constant(n)), repeated(x, tf.constant(n)), rtol=1e-6)


def test_of_the_graphs_inside_no_operation_is_left():
    """TensorFlow itself never frees them: each training step left thousands of objects."""
    gc.collect()
    gc.freeze()
    try:
        function = traced(tf.function(repeated), tf.TensorSpec((3,)), tf.TensorSpec((), tf.int32))
        gc.collect()
        left = [each.type for each in gc.get_objects() if isinstance(each, Operation)]
        assert "Tanh" not in left
        assert function(tf.zeros(3), tf.constant(2)).shape == (3,)
    finally:
        gc.unfreeze()


def compiled(config):
    network = CompiledNetwork(build(config, SHAPE, 0))
    network.steps_on_device(2)
    network.evaluation.latents(np.zeros((2, *SHAPE), np.uint8))
    return network.network


def only_answering(config):
    return build_for_inference(config.model, SHAPE, 0)


@pytest.mark.parametrize("made", [compiled, only_answering])
@pytest.mark.parametrize("kind", CONFIGS)
def test_a_network_taken_apart_is_freed_without_a_collection(kind, made):
    network = made(CONFIGS[kind])
    variables = [weakref.ref(variable.value) for variable in network.variables]
    gc.disable()  # as in the window
    assert variables
    take_apart(network)
    del network
    assert [variable() for variable in variables] == [None] * len(variables)
