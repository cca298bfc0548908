"""Tabs are opened by keys, by the command line and by the command palette."""

import pytest

from acceptance.accessibility import Role, State
from acceptance.pages import PAGES

pytestmark = pytest.mark.acceptance


def test_every_tab_opens_by_its_key(window):
    for number, tab in ((3, "Draw"), (4, "Latent"), (5, "Inspect"), (1, "Data"), (2, "Train")):
        window.hand.key(f"Ctrl+{number}")
        window.see(*PAGES[tab])
        assert window.see(Role.TAB, tab).has(State.SELECTED)


def test_program_starts_in_the_tab_that_the_command_line_names(stage):
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


def test_f1_lists_the_keys_and_typing_filters_them(window):
    window.hand.key("F1")
    dialog = window.see(Role.DIALOG, "Keyboard shortcuts*")
    window.wait(lambda: dialog.showing(Role.TEXT), "a field to type in")
    (field,) = [field for field in dialog.showing(Role.TEXT) if field.name == "Search the shortcuts"]
    keys = window.see(Role.LABEL, "Shortcuts")
    assert "Pause" in keys.text
    window.wait(lambda: field.has(State.FOCUSED), "the field to have the keyboard")
    window.hand.type("erase")
    window.wait(lambda: "Erase" in keys.text and "Pause" not in keys.text, "only what was asked for")
    window.hand.key("Escape")
    window.wait(lambda: not window.find(Role.DIALOG, "Keyboard shortcuts*"), "the dialog to close")
