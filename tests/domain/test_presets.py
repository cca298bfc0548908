"""The presets: the lecture's first, with what the lecture printed."""

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.presets import PRESETS


def test_every_preset_has_a_line_and_survives_its_file():
    for name, made in PRESETS.items():
        assert made.name == name
        assert made.line.endswith(".")
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
