"""A first look at the program: start it and open each tab."""

import pytest

from acceptance.accessibility import Role, State

pytestmark = pytest.mark.acceptance

PAGES = {
    "Data": (Role.FILLER, "Images"),
    "Draw": (Role.FILLER, "Drawing canvas"),
    "Latent": (Role.FILLER, "Latent plane"),
    "Inspect": (Role.LIST, "Layers"),
    "Train": (Role.BUTTON, "Train"),
}
"""Widgets that only the page of each tab has."""


@pytest.mark.packaged
def test_the_first_window_lies_on_the_screen_and_every_tab_opens_by_a_click(window, stage):
    assert window.see(Role.FRAME, "Watch networks learn*").box in stage.desktop.screen
    for tab, (role, name) in PAGES.items():
        window.open_tab(tab)
        window.see(role, name)
        others = [other for other in PAGES if other != tab]
        assert not [other for other in others if window.find(*PAGES[other])]


def test_every_tab_opens_by_its_key(window):
    for number, tab in ((3, "Draw"), (4, "Latent"), (5, "Inspect"), (1, "Data"), (2, "Train")):
        window.hand.key(f"Ctrl+{number}")
        window.see(*PAGES[tab])
        assert window.see(Role.TAB, tab).has(State.SELECTED)


def test_it_starts_in_the_tab_that_the_command_line_names(stage):
    window = stage.start("--tab", "latent")
    window.see(*PAGES["Latent"])
    assert window.see(Role.TAB, "Latent").has(State.SELECTED)


def test_what_a_tab_offers_is_found_by_typing_and_done(window):
    window.hand.key("Ctrl+Shift+P")
    dialog = window.see(Role.DIALOG, "Command palette*")
    window.wait(lambda: dialog.showing(Role.TEXT), "a field to type in")
    (field,) = [field for field in dialog.showing(Role.TEXT) if field.name == "Command"]
    window.wait(lambda: field.has(State.FOCUSED), "the field to have the keyboard")
    window.hand.type("graph inspect")
    window.wait(lambda: field.text == "graph inspect", "what was typed")
    window.hand.key("Enter")
    window.see(*PAGES["Inspect"])
    assert window.see(Role.TAB, "Inspect").has(State.SELECTED)
    assert not window.find(Role.DIALOG, "Command palette*"), "the palette is still open"
