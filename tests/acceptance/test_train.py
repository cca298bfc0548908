"""All training actions by their buttons: train, pause, step, resume, stop, train again."""

import re

import pytest

from acceptance.accessibility import Role, State
from acceptance.window import Window

pytestmark = pytest.mark.acceptance

_BATCHES = 540
"""Batches of 100 images in an epoch of 54,000."""


def place(window: Window) -> tuple[int, int]:
    """The epoch and batch in the progress line."""
    said = re.match(r"Epoch (\d+) of \d+(?: · batch ([\d,]+))?", window.says("progressLabel"))
    return (int(said[1]), int((said[2] or "0").replace(",", ""))) if said else (-1, -1)


def trained_batches(window: Window) -> int:
    """Number of batches of `softmax` in that line; it names none at the end of an epoch."""
    epoch, batch = place(window)
    return (epoch - 1) * _BATCHES + batch if batch else epoch * _BATCHES


def is_paused(window: Window) -> bool:
    return window.says("progressLabel").endswith("paused")


def train(window: Window, preset: str, epochs: int) -> None:
    window.choose_preset("Classify", preset)
    window.fill_in("epochsSpin", str(epochs))
    window.click(Role.BUTTON, "Train")
    window.enabled(Role.BUTTON, "Pause")
    window.wait(lambda: place(window) > (0, 0), "the first batches")


@pytest.mark.packaged
def test_every_verb_of_training(window):
    window.hand.key("Ctrl+D")  # Step and Train again are Details
    train(window, "softmax", epochs=500)
    window.see(Role.LIST_ITEM, "H softmax*")

    window.click(Role.BUTTON, "Pause")
    window.wait(lambda: is_paused(window), "the training to be paused")
    window.wait_to_rest("progressLabel")
    before = trained_batches(window)
    window.click(Role.BUTTON, "Step")
    window.wait(lambda: trained_batches(window) == before + 1, "one batch more")
    assert is_paused(window)

    window.click(Role.BUTTON, "Resume")
    window.wait(lambda: trained_batches(window) > before + _BATCHES, "another epoch")
    window.click(Role.BUTTON, "Stop")
    window.enabled(Role.BUTTON, "Train")
    retained = window.see(Role.LIST_ITEM, "H softmax*").name
    assert re.search(r"[1-9]\d*/500 epochs", retained), retained

    reached = place(window)
    window.click(Role.BUTTON, "Resume")
    window.enabled(Role.BUTTON, "Pause")
    window.wait(lambda: place(window) > reached, "training beyond where it was stopped")
    window.click(Role.BUTTON, "Stop")
    window.enabled(Role.BUTTON, "Train")

    window.click(Role.BUTTON, "Train again")
    window.see(Role.LIST_ITEM, "J softmax*")
    window.enabled(Role.BUTTON, "Pause")
    window.wait(lambda: place(window) > (0, 0), "the first batches")
    assert window.find(Role.LIST_ITEM, "H softmax*"), "the run that was trained again is gone"


def test_the_shortcuts_of_the_window_hold_while_a_number_is_typed(window):
    """On Linux, fields had Ctrl+E for themselves: with a number just typed, Settings could not be hidden."""
    window.fill_in("epochsSpin", "123")
    spin = window.click(Role.SPIN_BOX, called="epochsSpin")
    window.hand.key("Home")
    window.hand.key("Ctrl+K")
    window.wait(lambda: window.see(Role.LIST_ITEM, "A *").has(State.CHECKED), "the run to be compared")
    assert spin.text == "123"
    window.hand.key("Ctrl+E")
    window.wait(lambda: not window.find(Role.SPIN_BOX, called="epochsSpin"), "the settings to hide")


def test_an_absurd_learning_rate_is_reported_of_and_its_button_helps(window, stage):
    stage.expect_complaints("Training failed", "Traceback")
    window.choose_preset("Reconstruct", "lecture-autoencoder")
    window.fill_in("learningRateSpin", "1000000")
    window.click(Role.BUTTON, "Train")
    message = window.see(Role.LABEL, called="noticeSentence")
    assert "Training stopped: the loss became" in message.name, message.name
    strip = window.see(Role.PANEL, f"*: {message.name}").box
    assert message.box in strip, "the sentence is not within its strip"
    assert window.looks(message).std() > 5, "the sentence cannot be read"

    suggestion = window.click(Role.BUTTON, called="noticeAction").name
    rate = re.search(r"Set learning rate to ([\d.e-]+)", suggestion)
    assert rate, suggestion
    assert float(rate[1]) < 1000000
    spin = window.see(Role.SPIN_BOX, called="learningRateSpin")
    window.wait(
        lambda: float(spin.text.replace(",", "")) == float(rate[1]), "the form to have the suggested rate"
    )
    assert window.see(Role.COMBO_BOX, called="presetCombo").name == "lecture-autoencoder"
    assert not window.says("noticeSentence").startswith("H · Training stopped")


def test_two_trainings_take_turns_and_each_has_its_own_verbs(window):
    train(window, "softmax", epochs=500)
    window.choose_from_menu("Run", "Train alongside")
    window.see(Role.LIST_ITEM, "J softmax*")
    window.wait(
        lambda: window.says("statusLabel").endswith("by turns with H"), "the line to tell of both trainings"
    )
    window.click(Role.BUTTON, "Pause")
    window.wait(lambda: is_paused(window), "the training shown to be paused")

    window.click(Role.LIST_ITEM, "H softmax*")
    window.enabled(Role.BUTTON, "Pause")
    reached = trained_batches(window)
    window.wait(lambda: trained_batches(window) > reached + _BATCHES, "the other one to go on")
    window.click(Role.LABEL, called="statusLabel")  # the open list covers the button
    window.click(Role.BUTTON, "Stop")
    window.see(Role.BUTTON, "Resume J")
    assert not is_paused(window)

    window.click(Role.LIST_ITEM, "J softmax*")
    window.wait(lambda: is_paused(window), "the first training to be still there")
    window.click(Role.LABEL, called="statusLabel")  # the open list covers the button
    before = trained_batches(window)
    window.click(Role.BUTTON, "Resume")
    window.wait(lambda: trained_batches(window) > before, "it to go on")
    window.click(Role.BUTTON, "Stop")
    window.enabled(Role.BUTTON, "Train")
