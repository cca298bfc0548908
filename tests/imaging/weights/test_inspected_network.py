"""The data of the Inspect tab: bent weights, inputs of layers, single units."""

import numpy as np
import pytest
from weighted_fakes import fake_weights

from cadl_gui.domain.bends import Part, scaled, swapped
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import preset
from cadl_gui.imaging.weights.inspected_network import InspectedNetwork
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH

SHAPE = (28, 28, 1)
IMAGE = np.full(SHAPE, 0.5, np.float32)


def inspected(name, bends=()):
    spec = model_spec(preset(name).config.model, SHAPE, 10)
    network = InspectedNetwork(spec)
    network.take_weights(fake_weights(spec, 1.0), bends)
    given = [np.full((1, *layer.output_shape), i + 1, np.float32) for i, layer in enumerate(spec.layers)]
    network.take_activations(IMAGE, given)
    return network


def layer_of(network, name):
    return next(layer for layer in network.spec.layers if layer.name == name)


def test_units_and_kernels_are_shown_as_they_are_bent():
    bends = scaled(scaled((), Part("encoder_1", 3), 0.0), Part("encoder_2", 5, 2), -1.0)
    network, plain = inspected("lecture-conv-classifier", bends), inspected("lecture-conv-classifier")
    assert not network.weights["encoder_1"].kernel[..., 3].any()
    bent, own = network.weights["encoder_2"].kernel, plain.weights["encoder_2"].kernel
    np.testing.assert_array_equal(bent[:, :, 2, 5], -own[:, :, 2, 5])


def test_weights_of_another_network_are_reported_in_a_message():
    with pytest.raises(CadlError, match="not those of this run"):
        inspected("softmax").take_weights({MEAN_PATH: np.zeros(SHAPE, np.float32)}, ())


def test_a_layer_gets_what_the_one_before_gives_and_the_first_the_centred_image():
    network = inspected("lecture-conv-classifier")
    first = network.work_of(layer_of(network, "encoder_1"), 0, 0, ())
    np.testing.assert_array_equal(first.inputs, IMAGE)
    second = network.work_of(layer_of(network, "encoder_2"), 0, 0, ())
    assert (second.inputs == 1).all()
    assert second.inputs.shape == (14, 14, 32)


def test_both_halves_of_a_variational_latent_get_the_same():
    network = inspected("vae")
    mean, spread = (network.work_of(layer_of(network, name), 0, 0, ()) for name in ("z_mean", "z_log_var"))
    np.testing.assert_array_equal(mean.inputs, spread.inputs)


def test_in_the_place_of_a_swapped_unit_another_one_is_at_work():
    bends = scaled(swapped((), Part("logits", 1), Part("logits", 4)), Part("logits", 1), 0.5)
    work = inspected("softmax", bends).work_of(layer_of(inspected("softmax"), "logits"), 1, 0, bends)
    assert (work.unit, work.factor) == (4, 0.5)


def test_where_there_is_no_sum_to_show_there_is_no_work():
    network = inspected("vae")
    assert network.work_of(layer_of(network, "decoder_4"), 0, 0, ()) is None, "its units are pixels"


def test_only_the_decoders_side_paints():
    network = inspected("vae")
    assert network.alone(layer_of(network, "encoder_1"), 0) is None
    alone = network.alone(layer_of(network, "z_mean"), 1)
    assert alone.tolist() == [[0, 4]]
    assert not alone.flags.writeable
    assert not inspected("softmax").paints(layer_of(inspected("softmax"), "logits"))


def test_without_an_image_nothing_is_known_of_activations():
    network = inspected("vae")
    network.forget_activations()
    assert network.maps == {}
    assert network.alone(layer_of(network, "z_mean"), 1) is None
    assert network.work_of(layer_of(network, "encoder_1"), 0, 0, ()) is None
