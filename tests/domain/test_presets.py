"""The presets: the lecture's first, with what the lecture printed."""

import re

import pytest

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.presets import PRESETS, check_dataset, preset


def test_every_preset_has_a_line_and_survives_its_file():
    for name, made in PRESETS.items():
        assert made.name == name
        assert made.line.endswith(".")
        suits_any = made.config.data.dataset == DataConfig().dataset and not made.to_open
        assert not (suits_any and re.search(r"\d pixels|\d×\d+×", made.line)), "true of one size only"
        assert RunConfig.from_json(made.config.to_json()) == made.config


def test_the_lectures_presets_come_first_and_know_what_the_lecture_printed():
    lecture = [made for made in PRESETS.values() if made.name.startswith("lecture-")]
    assert list(PRESETS.values())[: len(lecture)] == lecture
    for made in lecture:
        is_classifier = made.config.model.is_classifier
        assert (made.lecture_accuracy is not None, made.lecture_loss is not None) == (
            is_classifier,
            not is_classifier,
        )


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("course-celeb-vae", "faces"),
        ("celeb-vae", "faces"),
        ("course-film-vae", "film"),
        ("film-vae", "film"),
        ("cifar-autoencoder", "CIFAR-10"),
        ("cifar-classifier", "CIFAR-10"),
    ],
)
def test_a_preset_whose_images_do_not_ship_says_what_to_open(name, wanted):
    with pytest.raises(ConfigurationError, match=wanted) as caught:
        check_dataset(preset(name).config)
    assert caught.value.field == "dataset"
    check_dataset(preset(name).config.replace(dataset="emoji"))
    check_dataset(preset(name).config.replace(dataset="/photos"))


def test_the_others_are_trained_on_what_ships():
    for made in PRESETS.values():
        if not made.to_open:
            check_dataset(made.config)


@pytest.mark.parametrize("name", ["course-celeb-vae", "course-film-vae"])
def test_the_courses_settings_are_those_of_its_framework(name):
    """`test_celeb` and `test_sita` in `session-3/libs/vae.py`."""
    values = preset(name).config.values
    wanted = {
        "layers": (100, 100, 100),
        "kernel_sizes": (3, 3, 3),
        "n_hidden": 250,
        "latent_dim": 100,
        "activation": "sigmoid",
        "dropout": 0.2,
        "learning_rate": 1e-4,
        "batch_size": 100,
        "epochs": 50,
        "likelihood": "gaussian",
    }
    assert {field: values[field] for field in wanted} == wanted
