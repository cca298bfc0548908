"""The runs of a race differ in one field only, and are named by it."""

import pytest

from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.domain.racing import race, race_choices, race_fields, racer_name, usual_values

VAE, SOFTMAX = preset("vae").config, preset("lecture-softmax").config


def test_a_race_trains_one_configuration_with_each_value():
    configs = race(VAE, "learning_rate", ["0.01", "", " 0.1"])
    assert configs == (VAE.replace(learning_rate=0.01), VAE.replace(learning_rate=0.1))
    assert [racer_name(config, "learning_rate") for config in configs] == ["rate 0.01", "rate 0.1"]
    assert racer_name(VAE, "latent_dim") == "latent 2"
    assert racer_name(VAE, "beta") == "β 1"


@pytest.mark.parametrize(
    ("values", "why"),
    [(["0.1"], "two values"), ([], "two values"), (["0.1", "0.10"], "equal"), (["0.1", "fast"], "fast")],
)
def test_what_is_no_race_is_refused_in_a_sentence(values, why):
    with pytest.raises(ConfigurationError, match=why):
        race(VAE, "learning_rate", values)


def test_only_fields_that_mean_something_can_differ():
    assert race_fields(VAE)[:4] == ("learning_rate", "batch_size", "latent_dim", "beta")
    assert not {"latent_dim", "beta"} & set(race_fields(SOFTMAX))


@pytest.mark.parametrize("name", list(PRESETS))
def test_the_values_proposed_can_be_raced(name):
    config = PRESETS[name].config
    for field in race_fields(config):
        values = usual_values(config, field)
        assert len(race(config, field, values)) == len(values) >= 2


def test_form_run_and_other_presets_of_their_family_can_be_raced_on_the_images_of_the_form():
    form, run = VAE.replace(dataset="/mine"), VAE.replace(beta=4.0)
    choices = race_choices(form, run, "A")
    assert list(choices.items())[:2] == [("vae (new run)", form), ("A (run shown)", run)]
    others = ["course-celeb-vae", "course-film-vae", "conv-vae", "denoising-vae", "celeb-vae", "film-vae"]
    assert list(choices)[2:] == others
    assert {choices[name].data.dataset for name in others} == {"/mine"}
    cifar = list(race_choices(preset("cifar-classifier").config, None, ""))
    classifiers = ["lecture-softmax", "lecture-conv-classifier", "softmax", "conv-classifier"]
    assert cifar == ["cifar-classifier (new run)", *classifiers]
