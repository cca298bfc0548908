"""A bar above all tabs lists the networks that are bent."""

import pytest
from fakes import FakeTraining
from hand import choose_unit
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QListView, QPushButton
from trained import train
from weighted_fakes import WeightedInference

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.ui.widgets.bent_bar import BentBar
from cadl_gui.ui.widgets.miniatures import Miniatures

pytestmark = pytest.mark.gui

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=1)
MUTED = scaled((), Part("encoder_1", 3), 0.0)


class BlackWhereBent(WeightedInference):
    """Reconstructs nothing but black while the network is bent."""

    def answer(self, request):
        position, value = super().answer(request)
        return position, value * 0 if isinstance(request, Reconstruct) and request.bends else value


@pytest.fixture
def backends():
    return FakeTraining(), BlackWhereBent()


@pytest.fixture
def strip(window):
    return window.findChild(BentBar, "bentStrip")


def press(qtbot, strip, name):
    qtbot.mouseClick(strip.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_a_bent_network_is_reported_in_every_tab_until_it_is_straightened(qtbot, window, engine, strip):
    run = train(qtbot, engine, CONFIGURATION)
    assert strip.message() == ""
    engine.bending.bend(run.run_id, MUTED)
    assert strip.isVisible()
    assert strip.message() == "A lecture-autoencoder is modified · encoder_1 · unit 3: muted"
    press(qtbot, strip, "resetBendsButton")
    assert not strip.isVisible()
    assert engine.bending.of(run.run_id) == ()


@pytest.fixture
def mute(qtbot, find):
    """Mutes a unit of the run shown by keys in the Inspect tab."""

    def mute(unit):
        find("tabs").setCurrentWidget(find("inspectTab"))
        montage = find("weightsMontage")
        qtbot.waitUntil(lambda: montage.shown is not None)
        choose_unit(montage, unit)
        qtbot.keyClick(montage, Qt.Key.Key_M)

    return mute


def test_the_last_bend_is_taken_back_whichever_tab_is_seen(qtbot, find, engine, strip, mute):
    run = train(qtbot, engine, CONFIGURATION)
    for unit in (3, 5):
        mute(unit)
    find("tabs").setCurrentWidget(find("trainTab"))
    assert strip.message().endswith("encoder_1 · unit 3: muted; encoder_1 · unit 5: muted")
    press(qtbot, strip, "undoBendStripButton")
    assert engine.bending.of(run.run_id) == MUTED


def test_straightening_all_can_be_undone_in_inspect(qtbot, find, engine, strip, mute):
    run = train(qtbot, engine, CONFIGURATION)
    mute(3)
    press(qtbot, strip, "resetBendsButton")
    assert not strip.isVisible()
    qtbot.keyClick(find("weightsMontage"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert strip.isVisible()
    assert engine.bending.of(run.run_id) == MUTED


def test_the_bends_of_a_removed_run_are_not_the_last(qtbot, find, engine, strip, mute):
    for _ in range(2):
        run = train(qtbot, engine, CONFIGURATION)
        mute(3)
    assert strip.findChild(QPushButton, "undoBendStripButton").isEnabled()
    engine.runs.remove(run)
    assert strip.message().startswith("A lecture-autoencoder is modified")
    assert not strip.findChild(QPushButton, "undoBendStripButton").isEnabled()


def test_the_name_of_a_run_is_shown_as_it_is(qtbot, engine, strip):
    """Of rich text, Qt would fetch the images."""
    run = train(qtbot, engine, CONFIGURATION)
    engine.runs.rename(run, "<img src='//host/x.png'>")
    engine.bending.bend(run.run_id, MUTED)
    sentence = strip.findChild(QLabel, "bentSentence")
    assert sentence.textFormat() is Qt.TextFormat.PlainText
    whole = strip.accessibleName()
    assert "A <img src='//host/x.png'> is modified" in whole
    assert QTextDocumentFragment.fromHtml(sentence.toolTip()).toPlainText() == whole


def test_the_miniature_of_a_run_is_of_the_network_that_it_learned(qtbot, window, engine, strip, theme):
    """With another theme it was made again, and then was of the bent network also after its bends."""
    miniatures = window.findChild(Miniatures)
    bent, other = (train(qtbot, engine, CONFIGURATION) for _ in range(2))
    qtbot.waitUntil(lambda: miniatures.of(bent) is not None and miniatures.of(other) is not None)
    before = miniatures.of(bent)
    engine.bending.bend(bent.run_id, MUTED)
    with qtbot.waitSignal(miniatures.changed, check_params_cb=lambda run: run is other):
        theme.set_mode("dark")
    press(qtbot, strip, "resetBendsButton")
    with qtbot.waitSignal(miniatures.changed, check_params_cb=lambda run: run is bent):
        pass
    assert miniatures.of(bent) == before


def test_the_list_of_runs_and_a_removed_run(qtbot, window, engine, strip):
    run = train(qtbot, engine, CONFIGURATION)
    engine.bending.bend(run.run_id, MUTED)
    runs = window.findChild(QListView, "runList")
    assert ", modified · " in runs.model().index(0, 0).data()
    engine.runs.remove(run)
    assert not strip.isVisible()
