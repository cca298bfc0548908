"""A control and a member of the view are the same, whichever of them changes, also while it is hidden."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSlider

from cadl_gui.domain.view import InspectView
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.chosen import Chosen

pytestmark = pytest.mark.gui


@pytest.fixture
def view(qapp):
    return ViewState()


@pytest.fixture
def shown(qtbot):
    def shown(control):
        qtbot.addWidget(control)
        control.show()
        return control

    return shown


def slider():
    control = QSlider()
    control.setRange(0, 9)
    return control


@pytest.mark.parametrize(
    ("make", "member", "prop", "values"),
    [
        (QCheckBox, "is_sorted", "checked", (True, False, True)),
        (QLineEdit, "search", "text", ("conv", "", "relu")),
        (slider, "speed", "value", (7, 0, 3)),
    ],
)
def test_control_and_member_follow_each_other_and_nothing_else_changes(
    view, shown, make, member, prop, values
):
    control = shown(make())
    Chosen(control, view, "inspect", member)
    assert control.property(prop) == getattr(InspectView(), member)
    view.change(inspect=replace(view.value.inspect, layer="logits"))
    for value, other in zip(values, values[1:] + values[:1], strict=True):
        control.setProperty(prop, value)
        assert view.value.inspect == replace(InspectView(layer="logits"), **{member: value})
        view.change(inspect=replace(view.value.inspect, **{member: other}))
        assert control.property(prop) == other
        control.hide()
        view.change(inspect=replace(view.value.inspect, **{member: value}))
        assert control.property(prop) == other, "it is asked for nothing while it is hidden"
        control.show()
        assert control.property(prop) == value
        assert view.value.inspect == replace(InspectView(layer="logits"), **{member: value})


def test_a_combo_box_shows_the_first_for_what_it_does_not_offer_and_leaves_the_choice(view, shown):
    combo = shown(QComboBox())
    for text, data in (("All", ""), ("Layer", "layer"), ("Unit", "unit")):
        combo.addItem(text, data)
    chosen = Chosen(combo, view, "inspect", "range")
    assert combo.currentData() == "layer"
    for wish, row in (("unit", 2), ("model", 0), ("layer", 1), ("model", 0)):
        view.change(inspect=replace(view.value.inspect, range=wish))
        assert (combo.currentIndex(), view.value.inspect.range) == (row, wish)
    combo.addItem("Model", "model")
    chosen.show()
    assert (combo.currentText(), view.value.inspect.range) == ("Model", "model")
    combo.setCurrentIndex(2)
    assert view.value.inspect.range == "unit"
