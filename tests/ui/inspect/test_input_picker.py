"""Which image goes through the network: an example, a test image, the drawing or one from Data."""

from dataclasses import replace

import numpy as np
import pytest
from idle import wait_until_idle
from PySide6.QtWidgets import QComboBox, QSpinBox
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.ui.inspect.input_picker import InputPicker

pytestmark = pytest.mark.gui

SHAPES = {1: (9, 6, 6, 1), 2: (4, 6, 6, 1), 3: (3, 5, 8, 1)}
"""By the seed of a run, the shape of its examples."""


def examples(seed):
    """Each of one grey: its number in thousandths, and the seed in tenths."""
    images = np.zeros(SHAPES[seed], np.float32) + seed / 10
    images += np.arange(len(images), dtype=np.float32)[:, None, None, None] / 1000
    images.flags.writeable = False
    return images


def full_of(grey):
    image = np.full((6, 6, 1), grey, np.float32)
    image.flags.writeable = False
    return image


@pytest.fixture
def runs(qtbot, engine, facts):
    """Three runs; the test images of each have the grey 60 × seed + number, of 255."""
    describe, seeds = facts.description, {}

    def description(run_id, config, *others):
        seeds[run_id] = seed = config.training.seed
        images = examples(seed)
        return replace(describe(run_id, config, *others), examples=images, image_shape=images.shape[1:])

    def image_of_dataset(request):
        seed = seeds[request.run_id]
        return np.full(SHAPES[seed][1:], 60 * seed + request.number, np.uint8)

    facts.description, facts.image_of_dataset = description, image_of_dataset
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    config = preset("softmax").config.replace(epochs=1)
    return {seed: train(qtbot, engine, config.replace(seed=seed)) for seed in SHAPES}


@pytest.fixture
def picker(qtbot, engine, runs):
    picker = InputPicker(engine)
    qtbot.addWidget(picker)
    picker.show()
    return picker


def grey(picker):
    return None if picker.image is None else round(float(picker.image.mean()), 4)


def test_an_example_is_the_one_with_the_number_or_the_first_and_the_numbers_wrap_at_the_last(
    engine, runs, picker
):
    """Of a run with fewer, the last was shown, and the field said 0."""
    spin = picker.findChild(QSpinBox, "examplePicker")
    for number in (7, 2):
        engine.view.change(inspect=replace(engine.view.value.inspect, number=number))
        for seed in (1, 2, 3, 1, 3):
            engine.view.show_run(runs[seed])
            n = SHAPES[seed][0]
            place = number if number < n else 0
            assert grey(picker) == pytest.approx(seed / 10 + place / 1000)
            assert (spin.value(), spin.maximum()) == (place, n - 1)
            assert engine.view.value.inspect.number == number, "it is of all runs"
    engine.view.show_run(runs[2])
    for way, place in ((1, 3), (1, 0), (-1, 3), (-1, 2)):
        spin.stepBy(way)
        assert (spin.value(), grey(picker)) == (place, pytest.approx(0.2 + place / 1000))


def test_a_test_image_is_of_the_run_shown_and_until_it_comes_none_of_another(qtbot, engine, runs, picker):
    engine.view.show_run(runs[1])
    choose = picker.findChild(QComboBox, "pictureSourceCombo")
    choose.setCurrentIndex(choose.findText("Test image"))
    spin, heard = picker.findChild(QSpinBox, "examplePicker"), []
    picker.changed.connect(lambda: heard.append(grey(picker)))
    for seed, number in ((1, 30), (2, 30), (2, 40), (1, 40), (3, 5), (1, 5)):
        is_other = engine.view.run is not runs[seed]
        heard.clear()
        engine.view.show_run(runs[seed])
        assert heard == ([None] if is_other else [])
        spin.setValue(number)
        wanted = pytest.approx((60 * seed + number) / 255, abs=1e-3)
        qtbot.waitUntil(lambda wanted=wanted: grey(picker) == wanted)
        assert picker.image.shape == SHAPES[seed][1:]
    assert spin.maximum() == 99_999
    choose.setCurrentIndex(choose.findText("From Train"))
    assert (grey(picker), spin.maximum()) == (pytest.approx(0.1 + 5 / 1000), 8)
    heard.clear()
    for source in ("Test image", "From Train"):
        choose.setCurrentIndex(choose.findText(source))
    wait_until_idle(engine, picker)
    assert heard == [grey(picker)], "the test image is not waited for any more"


def test_each_image_of_data_and_each_drawing_is_told_and_is_of_the_runs_that_take_it(
    qtbot, engine, runs, picker, tmp_path
):
    datasets = {}
    for name, first in (("dark", 0), ("bright", 100)):
        images = np.arange(first, first + 30, dtype=np.uint8)[:, None, None, None] + np.zeros(
            (6, 6, 1), np.uint8
        )
        np.savez(tmp_path / f"{name}.npz", images=images)
        datasets[name] = str(tmp_path / f"{name}.npz")
        engine.opened_datasets.open(datasets[name])
    choose, heard = picker.findChild(QComboBox, "pictureSourceCombo"), []
    engine.view.show_run(runs[1])
    picker.changed.connect(lambda: heard.append(grey(picker)))
    for name, number in (("dark", 7), ("bright", 3), ("bright", 21), ("dark", 7)):
        heard.clear()
        wish = replace(engine.view.value.inspect, source="data", dataset=datasets[name], number=number)
        engine.view.change(inspect=wish)
        value = pytest.approx((number + (100 if name == "bright" else 0)) / 255, abs=1e-3)
        qtbot.waitUntil(lambda value=value: bool(heard) and heard[-1] == grey(picker) == value)
        assert choose.currentText() == "From Data"
        engine.view.show_run(runs[3])
        qtbot.waitUntil(lambda: choose.currentText() == "From Train")
        assert picker.image.shape == SHAPES[3][1:], "the image is of another size"
        engine.view.show_run(runs[1])
        qtbot.waitUntil(lambda value=value: grey(picker) == value)
        assert choose.currentText() == "From Data"
        assert picker.findChild(QSpinBox, "examplePicker").isHidden()
    choose.setCurrentIndex(choose.findText("From Draw"))
    assert grey(picker) is None
    for value in (0.25, 0.125):
        heard.clear()
        engine.view.show_drawing(Seen(image=full_of(value)))
        assert heard == [value]
        engine.view.show_run(runs[3])
        assert grey(picker) is None
        engine.view.show_run(runs[1])
        assert grey(picker) == value
    choose.setCurrentIndex(choose.findText("From Train"))
    heard.clear()
    engine.view.show_drawing(Seen(image=full_of(1.0)))
    assert heard == []
