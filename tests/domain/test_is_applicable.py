"""Which fields of a configuration are applicable, and combinations that are refused."""

import pytest

from cadl_gui.domain.configuration import FIELDS, RunConfig, as_text, is_applicable
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.health import Suggestion
from cadl_gui.domain.presets import preset

VAE = preset("vae").config


def meaningless(config):
    def text_of(name):
        return as_text(name, config.value(name))

    return {name for name in FIELDS if not is_applicable(name, text_of)}


def test_the_lectures_autoencoder_needs_neither_convolutions_nor_noise_nor_a_beta():
    assert meaningless(preset("lecture-autoencoder").config) == {
        "kernel_sizes", "strides", "beta", "likelihood", "corruption", "corruption_amount", "augmentation",
    }  # fmt: skip


def test_a_classifier_has_no_decoder_to_decide_about():
    hidden = meaningless(preset("lecture-conv-classifier").config)
    assert {"latent_dim", "tied", "variational", "denoising", "output_activation"} <= hidden
    assert not {"augmentation", "kernel_sizes"} & hidden


def test_what_a_meaningless_field_needs_is_followed_to_its_end():
    """β needs a variational network, which needs an autoencoder, even if the switch is still on."""
    assert {"beta", "likelihood"} <= meaningless(VAE.replace(model="classifier"))
    assert "initial_stddev" in meaningless(VAE)
    assert not {"beta", "likelihood"} & meaningless(VAE)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"latent_dim": 0}, "latent_dim", "A variational network needs at least one latent dimension."),
        (
            {"output_activation": "linear"},
            "output_activation",
            "A Bernoulli likelihood needs sigmoid as its output activation.",
        ),
        ({"variational": False, "layers": (), "latent_dim": 0}, "layers", "Layers needs at least one number"),
        ({"convolutional": True, "layers": ()}, "layers", "needs at least one layer"),
        (
            {"convolutional": True, "kernel_sizes": (3, 3, 3)},
            "strides",
            "one number for each of the 3 layers",
        ),
        ({"dropout": 1.0}, "dropout", "Dropout lies between 0 and 0.95"),
        ({"corruption": "rain"}, "corruption", "Corruption is one of masking, salt-and-pepper, gaussian."),
    ],
)
def test_impossible_combinations_are_refused_at_the_field_to_change(changes, field, message):
    with pytest.raises(ConfigurationError, match=message) as refused:
        VAE.replace(**changes)
    assert refused.value.field == field


def test_switches_that_mean_nothing_are_not_looked_at():
    """A dense network may have kernel sizes, and a classifier β, from its former configuration."""
    assert not VAE.replace(model="classifier", latent_dim=0).model.is_variational
    assert RunConfig.of(preset="test", kernel_sizes=(3, 3)).model.kernel_sizes == (3, 3)
    assert not RunConfig.of(preset="test", model="classifier", denoising=True).is_denoising


def test_a_suggestion_says_what_its_button_does():
    assert Suggestion("beta", 0.5).text == "Set β to 0.5"
    assert Suggestion("activation", "leaky_relu").text == "Set activation to leaky_relu"
