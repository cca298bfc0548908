"""Specs of layers: counted by hand for each preset, and consistent for any configuration."""

import itertools
import math

import pytest
from hypothesis import given
from strategies import configs, image_shapes

from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import PRESETS, preset

MNIST = (28, 28, 1)

_VAE = (784 * 512 + 512) + (512 * 256 + 256) + (256 * 128 + 128) + 2 * (128 * 2 + 2) + (2 * 128 + 128)
_VAE += (128 * 256 + 256) + (256 * 512 + 512) + (512 * 784 + 784)

_WIDTHS = preset("conv-classifier").config.model.layers
"""These are tuned from time to time: 3×3 kernels, each unit normalised, three strides of 2."""

_CONV_CLASSIFIER = 9 * sum(a * b for a, b in itertools.pairwise((1, *_WIDTHS)))
_CONV_CLASSIFIER += 2 * sum(_WIDTHS) + (4 * 4 * _WIDTHS[-1] * 10 + 10)

_CONV_VAE = 435_428 + (2 * 128 + 128) + (128 * 3136 + 3136) + (16 * 32 * 64 + 32) + (16 * 32 + 1)
_CONV_VAE += (32 + 64 + 128) + (128 + 3136 + 32)  # normalised: two numbers in the place of a bias


def _kernels(side, *widths):
    return side**2 * sum(a * b for a, b in itertools.pairwise(widths))


def _conv_vae(side, widths, n_flat, n_hidden, latent_dim):
    """Kernels there and back, three dense layers with two heads, and a bias of the only pixel at the end."""
    kernels = 2 * _kernels(side, 1, *widths) + 2 * n_flat * n_hidden
    heads = 2 * (n_hidden * latent_dim + latent_dim) + latent_dim * n_hidden
    return kernels + heads + 1


def _units(widths, n_flat, n_hidden):
    """Units that have a bias, or two numbers if they are normalised."""
    return sum(widths) + sum(widths[:-1]) + n_flat + 2 * n_hidden


_EMOJI = (32, 64, 64, 32)
_FACES = (32, 64, 128, 128)
_COURSE = (100, 100, 100)
_COURSE_VAE = _conv_vae(3, _COURSE, 4 * 4 * 100, 250, 100) + 2 * _units(_COURSE, 4 * 4 * 100, 250)

N_PARAMETERS = {
    "lecture-autoencoder": 784 * 512 + 512 * 256 + 256 * 128 + 128 * 64,
    "lecture-conv-autoencoder": 4 * 4 * 16 + 2 * (4 * 4 * 16 * 16),
    "lecture-softmax": 7_850,
    "lecture-conv-classifier": 832 + 51_264 + (7 * 7 * 64 * 128 + 128) + (128 * 10 + 10),
    "autoencoder": 573_440 + (512 + 256 + 128 + 64) + (128 + 256 + 512 + 784),
    "conv-autoencoder": 16 * (32 + 32 * 32 + 32 * 16) + (32 + 32 + 16) + (32 + 32 + 1),
    "denoising-autoencoder": 565_248 + (512 + 256 + 128) + (256 + 512 + 784),
    "conv-denoising-autoencoder": 16 * (32 + 32 * 32 + 32 * 32) + (32 + 32 + 32) + (32 + 32 + 1),
    "vae": _VAE,
    "conv-vae": _CONV_VAE,
    "denoising-vae": _VAE,
    "softmax": 7_850,
    "conv-classifier": _CONV_CLASSIFIER,
    "emoji-vae": _conv_vae(4, _EMOJI, 2 * 2 * 32, 512, 2) + _units(_EMOJI, 2 * 2 * 32, 512),
    "emoji-autoencoder": 2 * 16 * (32 + 32 * 64 + 64 * 16) + (32 + 64 + 16) + (64 + 32 + 1),
    "course-celeb-vae": _COURSE_VAE,
    "course-film-vae": _COURSE_VAE,
    "celeb-vae": _conv_vae(4, _FACES, 2 * 2 * 128, 256, 64) + 2 * _units(_FACES, 2 * 2 * 128, 256),
    "film-vae": _conv_vae(4, _EMOJI, 2 * 2 * 32, 256, 32) + _units(_EMOJI, 2 * 2 * 32, 256),
    "cifar-autoencoder": 2 * 16 * (32 + 32 * 16) + (32 + 16) + (32 + 1),
    "cifar-classifier": _kernels(3, 1, 32, 32, 64, 64, 128, 128)
    + 2 * (32 + 32 + 64 + 64 + 128 + 128)
    + (4 * 4 * 128 * 10 + 10),
}
"""Kernels and biases (or the two numbers of a normalised unit), counted by hand."""


def test_every_preset_is_counted():
    assert set(N_PARAMETERS) == set(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_the_parameters_that_were_counted_by_hand(name):
    assert model_spec(preset(name).config.model, MNIST, 10).n_parameters == N_PARAMETERS[name]


def test_the_lectures_classifier_layer_by_layer():
    spec = model_spec(preset("lecture-conv-classifier").config.model, MNIST, 10)
    assert [(layer.name, layer.kind, layer.output_shape) for layer in spec.layers] == [
        ("encoder_1", "convolution", (14, 14, 32)),
        ("encoder_2", "convolution", (7, 7, 64)),
        ("hidden", "dense", (128,)),
        ("logits", "dense", (10,)),
    ]
    assert [layer.activation for layer in spec.layers] == ["relu", "relu", "relu", "linear"]
    assert [layer.initializer for layer in spec.layers] == ["normal", "normal", "glorot", "glorot"]
    assert spec.latent_shape == (10,)


def test_the_lectures_convolutional_autoencoder_layer_by_layer():
    spec = model_spec(preset("lecture-conv-autoencoder").config.model, MNIST, 0)
    assert [layer.output_shape for layer in spec.encoder] == [(14, 14, 16), (7, 7, 16), (4, 4, 16)]
    assert [layer.output_shape for layer in spec.decoder] == [(7, 7, 16), (14, 14, 16), MNIST]
    assert [layer.tied_to for layer in spec.decoder] == ["encoder_3", "encoder_2", "encoder_1"]
    assert spec.n_activations == 784 + 16 * (196 + 49 + 16) + 16 * (49 + 196) + 784
    there = 196 * 16 * 16 + (49 + 16) * 16 * 16 * 16
    assert spec.n_multiplications == 2 * there


def test_a_variational_network_has_two_layers_side_by_side():
    spec = model_spec(preset("conv-vae").config.model, MNIST, 0)
    z_mean, z_log_var = spec.encoder[-1], spec.z_log_var
    assert (z_mean.name, z_log_var.name) == ("z_mean", "z_log_var")
    assert (z_mean.input_shape, z_mean.output_shape) == (z_log_var.input_shape, z_log_var.output_shape)
    assert (z_mean.activation, z_mean.dropout, z_mean.batch_normalisation) == ("linear", 0.0, False)
    assert [layer.output_shape for layer in spec.decoder] == [(128,), (7, 7, 64), (14, 14, 32), MNIST]


@given(configs(), image_shapes)
def test_every_layer_takes_what_the_one_before_gives(config, shape):
    spec = model_spec(config.model, shape, 10)
    way = (*spec.encoder, *spec.decoder)
    assert way[0].input_shape == shape
    for before, after in itertools.pairwise(way):
        assert after.input_shape == before.output_shape
    assert way[-1].output_shape == ((10,) if config.model.is_classifier else shape)
    assert len({layer.name for layer in spec.layers}) == len(spec.layers)


@given(configs(), image_shapes)
def test_a_decoder_is_its_encoder_backwards(config, shape):
    spec = model_spec(config.model, shape, 10)
    if config.model.is_classifier:
        assert spec.decoder == ()
        return
    for layer, mirrored in zip(spec.decoder, reversed(spec.encoder), strict=True):
        assert (layer.input_shape, layer.output_shape) == (mirrored.output_shape, mirrored.input_shape)
        assert (layer.kernel_size, layer.stride) == (mirrored.kernel_size, mirrored.stride)
        assert layer.n_multiplications == mirrored.n_multiplications
        assert layer.tied_to == (mirrored.name if config.model.tied else "")
        if layer.kind == "dense":
            assert layer.kernel_shape == mirrored.kernel_shape[::-1]
        else:  # a transposed convolution keeps its kernel the convolution's way round
            assert layer.kernel_shape == mirrored.kernel_shape


@given(configs(), image_shapes)
def test_latents_images_and_logits_lose_no_units_and_are_not_normalised(config, shape):
    spec = model_spec(config.model, shape, 10)
    last = spec.encoder[-1] if config.model.is_classifier else spec.decoder[-1]
    ends = [last] + ([spec.encoder[-1]] if config.model.latent_dim and not config.model.is_classifier else [])
    for layer in ends:
        assert layer.dropout == 0.0
        assert not layer.batch_normalisation
        assert layer.use_bias == config.model.use_bias


@given(configs(), image_shapes)
def test_a_normalised_layer_needs_no_bias(config, shape):
    for layer in model_spec(config.model, shape, 10).layers:
        assert not (layer.batch_normalisation and layer.use_bias)


@given(configs(), image_shapes)
def test_totals_are_the_sums_of_the_layers(config, shape):
    spec = model_spec(config.model, shape, 10)
    assert spec.n_parameters == sum(layer.n_parameters for layer in spec.layers)
    assert spec.n_multiplications == sum(layer.n_multiplications for layer in spec.layers)
    numbers = [math.prod(layer.output_shape) for layer in spec.layers]
    assert spec.n_activations == math.prod(shape) + sum(numbers)
