"""A comparison of runs lists the fields that differ and have an effect."""

from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.comparison import NOTHING, Difference, are_comparable, differences
from cadl_gui.domain.presets import PRESETS, preset

VAE = preset("vae").config
presets = st.sampled_from(sorted(PRESETS)).map(lambda name: preset(name).config)


def test_only_what_differs_is_listed():
    other = VAE.replace(seed=2, beta=0.5, layers=(64,))
    assert differences([VAE, other]) == [
        Difference("Layers", ("512, 256, 128", "64")),
        Difference("Seed", ("1", "2")),
        Difference("β", ("1", "0.5")),
    ]


def test_a_field_that_decides_nothing_has_no_value():
    found = {row.label: row.values for row in differences([VAE, preset("softmax").config])}
    assert found["β"] == ("1", NOTHING)
    assert "Amount of corruption" not in found  # neither of them denoises


@given(presets)
def test_the_same_twice_differs_in_nothing(config):
    assert differences([config, config]) == []
    assert differences([config]) == []


@given(presets, presets)
def test_comparable_is_mutual(one, other):
    assert are_comparable(one.model, one.model)
    assert are_comparable(one.model, other.model) == are_comparable(other.model, one.model)


def test_losses_on_different_scales_are_not_drawn_together():
    autoencoder, softmax = preset("autoencoder").config.model, preset("softmax").config.model
    assert are_comparable(autoencoder, preset("conv-autoencoder").config.model)
    assert not are_comparable(autoencoder, VAE.model)
    assert not are_comparable(VAE.model, softmax)
    assert not are_comparable(VAE.model, VAE.replace(likelihood="gaussian").model)
