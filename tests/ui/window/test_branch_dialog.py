"""The branch dialog: it offers what a branch can change; the branch begins at the epoch shown, and waits."""

import pytest
from fakes import FakeInference
from held import HeldTraining, holding
from menus import entry
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.branching import BRANCH_FIELDS
from cadl_gui.domain.configuration import FIELDS
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import RunState
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.controls.field_editor import FieldEditor
from cadl_gui.ui.window.branch_dialog import BranchDialog

pytestmark = pytest.mark.gui
PAGES = "seen"
BACKENDS = HeldTraining, FakeInference

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=3)


@pytest.fixture
def parent(qtbot, window, engine):
    return train(qtbot, engine, CONFIGURATION)


@pytest.fixture
def ask(qtbot, window, engine, parent):
    """Opens the dialog at an epoch, by the menu."""

    def ask(epoch):
        engine.view.show(Position(epoch))
        action = entry(window, "branch")
        qtbot.waitUntil(action.isEnabled)
        action.trigger()
        dialog = window.findChild(BranchDialog)
        qtbot.waitExposed(dialog)
        return dialog

    return ask


def part(dialog, name):
    widget = dialog.findChild(QWidget, name)
    assert widget is not None, name
    return widget


def control_of(form, name):
    """The editor of a field, found by its label."""
    controls = [editor.control for editor in form.findChildren(FieldEditor)]
    (control,) = (control for control in controls if control.accessibleName() == FIELDS[name].label)
    return control


def retype(qtbot, spin, text):
    spin.lineEdit().selectAll()
    qtbot.keyClicks(spin, text)


def begun(qtbot, engine, dialog):
    """The branch, once it is paused."""
    qtbot.mouseClick(part(dialog, "branchBeginButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    return engine.view.run


def test_an_earlier_epoch_is_branched_into_a_new_run_that_waits_there(
    qtbot, window, find, engine, backends, parent, ask
):
    child = begun(qtbot, engine, ask(2))
    assert child is not parent
    assert child.newest == Position(2)
    assert [record.epoch for record in child.history.epochs] == [0, 1, 2]
    assert child.description.config == CONFIGURATION
    assert backends[0].requests[-1].branch.origin == "lecture-autoencoder, epoch 2"
    assert child.description.name == "lecture-autoencoder 2"
    assert "optimiser is reset" in find("noticeStrip").message()
    find("noticeAction").click()
    qtbot.waitUntil(lambda: child.state is RunState.COMPLETE)
    assert child.newest == Position(3)
    assert parent.newest == Position(3)


def test_the_offer_to_resume_goes_once_the_branch_was_resumed_otherwise(qtbot, find, engine, ask):
    child = begun(qtbot, engine, ask(2))
    strip = find("noticeStrip")
    qtbot.waitUntil(lambda: "optimiser is reset" in strip.message())
    engine.training.resume(run=child)
    qtbot.waitUntil(lambda: strip.message() == "")


def test_the_offer_to_resume_stays_whatever_becomes_of_other_runs_and_goes_with_its_branch(
    qtbot, find, engine, parent, ask
):
    strip = find("noticeStrip")
    for n in (2, 3):
        child = begun(qtbot, engine, ask(n - 1))
        message = strip.message()
        assert "optimiser is reset" in message
        assert message.startswith(f"{child.letter} ")
        for run in (parent, child):
            engine.runs.rename(run, f"{run.description.name} {n}")
        assert strip.message() == message
        engine.view.show_run(parent)
        assert strip.message() == message
        engine.training.stop(run=child)
        qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
        assert strip.message() == ""


def test_a_branch_begins_where_its_dialog_was_opened_whatever_is_shown_by_then_once_nothing_is_starting(
    qtbot, window, engine, backends, parent, ask
):
    dialog = ask(2)
    button = part(dialog, "branchBeginButton")
    other = train(qtbot, engine, CONFIGURATION.replace(seed=9))
    assert button.isEnabled()
    with holding(backends[0].may_start):
        engine.training.train(CONFIGURATION, paused=True)
        assert not button.isEnabled()
        engine.training.cancel_start()
        assert button.isEnabled()
    engine.view.show_run(other)
    engine.view.show(Position(1))
    retype(qtbot, part(dialog, "epochsSpin"), "0")
    assert not button.isEnabled()
    retype(qtbot, part(dialog, "epochsSpin"), "8")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.view.run.description.branched_from != "")
    child = engine.view.run
    assert (child.newest, child.description.branched_from) == (Position(2), "lecture-autoencoder, epoch 2")
    assert child.description.config == CONFIGURATION.replace(epochs=8)


def test_what_a_branch_may_change_is_changed(qtbot, engine, ask):
    dialog = ask(1)
    for name, text in {"epochsSpin": "9", "learningRateSpin": "0.01", "seedSpin": "7"}.items():
        retype(qtbot, part(dialog, name), text)
    part(dialog, "scheduleCombo").setCurrentText("cosine")
    changes = {"epochs": 9, "learning_rate": 0.01, "seed": 7, "schedule": "cosine"}
    expected = CONFIGURATION.replace(**changes, split_seed=CONFIGURATION.training.seed)
    assert begun(qtbot, engine, dialog).description.config == expected


def test_what_it_keeps_is_shown_and_says_why_it_stays(ask):
    form = ask(1).form
    for name in FIELDS:
        control = control_of(form, name)
        assert control.isEnabled() == (name in BRANCH_FIELDS), name
        if name not in BRANCH_FIELDS:
            assert "A branch has the network" in control.toolTip()
            assert "A branch has the network" in control.accessibleDescription()
            assert not control.isVisible(), f"{name} is a dead control"
    kept = part(form, "layersLocked")
    assert kept.isVisible()
    assert kept.text() == "512, 256, 128, 64"
    assert "A branch has the network" in kept.toolTip()
    assert part(form, "datasetLocked").text() == "mnist"


@pytest.mark.parametrize("present", [False, True])
def test_dialog_is_not_taller_than_the_screen(theme, ask, present):
    theme.set_present(present)
    dialog = ask(1)
    room = dialog.screen().availableSize()
    assert dialog.height() <= 0.9 * room.height()
    assert dialog.width() <= room.width()


def test_a_total_that_leaves_nothing_to_train_is_explained_at_the_field(qtbot, ask):
    dialog = ask(2)
    retype(qtbot, part(dialog, "epochsSpin"), "2")
    assert part(dialog, "epochsError").text() == "Epochs is the total: a branch from epoch 2 needs more."
    assert not part(dialog, "branchBeginButton").isEnabled()
    retype(qtbot, part(dialog, "epochsSpin"), "3")
    assert part(dialog, "branchBeginButton").isEnabled()


def test_the_last_epoch_branches_into_as_many_more(qtbot, engine, ask):
    assert begun(qtbot, engine, ask(3)).description.config.training.epochs == 6


def test_a_bent_run_is_refused_with_a_message(window, find, engine, parent):
    """A branch begins with trained weights, without bends."""
    engine.view.show(Position(2))
    engine.bending.bend(parent.run_id, scaled((), Part("encoder_1", 3), 0.0))
    entry(window, "branch").trigger()
    assert (
        find("noticeStrip").message()
        == "A lecture-autoencoder is modified; undo all changes before branching."
    )
    engine.bending.bend(parent.run_id, ())
    assert find("noticeStrip").message() == "", "it says so although the bends are reset"
    assert window.findChild(BranchDialog) is None
    engine.training.branch(parent, Position(2))
    assert engine.training.state is TrainingState.IDLE


def test_a_second_dialog_is_opened_for_another_epoch_only(qtbot, window, parent, ask):
    seed = control_of(ask(2).form, "seed")
    retype(qtbot, seed, "7")
    ask(2)
    assert len(window.findChildren(BranchDialog)) == 1
    assert seed.text() == "7"
    ask(1)
    assert len(window.findChildren(BranchDialog)) == 2


def test_a_cancelled_branch_changes_nothing(qtbot, window, engine, parent, ask):
    dialog = ask(2)
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.mouseClick(part(dialog, "branchCancelButton"), Qt.MouseButton.LeftButton)
    assert tuple(engine.runs) == (parent,)


def test_dialog_closes_when_its_run_is_removed(qtbot, window, engine, parent, ask):
    other = train(qtbot, engine, CONFIGURATION)
    engine.view.show_run(parent)
    assert ask(2).isVisible()
    engine.runs.remove(other)
    assert ask(2).isVisible(), "it is about another one"
    with qtbot.waitSignal(ask(2).destroyed):
        engine.runs.remove(parent)


def test_a_batch_inside_an_epoch_is_not_branched(qtbot, window, engine, parent):
    engine.view.show(Position(0, 5))
    qtbot.waitUntil(lambda: not entry(window, "branch").isEnabled())
