"""A comparison of runs lists the fields that differ and have an effect."""

from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.comparison import NOTHING, Difference, differences, loss_scale
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


def test_losses_on_different_scales_are_not_drawn_together():
    grey, emoji = (28, 28, 1), (64, 64, 3)
    autoencoder, softmax = preset("autoencoder").config.model, preset("softmax").config.model
    assert loss_scale(autoencoder, grey) == loss_scale(preset("conv-autoencoder").config.model, emoji)
    assert loss_scale(autoencoder, grey) != loss_scale(VAE.model, grey)
    assert loss_scale(VAE.model, grey) != loss_scale(softmax, grey)
    assert loss_scale(VAE.model, grey) != loss_scale(VAE.replace(likelihood="gaussian").model, grey)


def test_a_bound_that_is_a_sum_over_more_pixels_is_on_another_scale():
    grey, emoji = (28, 28, 1), (64, 64, 3)
    assert loss_scale(VAE.model, grey) == loss_scale(preset("conv-vae").config.model, grey)
    assert loss_scale(VAE.model, grey) != loss_scale(preset("emoji-vae").config.model, emoji)
