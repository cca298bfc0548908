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
    assert window.see(Role.BUTTON, "Undo in drawing").has(State.ENABLED)
    assert not window.see(Role.BUTTON, "Redo in drawing").has(State.ENABLED)


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


def test_answer_is_explained_by_why_when_and_nearest(window, canvas):
    draw(window.hand, canvas, 4)
    window.wait_for_text("predictionLabel", "4")
    window.click(Role.CHECK_BOX, "Why")
    evidence = window.see(Role.FILLER, called="evidenceView")
    window.wait(lambda: "; 4, not 9: " in evidence.description, "why it is a 4 and not a 9")
    other = window.looks(evidence)
    window.choose("otherClassCombo", "7")
    window.wait(lambda: "; 4, not 7: " in evidence.description, "why it is not a 7")
    window.wait_to_change(evidence, other)

    window.click(Role.CHECK_BOX, "When did it get it?")
    history = window.see(Role.FILLER, called="historyView")
    window.wait(lambda: "conv-classifier · 4" in history.description, "the answers at all kept epochs")
    timeline = window.see(Role.SLIDER, "Timeline")
    newest = timeline.description
    window.hand.click(history.box.at(0.45, 0.2))
    window.wait(lambda: timeline.description != newest, "the clicked epoch to be shown")

    window.click(Role.CHECK_BOX, "Nearest")
    nearest = window.see(Role.FILLER, called="nearestCards")
    window.wait(lambda: (window.looks(nearest) > 200).all(axis=2).mean() > 0.02, "images that look like it")


def test_few_pixels_fool_the_network_and_undo_brings_the_drawing_back(window, canvas):
    window.click(Role.LIST_ITEM, "B conv-classifier*")
    window.hand.move(window.see(Role.FILLER, called="modelCards").box.at(0.5, 0.5))  # away from the run list
    draw(window.hand, canvas, 4)
    window.wait_for_text("predictionLabel", "4")
    window.click(Role.CHECK_BOX, "Fool it")
    window.click(Role.BUTTON, "Flip pixels")
    flips = window.see(Role.FILLER, called="flipsView")
    window.wait(lambda: "pixels changed" in flips.description, "changed pixels")
    window.wait(lambda: window.says("predictionLabel") not in {"4", ""}, "another answer")
    window.enabled(Role.BUTTON, "Flip pixels")
    window.see(Role.CHECK_BOX, "Fool it · *")
    window.click(Role.BUTTON, "Undo in drawing")
    window.wait_for_text("predictionLabel", "4")
    window.see(Role.CHECK_BOX, "Fool it")
