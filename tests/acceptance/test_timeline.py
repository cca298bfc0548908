"""The timeline shows the untrained network and the newest one; a training can be branched there."""

import pytest

from acceptance.accessibility import Role
from acceptance.window import ROUNDING

pytestmark = pytest.mark.acceptance


def test_to_the_untrained_network_and_back_by_keys(window):
    reconstruction = window.see(Role.FILLER, called="reconstructionMontage")
    slider = window.see(Role.SLIDER, "Timeline")
    window.see(Role.LABEL, "A · epoch 140")
    learned = window.looks(reconstruction)
    window.hand.key("Alt+Home")
    window.wait(lambda: slider.description == "untrained", "the untrained network")
    window.see(Role.LABEL, "Untrained")
    window.wait_to_change(reconstruction, learned)
    window.hand.key("Alt+End")
    window.wait(lambda: slider.description == "epoch 140", "the last epoch")
    window.wait_to_look(reconstruction, learned, ROUNDING)


def test_dragging_the_timeline_moves_every_tab(window):
    slider = window.see(Role.SLIDER, "Timeline")
    window.open_tab("Latent")
    decoded = window.see(Role.FILLER, called="decodedImage")
    window.wait(lambda: window.looks(decoded).max() > 128, "a decoded digit")
    learned = window.looks(decoded)
    window.hand.stroke([slider.box.at(0.97, 0.5), slider.box.at(0.5, 0.5), slider.box.at(0.01, 0.5)])
    window.wait(lambda: slider.description == "untrained", "the untrained network")
    window.wait_to_change(decoded, learned)


def test_training_begins_while_the_timeline_is_in_the_past(window):
    window.open_tab("Draw")
    window.choose_from_menu("Timeline", "Untrained network")
    window.see(Role.LABEL, "Untrained")
    window.choose_from_menu("Run", "Train")
    window.see(Role.LIST_ITEM, "H lecture-autoencoder,*")
    window.see(Role.BUTTON, "Pause")
    assert not window.says("noticeSentence")
