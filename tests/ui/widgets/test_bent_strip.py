"""Above every tab a strip tells which networks are bent."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView, QPushButton
from trained import train

from cadl_gui.domain.bends import Part, scaled, swapped
from cadl_gui.domain.presets import preset
from cadl_gui.ui.widgets.bent_strip import BentStrip

pytestmark = pytest.mark.gui

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=1)
MUTED = scaled((), Part("encoder_1", 3), 0.0)


@pytest.fixture
def strip(window):
    return window.findChild(BentStrip, "bentStrip")


def press(qtbot, strip, name):
    qtbot.mouseClick(strip.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_a_bent_network_is_told_in_every_tab_until_it_is_straightened(qtbot, window, engine, strip):
    run = train(qtbot, engine, CONFIGURATION)
    assert strip.sentence() == ""
    engine.bending.bend(run.run_id, MUTED)
    assert strip.isVisible()
    assert strip.sentence() == "A lecture-autoencoder is bent · encoder_1 · unit 3: muted"
    press(qtbot, strip, "straightenButton")
    assert not strip.isVisible()
    assert engine.bending.of(run.run_id) == ()


def test_the_last_bend_is_taken_back(qtbot, window, engine, strip):
    run = train(qtbot, engine, CONFIGURATION)
    engine.bending.bend(run.run_id, MUTED)
    engine.bending.bend(run.run_id, swapped(MUTED, Part("encoder_2", 0), Part("encoder_2", 1)))
    assert strip.sentence() == "A lecture-autoencoder is bent · 3 bends"
    press(qtbot, strip, "undoBendStripButton")
    assert engine.bending.of(run.run_id) == MUTED


def test_the_list_of_runs_and_a_removed_run(qtbot, window, engine, strip):
    run = train(qtbot, engine, CONFIGURATION)
    engine.bending.bend(run.run_id, MUTED)
    runs = window.findChild(QListView, "runList")
    assert runs.model().index(0, 0).data().startswith("A lecture-autoencoder, bent · ")
    engine.runs.remove(run)
    assert not strip.isVisible()
