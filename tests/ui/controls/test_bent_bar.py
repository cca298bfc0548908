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
from cadl_gui.ui.controls.bent_bar import BentBar
from cadl_gui.ui.controls.miniatures import Miniatures

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


def test_straightening_all_can_be_undone_in_inspect(qtbot, find, engine, strip, mute):
    run = train(qtbot, engine, CONFIGURATION)
    mute(3)
    press(qtbot, strip, "resetBendsButton")
    assert not strip.isVisible()
    qtbot.keyClick(find("weightsMontage"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert strip.isVisible()
    assert engine.bending.of(run.run_id) == MUTED


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
    other = train(qtbot, engine, CONFIGURATION)
    engine.bending.bend(other.run_id, scaled((), Part("encoder_1", 5), 0.5))
    runs = window.findChild(QListView, "runList")
    assert [", modified · " in runs.model().index(row, 0).data() for row in (0, 1)] == [True, True]
    engine.runs.rename(other, "mine")
    assert "B mine is modified · encoder_1 · unit 5: × 0.5" in strip.message()
    engine.runs.remove(run)
    assert strip.message() == "B mine is modified · encoder_1 · unit 5: × 0.5"
    engine.runs.restore_removed()
    assert strip.message().startswith("A lecture-autoencoder is modified")
    for each in (run, other):
        engine.bending.bend(each.run_id, ())
    assert not strip.isVisible()
