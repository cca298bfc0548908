"""An answer that arrives late in the Latent tab leaves what the hand has done since it asked."""

import numpy as np
import pytest
from asking import watch
from hand import place_on
from idle import wait_until_idle
from planes import has_dot
from PySide6.QtCore import Qt
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Encode
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.ui.latent.tab import LatentTab

pytestmark = pytest.mark.gui


@pytest.fixture
def tab(shown):
    return shown(LatentTab)


@pytest.fixture
def runs(qtbot, engine, train_vae):
    """Another run to show, a classifier, and the run shown."""
    other = train_vae()
    classifier = train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    return other, classifier, train_vae()


@pytest.fixture
def hand(find, engine, pin, runs):
    """Does something else, by what it is called."""

    def move():
        spin = find("latentSpin0")
        spin.setValue(spin.value() - 0.25)

    return {
        "move": move,
        "pin": lambda: pin(0.5, -1.75),
        "position": lambda: engine.view.show(Position(1)),
        "undo": engine.view.undo,
        "run": lambda: engine.view.show_run(runs[0]),
        "drift": find("driftButton").click,
    }.__getitem__


HANDS = ("move", "pin", "position", "undo", "run", "drift")


def drawn(grey):
    return Seen(image=np.full((28, 28, 1), grey, np.float32))


def chosen(engine, run):
    """The handle and the pins of a run."""
    of_run = engine.view.value.chosen(engine.runs.key(run))
    return of_run.z, of_run.pins


@pytest.mark.parametrize("act", HANDS)
def test_a_drawing_that_is_encoded_late_leaves_what_the_hand_did_since(
    qtbot, tab, find, engine, pin, runs, hand, monkeypatch, act
):
    asked = watch(engine, monkeypatch)
    for grey in (0.25, 0.75):
        pin(0.25, 1.5)
        engine.view.show_drawing(drawn(grey))
        asked.clear()
        find("placeDrawingButton").click()
        hand(act)()
        before = engine.view.value
        places = [ticket for ticket in asked if isinstance(ticket.request, Encode)]
        assert places, "it was asked for before the hand did anything else"
        qtbot.waitUntil(lambda: not any(ticket.is_open for ticket in places))  # noqa: B023
        assert engine.view.value is before
        assert find("driftButton").isChecked() == (act == "drift")
        if act == "drift":
            find("driftButton").click()
        if act == "run":
            wait_until_idle(engine, tab)
            assert not has_dot(find("latentPlane"), grey, 0.5), "it was not placed on the other run's plane"
        engine.view.show_run(runs[-1])
        wait_until_idle(engine, tab)


def test_a_drawing_is_placed_if_nothing_was_done_since(qtbot, tab, find, engine, runs):
    for grey in (0.25, 0.75):
        engine.view.show_drawing(drawn(grey))
        find("driftButton").click()
        find("placeDrawingButton").click()
        assert not find("driftButton").isChecked(), "the hand has taken the handle"
        qtbot.waitUntil(lambda: chosen(engine, runs[-1])[0] == (grey, 1.0))  # noqa: B023
        assert chosen(engine, runs[-1])[1] == (), "it is no pin"


@pytest.mark.parametrize("act", HANDS)
def test_a_border_that_is_found_late_leaves_what_the_hand_did_since(
    qtbot, tab, find, engine, runs, hand, act
):
    plane, strip = find("latentPlane"), find("pathStrip")
    for pair in ((26, 32), (18, 29)):
        find("borderWalkButton").click()
        for index in pair:
            at = place_on(plane, *plane.points.places[index].tolist())
            qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=at)
        assert not find("borderWalkButton").isChecked()
        hand(act)()
        before = engine.view.value
        if act == "drift":
            qtbot.waitUntil(lambda: bool(strip.borders))
        else:
            wait_until_idle(engine, tab)
        assert engine.view.value is before
        assert find("driftButton").isChecked() == (act == "drift")
        if act == "drift":
            find("driftButton").click()
        engine.view.show_run(runs[-1])
        wait_until_idle(engine, tab)
