"""A unit or a kernel is bent as long as it is chosen: by itself, in the run shown, and undone by itself."""

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QPushButton
from trained import train

from cadl_gui.domain.bends import WHOLE_UNIT, Part
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import preset
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.weight_images import weight_images
from cadl_gui.ui.inspect.bend_toolbar import BendToolbar

pytestmark = pytest.mark.gui

CONFIG = preset("lecture-conv-classifier").config.replace(epochs=1)
SPEC = model_spec(CONFIG.model, (28, 28, 1), 10)
LAYER = next(layer for layer in SPEC.layers if layer.name == "encoder_2")
IMAGES = weight_images(LayerWeights(LAYER, np.zeros(LAYER.kernel_shape, np.float32), None))


def part(unit, source=WHOLE_UNIT):
    return Part("encoder_2", unit, source)


@pytest.fixture
def runs(qtbot, engine):
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    return [train(qtbot, engine, CONFIG) for _ in range(2)]


@pytest.fixture
def toolbar(qtbot, theme, engine, runs):
    toolbar = BendToolbar(engine, theme)
    qtbot.addWidget(toolbar)
    toolbar.show()
    return toolbar


@pytest.fixture
def choose(toolbar):
    """Chooses the image of an input and a unit, as the tab does; returns what was chosen before."""

    def choose(source, unit):
        before = toolbar.part
        toolbar.choose(SPEC, IMAGES, source * IMAGES.n_units + unit)
        return before

    return choose


@pytest.fixture
def bent(engine):
    """The factors of a run, by part; of a swapped part with what has taken its place."""

    def bent(run):
        bends = engine.bending.of(run.run_id)
        return {b.part: b.factor if b.origin == b.part else (b.origin.unit, b.factor) for b in bends}

    return bent


def test_what_is_chosen_next_is_a_unit_or_a_kernel_as_before_and_each_drag_is_one_step_of_its_own(
    engine, runs, toolbar, choose, bent
):
    parts, factor = toolbar.findChild(QComboBox, "bentPartCombo"), toolbar.findChild(QDoubleSpinBox)
    first, second = runs
    engine.view.show_run(first)
    for source, unit, row in ((2, 3, 0), (1, 5, 1), (0, 7, 1), (3, 2, 0), (4, 6, 0)):
        choose(source, unit)
        if row != parts.currentIndex():
            parts.setCurrentIndex(row)
        chosen = part(unit, source) if row else part(unit)
        assert toolbar.part == chosen
        assert [parts.itemText(i) for i in range(2)] == [f"Unit {unit}", f"Kernel {source} → {unit}"]
        assert factor.value() == 1
        for number in (0.5, 0.25 + unit):
            factor.setValue(number)
            assert bent(first)[chosen] == number
    assert [*bent(first).values()] == [2.25, 3.25, 5.25, 6.25, 7.25] == sorted(bent(first).values())
    for n in (4, 3, 2):
        engine.view.undo()
        assert len(bent(first)) == n, "both movements of the last factor, and no other"
    engine.view.redo()
    assert bent(first) == {part(3): 3.25, part(5, 1): 5.25, part(7, 0): 7.25}
    for run, value in ((second, 1), (first, 3.25), (second, 1)):
        engine.view.show_run(run)
        choose(2, 3)
        assert (factor.value(), toolbar.is_bent) == (value, run is first)
    mute = toolbar.findChild(QPushButton, "muteUnitButton")
    for factors in ({part(3): 0}, {}, {part(3): 0}):
        mute.click()
        assert bent(second) == factors
    assert len(bent(first)) == 3
    choose(0, 4)
    for row, number in ((0, 0.5), (1, 0.25)):
        parts.setCurrentIndex(row)
        factor.setValue(number)
    engine.view.undo()
    assert bent(second) == {part(3): 0, part(4): 0.5}, "the kernel's factor, and not the unit's"


def test_a_swap_is_done_once_with_what_is_chosen_next_and_not_after_all_was_left(
    engine, runs, toolbar, choose, bent
):
    swap = toolbar.findChild(QPushButton, "swapUnitButton")
    factor = toolbar.findChild(QDoubleSpinBox)
    run = runs[1]
    choose(0, 3)
    factor.setValue(0.5)
    for _ in range(2):
        swap.click()
        toolbar.swap_with(choose(0, 3))
        assert swap.isChecked(), "with itself it cannot be swapped"
        toolbar.swap_with(choose(0, 6))
        assert bent(run) == {part(3): (6, 1), part(6): (3, 0.5)}
        assert not swap.isChecked()
        toolbar.swap_with(choose(0, 2))
        assert bent(run) == {part(3): (6, 1), part(6): (3, 0.5)}
        engine.view.undo()
        assert bent(run) == {part(3): 0.5}
        choose(0, 3)
        swap.click()
        toolbar.forget()
        assert toolbar.part is None
        before = choose(0, 3)
        toolbar.swap_with(before)
        toolbar.swap_with(choose(0, 6))
        assert bent(run) == {part(3): 0.5}
        choose(0, 3)


def test_without_details_one_can_mute_and_what_waits_for_a_swap_is_seen(toolbar, theme, choose):
    choose(0, 0)
    swap, waiting = toolbar.findChild(QPushButton, "swapUnitButton"), toolbar.action_set["swapUnit"]
    mute, factor = (toolbar.findChild(QPushButton, "muteUnitButton"), toolbar.findChild(QDoubleSpinBox))
    for details in (False, True, False):
        theme.set_details(details)
        assert [each.isVisible() for each in (mute, swap, factor)] == [True, details, details]
        waiting.trigger()
        assert (swap.isVisible(), swap.isChecked()) == (True, True), "its key works, and is seen to"
        waiting.trigger()
        assert swap.isVisible() is details
