"""Closing during training and starting again, and a second start with a file: one window, nothing lost."""

import pytest

from acceptance.accessibility import Role, State
from acceptance.dialogs import give_file_name
from acceptance.stage import Stage
from acceptance.window import Window

pytestmark = pytest.mark.acceptance


N_SHIPPED = 7
TRAINED_ON = "H softmax*, * [1-9]*/500 epochs"


def train(stage: Stage) -> Window:
    """Start the window and a training, and wait until it has completed one of many epochs."""
    window = stage.start()
    window.choose_preset("Classify", "softmax")
    window.fill_in("epochsSpin", "500")
    window.click(Role.BUTTON, "Train")
    window.see(Role.LIST_ITEM, TRAINED_ON)
    return window


def test_closed_while_training_it_keeps_the_run_and_shows_it_again(stage):
    window = train(stage)
    window.open_tab("Draw")
    window.choose_from_menu("File", "Quit (runs, drawing and lesson are kept)")
    assert stage.program.wait() == 0

    window = stage.start()
    retained = window.see(Role.LIST_ITEM, TRAINED_ON)
    window.wait(lambda: retained.has(State.SELECTED), "the run to be shown again")
    window.wait(lambda: window.see(Role.TAB, "Draw").has(State.SELECTED), "the tab to be open again")
    window.open_tab("Train")
    window.enabled(Role.BUTTON, "Resume")
    assert not window.says("noticeSentence")


def test_closed_while_a_training_starts_every_run_on_disk_is_listed(stage):
    window = stage.start()
    window.click(Role.BUTTON, "Train")
    window.hand.key("Ctrl+Q")
    assert stage.program.wait() == 0

    window = stage.start()
    runs, listed = stage.home / ".local/share/cadl_gui/runs", window.see(Role.LIST, "Runs")
    # A folder without a history holds nothing beyond the untrained network: it stays, but is no run.
    window.wait(
        lambda: len(listed.showing(Role.LIST_ITEM)) == N_SHIPPED + len(list(runs.glob("*/history.jsonl"))),
        "every run on disk to be listed, and no other",
    )


def test_killed_while_training_it_offers_to_resume(stage):
    train(stage)
    stage.program.end()

    window = stage.start()
    message = window.see(Role.LABEL, called="noticeSentence").name
    assert "was interrupted after epoch" in message
    window.click(Role.BUTTON, "Resume", called="noticeAction")
    window.enabled(Role.BUTTON, "Pause")
    window.see(Role.LIST_ITEM, TRAINED_ON)


def test_a_second_start_hands_its_file_to_the_first_window(stage, tmp_path):
    window = stage.start()
    saved = tmp_path / "mine.keras"
    window.choose_from_menu("File", "Save a copy*")
    give_file_name(window, "Save a copy", saved)
    window.wait(saved.is_file, f"{saved} to be there")

    assert stage.launch(str(saved)).wait() == 0
    given = window.see(Role.LIST_ITEM, "H *")
    window.wait(lambda: given.has(State.SELECTED), "the file to be shown")


def test_a_run_goes_to_the_trash_and_comes_back(stage):
    window = train(stage)
    window.choose_from_menu("Run", "Stop")
    window.enabled(Role.BUTTON, "Resume")
    runs, listed = stage.home / ".local/share/cadl_gui/runs", window.see(Role.LIST, "Runs")
    (folder,) = runs.iterdir()
    window.choose_from_menu("Run", "Move to trash…")
    window.click(Role.BUTTON, "Move to trash")
    window.wait(lambda: len(listed.showing(Role.LIST_ITEM)) == N_SHIPPED, "the run to be off the list")
    assert not folder.exists()
    window.click(Role.BUTTON, "Undo", called="noticeAction")
    window.see(Role.LIST_ITEM, TRAINED_ON)
    assert (folder / "run.json").is_file()
