"""Drawings can be undone, pasted, and are shown as the network sees them."""

import pytest

from acceptance.accessibility import Node, Role, State
from acceptance.copying import copy
from acceptance.digits import draw, on_paper

pytestmark = pytest.mark.acceptance


@pytest.fixture
def canvas(window) -> Node:
    window.open_tab("Draw")
    return window.see(Role.FILLER, called="digitCanvas")


def test_a_drawing_is_undone_and_done_again(window, canvas):
    blank = window.looks(canvas)
    draw(window.hand, canvas, 7)
    window.wait_for_text("predictionLabel", "7")
    drawn = window.looks(canvas)
    assert (drawn != blank).any(axis=2).mean() > 0.03, "no ink to be seen"
    window.hand.key("Ctrl+Z")
    window.wait_for_text("predictionLabel", "No drawing yet.")
    window.wait_to_look(canvas, blank)
    window.hand.key("Ctrl+Shift+Z")
    window.wait_for_text("predictionLabel", "7")
    window.wait_to_look(canvas, drawn)
    assert window.see(Role.BUTTON, "Undo").has(State.ENABLED)
    assert not window.see(Role.BUTTON, "Redo").has(State.ENABLED)


def test_an_image_from_another_program_is_pasted_and_read(window, canvas, stage):
    blank = window.looks(canvas)
    copy(stage.desktop, on_paper(4), stage.folder)
    window.wait_for_text("predictionLabel", "No drawing yet.")
    window.hand.key("Ctrl+V")
    window.wait_for_text("predictionLabel", "4")
    window.wait_to_change(canvas, blank)
    window.hand.key("Ctrl+Z")
    window.wait_for_text("predictionLabel", "No drawing yet.")


def test_drawing_shows_what_the_networks_see(window, canvas):
    images = [window.see(Role.FILLER, called=name) for name in ("normalisationStrip", "probabilityBars")]
    before = [window.looks(image) for image in images]
    draw(window.hand, canvas, 4)
    for image, empty in zip(images, before, strict=True):
        window.wait_to_change(image, empty)
    cards = window.see(Role.FILLER, called="modelCards")
    networks = ("conv-classifier", "softmax", "vae")
    window.wait(lambda: all(name in cards.description for name in networks), "what every network makes of it")
