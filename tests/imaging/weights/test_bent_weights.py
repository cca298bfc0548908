"""Bent weights, compared with NumPy on the arrays of a snapshot."""

import numpy as np
import pytest
from weights import assert_same_weights

from cadl_gui.domain.bends import Part, scaled, swapped
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.snapshot import freeze
from cadl_gui.imaging.weights.bent_weights import bendable_units, bent_kernels, bent_units, changes_latents
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH, layer_weights

CONVOLUTIONAL = RunConfig.of(
    preset="test", convolutional=True, layers=(3, 4), kernel_sizes=(3, 2), strides=(2, 2), use_bias=True
)
KERNEL_1, KERNEL_2 = "encoder_1/linear/kernel", "encoder_2/linear/kernel"


def table_and_weights(config):
    spec = model_spec(config.model, (7, 6, 2), 0)
    arrays = {MEAN_PATH: np.zeros((7, 6, 2), np.float32)}
    random = np.random.default_rng(2)
    for layer in (*spec.encoder, *spec.decoder):
        if not layer.tied_to:
            arrays[f"{layer.name}/linear/kernel"] = random.random(layer.kernel_shape, np.float32)
        arrays[f"{layer.name}/linear/bias"] = random.random(layer.output_shape[-1:], np.float32)
    return spec, freeze(arrays)


@pytest.mark.parametrize("tied", [False, True])
def test_a_kernel_is_muted_and_nothing_else(tied):
    spec, weights = table_and_weights(CONVOLUTIONAL.replace(tied=tied))
    bent = bent_kernels(spec, weights, scaled((), Part("encoder_2", 3, 1), 0.0))
    expected = weights[KERNEL_2].copy()
    expected[:, :, 1, 3] = 0
    np.testing.assert_array_equal(bent[KERNEL_2], expected)
    assert all(bent[path] is array for path, array in weights.items() if path != KERNEL_2)


def test_a_transposed_kernel_is_reversed():
    spec, weights = table_and_weights(CONVOLUTIONAL.replace(tied=False))
    bent = bent_kernels(spec, weights, scaled((), Part("decoder_1", 2, 1), -2.0))
    path = "decoder_1/linear/kernel"
    np.testing.assert_array_equal(bent[path][:, :, 2, 1], -2 * weights[path][:, :, 2, 1])
    assert (bent[path] != weights[path]).sum() == 4


def test_a_tied_kernel_is_its_lenders():
    spec, weights = table_and_weights(CONVOLUTIONAL.replace(tied=True))
    through_decoder = bent_kernels(spec, weights, scaled((), Part("decoder_1", 2, 1), 0.0))
    through_encoder = bent_kernels(spec, weights, scaled((), Part("encoder_2", 1, 2), 0.0))
    np.testing.assert_array_equal(through_decoder[KERNEL_2], through_encoder[KERNEL_2])


def test_kernels_are_swapped():
    spec, weights = table_and_weights(CONVOLUTIONAL)
    one, other = Part("encoder_1", 0, 0), Part("encoder_1", 2, 1)
    bent = bent_kernels(spec, weights, swapped((), one, other))
    np.testing.assert_array_equal(bent[KERNEL_1][:, :, 0, 0], weights[KERNEL_1][:, :, 1, 2])
    np.testing.assert_array_equal(bent[KERNEL_1][:, :, 1, 2], weights[KERNEL_1][:, :, 0, 0])


def test_the_weights_that_were_learned_stay():
    spec, weights = table_and_weights(CONVOLUTIONAL)
    before = {path: array.copy() for path, array in weights.items()}
    bent_kernels(spec, weights, scaled((), Part("encoder_1", 0, 0), 0.0))
    assert_same_weights(weights, before)


@pytest.mark.parametrize("name", ["encoder_1", "decoder_1"])
def test_a_bent_units_kernels_and_bias_stand_in_its_place(name):
    spec, weights = table_and_weights(CONVOLUTIONAL.replace(tied=False))
    own = layer_weights(spec, weights)[name]
    bends = scaled(swapped((), Part(name, 0), Part(name, 2)), Part(name, 0), 0.5)
    shown = bent_units(own, bends)
    axis = 3 if name == "encoder_1" else 2
    at = lambda kernel, unit: np.take(kernel, unit, axis)  # noqa: E731
    np.testing.assert_array_equal(at(shown.kernel, 0), np.float32(0.5) * at(own.kernel, 2))
    np.testing.assert_array_equal(at(shown.kernel, 2), at(own.kernel, 0))
    np.testing.assert_array_equal(at(shown.kernel, 1), at(own.kernel, 1))
    np.testing.assert_allclose(shown.bias[:3], [0.5 * own.bias[2], own.bias[1], own.bias[0]])


def test_the_units_of_the_image_itself_are_pixels():
    spec, _ = table_and_weights(CONVOLUTIONAL)
    assert [layer.name for layer in bendable_units(spec)] == ["encoder_1", "encoder_2", "decoder_1"]


def test_dense_layers_have_units_only():
    spec = model_spec(RunConfig.of(preset="test", layers=(8,)).model, (2, 2, 1), 0)
    with pytest.raises(CadlError, match="no such kernel"):
        bent_kernels(spec, (), scaled((), Part("encoder_1", 0, 0), 0.0))


def test_latents_change_with_the_encoder_and_with_kernels_that_it_lends():
    tied = model_spec(CONVOLUTIONAL.replace(tied=True).model, (7, 6, 2), 0)
    assert changes_latents(tied, scaled((), Part("encoder_1", 0), 0.0))
    assert not changes_latents(tied, scaled((), Part("decoder_1", 0), 0.0))
    assert changes_latents(tied, scaled((), Part("decoder_1", 0, 0), 0.0))
    assert not changes_latents(tied, ())
