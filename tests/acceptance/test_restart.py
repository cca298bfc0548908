"""Closed while it trains and started again; started twice, with a file: nothing is lost, one window."""

import re

import pytest

from acceptance.accessibility import Role, State
from acceptance.dialogs import give_file_name

pytestmark = pytest.mark.acceptance


def test_closed_while_training_it_keeps_the_run_and_shows_it_again(stage):
    window = stage.start()
    window.choose("presetCombo", "softmax")
    window.fill_in("epochsSpin", "500")
    window.click(Role.BUTTON, "Train")
    window.see(Role.LIST_ITEM, "G softmax*, * [1-9]*/500 epochs")
    window.open_tab("Draw")
    window.choose_from_menu("File", "Quit")
    assert stage.program.wait() == 0

    window = stage.start()
    kept = window.see(Role.LIST_ITEM, "G softmax*, *")
    assert re.search(r" [1-9]\d*/500 epochs", kept.name), kept.name
    window.wait(lambda: kept.has(State.SELECTED), "the run to be shown again")
    window.wait(lambda: window.see(Role.TAB, "Draw").has(State.SELECTED), "the tab to be open again")
    window.open_tab("Train")
    window.enabled(Role.BUTTON, "Continue G")
    assert not window.says("noticeSentence")


@pytest.mark.packaged
def test_a_second_start_hands_its_file_to_the_first_window(stage, tmp_path):
    window = stage.start()
    saved = tmp_path / "mine.keras"
    window.hand.key("Ctrl+S")
    give_file_name(window, "Save checkpoint", saved)
    window.wait(saved.is_file, f"{saved} to be there")

    assert stage.launch(str(saved)).wait() == 0
    given = window.see(Role.LIST_ITEM, "G *")
    window.wait(lambda: given.has(State.SELECTED), "the file to be shown")
