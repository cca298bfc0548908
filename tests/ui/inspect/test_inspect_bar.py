"""The bar of Inspect: what is chosen stays chosen, and what is not follows room, run, theme and network."""

import pytest
from any_run import ViewOfAnyRun
from fakes import description
from hand import choose_entry
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import InspectView
from cadl_gui.engine.run import Run
from cadl_gui.ui.inspect.inspect_bar import InspectBar

pytestmark = pytest.mark.gui


def run_of(name):
    return Run("A", description(name, preset(name).config), History(10), [UNTRAINED])


@pytest.fixture
def view(qapp):
    return ViewOfAnyRun()


@pytest.fixture
def bar(qtbot, theme, view):
    bar = InspectBar(theme, view)
    theme.changed.connect(view.ask)
    qtbot.addWidget(bar)
    bar.resize(1400, 60)
    bar.show()
    return bar


def test_the_untrained_network_is_shown_where_there_is_room_until_it_is_chosen_and_then_anywhere(bar, view):
    button = bar.findChild(QToolButton, "beforeButton")
    for room in (True, False, True):
        assert bar.set_room(for_both=room)
        assert not bar.set_room(for_both=room)
        assert (bar.shows_before, button.isChecked()) == (room, room)
    for chosen in (False, True, False):
        button.click()
        for room in (False, True):
            bar.set_room(for_both=room)
            assert (bar.shows_before, button.isChecked()) == (chosen, chosen)
    view.change(inspect=InspectView())
    assert bar.shows_before


def test_all_controls_are_in_one_row_where_they_have_room_and_in_two_elsewhere(bar, theme):
    """Without Details, the switch had a row of its own in all but wide windows."""
    bar.setMinimumSize(1, 1)  # as on a page, which is as narrow as its window
    view, before = (bar.findChild(QToolButton, f"{name}Button") for name in ("weights", "before"))
    for has_details, widths in (
        (False, (450, 240, 450)),
        (True, (1000, 650, 1000)),
        (False, (450, 240, 450)),
    ):
        theme.set_details(has_details)
        for width in widths:
            bar.resize(width, 70)
            bar.layout().activate()
            assert (before.y() == view.y()) is (width == widths[0])
            assert before.geometry().right() < bar.width()


def test_present_mode_has_the_switch_of_the_untrained_network_unless_a_lesson_leaves_no_room(
    bar, view, theme
):
    """A lesson had shown it, and nothing ended that."""
    button = bar.findChild(QToolButton, "beforeButton")
    theme.set_present(True)
    for width, is_there in ((840, True), (450, False), (580, True)):
        bar.resize(width, 60)
        assert button.isVisible() is is_there
    assert button.geometry().right() <= bar.width()
    for shown, is_there in (("arithmetic", False), ("activations", True)):
        view.change(inspect=InspectView(view=shown))
        assert button.isVisible() is is_there
    theme.set_present(False)
    bar.resize(450, 60)
    assert button.isVisible()


def test_colours_are_the_runs_usual_ones_in_the_theme_until_some_are_chosen(bar, view, theme):
    maps = bar.findChild(QComboBox, "colormapCombo")
    lecture, other = run_of("lecture-softmax"), run_of("softmax")
    for run, mode, usual in (
        (lecture, "light", "coolwarm"),
        (other, "light", "vik"),
        (other, "dark", "berlin"),
        (lecture, "dark", "coolwarm"),
        (other, "light", "vik"),
    ):
        view.show_run(run)
        theme.set_mode(mode)
        assert (maps.currentData(), theme.colour_map) == (usual, usual)
    choose_entry(maps, maps.itemText(maps.findData("grey")))
    for run, mode in ((lecture, "dark"), (other, "light"), (lecture, "light")):
        view.show_run(run)
        theme.set_mode(mode)
        assert (maps.currentData(), theme.colour_map) == ("grey", "grey")
    view.change(inspect=InspectView(colour_map="of another version"))
    assert theme.colour_map == "coolwarm"


def test_a_view_that_was_chosen_comes_back_after_a_graph_which_has_one_only(bar, view):
    buttons = {name: bar.findChild(QToolButton, f"{name}Button") for name in ("weights", "activations")}
    graph, colour = bar.findChild(QToolButton, "operationsButton"), bar.findChild(QToolButton, "colourButton")
    for name, has_colours in (("activations", False), ("weights", True), ("activations", True)):
        bar.set_network(is_layered=True, has_colours=has_colours)
        buttons[name].click()
        assert (bar.view, colour.isVisible()) == (name, has_colours and name == "weights")
        bar.set_network(is_layered=False, has_colours=False)
        assert (bar.view, graph.isChecked()) == ("operations", True)
        assert not any(button.isEnabled() for button in buttons.values())
        bar.choose_view("weights")
        bar.set_network(is_layered=True, has_colours=has_colours)
        assert (bar.view, buttons[name].isChecked()) == (name, True)
    assert view.value.inspect.view == "activations"


def test_without_details_there_are_three_views_and_the_graph_once_its_key_has_shown_it(bar, theme):
    theme.set_details(False)
    bar.show()
    names = ("weightsButton", "activationsButton", "arithmeticButton", "operationsButton", "rangeCombo")
    for view, seen in (("weights", names[:3]), ("operations", names[:4]), ("activations", names[:3])):
        bar.action_set[f"show{view.capitalize()}"].trigger()
        assert tuple(name for name in names if bar.findChild(QWidget, name).isVisible()) == seen
    theme.set_details(True)
    bar.action_set["showWeights"].trigger()
    assert all(bar.findChild(QWidget, name).isVisible() for name in names)
