"""Which drawings a run takes, and why it takes no others."""

from dataclasses import replace

import pytest
from fakes import description

from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.presets import preset

MNIST = description("run", preset("softmax").config)
PHOTOGRAPHS = replace(MNIST, image_shape=(32, 48, 3), is_ink_on_black=False)


def test_a_run_on_mnist_takes_ink():
    assert DrawingForm.of(MNIST) == INK
    assert INK.is_ink
    assert INK.refusal(MNIST) == ""


@pytest.mark.parametrize(
    ("shape", "is_dark"), [((28, 28, 1), False), ((28, 28, 3), False), ((8, 8, 1), True)]
)
def test_other_images_are_no_ink(shape, is_dark):
    about = replace(MNIST, image_shape=shape, is_ink_on_black=is_dark)
    assert not DrawingForm.of(about).is_ink


def test_a_run_that_takes_images_of_another_shape_says_which():
    assert INK.refusal(PHOTOGRAPHS) == "Needs colour images (32×48)."
    assert DrawingForm.of(PHOTOGRAPHS).refusal(MNIST) == "Needs grey images (28×28)."


def test_a_key_names_one_form_and_the_longer_side_is_the_larger():
    forms = [
        DrawingForm(shape, is_dark)
        for shape in ((5, 9, 3), (9, 5, 3), (9, 5, 1))
        for is_dark in (True, False)
    ]
    assert len({form.key for form in forms}) == 6
    for form in forms:
        assert DrawingForm.of_key(form.key) == form
        assert (form.longer_side, form.background) == (9, 0 if form.is_dark else 255)
    assert DrawingForm.of_key("9x5-dark") is DrawingForm.of_key("view") is None


def test_a_run_that_takes_images_on_another_ground_says_which():
    light = replace(MNIST, is_ink_on_black=False)
    assert INK.refusal(light) == "Needs a light background."
    assert DrawingForm.of(light).refusal(MNIST) == "Needs a dark background."


@pytest.mark.parametrize(("channels", "can_be_drawn"), [(1, True), (2, False), (3, True), (4, False)])
def test_only_grey_and_three_colours_can_be_drawn(channels, can_be_drawn):
    about = replace(MNIST, image_shape=(8, 8, channels))
    assert DrawingForm.of(about).can_be_drawn == can_be_drawn
