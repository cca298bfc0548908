"""Switching present mode on and off."""

import pytest

from acceptance.accessibility import Role, State

pytestmark = pytest.mark.acceptance


def test_present_mode_and_out(window):
    frame = window.see(Role.FRAME, "Watch networks learn*")
    height = window.see(Role.TAB, "Train").box.height
    window.hand.key("F5")
    window.wait(lambda: not window.find(Role.MENU_BAR), "the menu bar to go")
    window.wait(lambda: window.see(Role.TAB, "Train").box.height > height, "larger tabs")
    for tab in ("Draw", "Latent", "Inspect", "Train"):
        window.open_tab(tab)
        for role in (Role.BUTTON, Role.CHECK_BOX, Role.TAB):
            outside = [node.name for node in window.all(role) if node.box not in frame.box]
            assert not outside, f"outside of the window: {outside}"
    window.hand.key("F5")
    window.see(Role.MENU_BAR)
    window.wait(lambda: window.see(Role.TAB, "Train").box.height == height, "tabs as they were")
    assert window.see(Role.TAB, "Train").has(State.SELECTED)


def test_the_theme_is_switched_by_keys_and_painted_whole(window):
    bar = window.see(Role.MENU_BAR)
    window.wait(lambda: window.looks(bar).mean() > 192, "a light window")
    for keys, least, most in (("Ctrl+Alt+2", 0, 64), ("Ctrl+Alt+1", 192, 255), ("Ctrl+Alt+2", 0, 64)):
        window.hand.key(keys)
        window.wait(lambda limits=(least, most): _is_within(window.looks(bar), *limits), f"colours of {keys}")


def _is_within(image, least, most):
    return bool(least <= image.mean() <= most)


def test_in_present_mode_a_badge_switches_runs_and_a_button_leads_out(window):
    window.hand.key("F5")
    window.wait(lambda: not window.find(Role.MENU_BAR), "the menu bar to go")
    slider = window.see(Role.SLIDER, "Timeline")
    window.wait(lambda: slider.description == "epoch 140", "the last epoch of A vae")
    window.click(Role.LIST_ITEM, "G softmax*")
    window.wait(lambda: slider.description == "epoch 30", "the last epoch of G softmax")
    window.click(Role.BUTTON, "Leave present mode")
    window.see(Role.MENU_BAR)
