"""A run knows which of its weights are available."""

import pytest
from fakes import description

from cadl_gui.domain.events import (
    HealthNoted,
    RecordingFailed,
    RunOpened,
    SnapshotTaken,
    TrainingEnded,
)
from cadl_gui.domain.health import FAILED, HealthNote
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.snapshot import NO_WEIGHTS, Snapshot
from cadl_gui.engine.run import Run, RunState


@pytest.mark.parametrize(
    ("recorded", "position", "retained"),
    [
        ([UNTRAINED, Position(2)], Position(2), Position(2)),
        ([UNTRAINED, Position(2)], Position(1, 7), UNTRAINED),
        ([UNTRAINED, Position(2)], Position(9), Position(2)),
        ([Position(2)], Position(1), None),
        ([], Position(1), None),
    ],
)
def test_the_last_retained_position_up_to_another_is_found(recorded, position, retained):
    run = Run("A", description("run", preset("softmax").config), History(10), recorded)
    assert run.retained_until(position) == retained


def test_weights_that_are_reported_twice_are_listed_once_and_in_order():
    run = Run("A", description("run", preset("softmax").config), History(10), [UNTRAINED, Position(2)])
    for position in (Position(2), Position(1), Position(1)):
        run.apply(SnapshotTaken("run", Snapshot(position, NO_WEIGHTS), recorded=True))
        assert run.newest == position
    assert run.recorded == [UNTRAINED, Position(1), Position(2)]


@pytest.mark.parametrize(("writer", "state"), [("", RunState.OPENED), ("4711", RunState.FOLLOWED)])
def test_a_run_that_another_process_writes_is_followed(writer, state):
    about = description("run", preset("softmax").config)
    run = Run("A", about, History(10))
    run.reopen(RunOpened(about, History(10), (Position(1),), Snapshot(Position(1), NO_WEIGHTS), writer))
    assert (run.state, run.writer, run.recorded, run.newest) == (state, writer, [Position(1)], Position(1))


def test_a_run_that_is_followed_and_fails_in_the_other_process_has_failed():
    """As it has when it is opened again."""
    about = description("run", preset("softmax").config)
    run = Run("A", about, History(10))
    run.reopen(RunOpened(about, History(10), (Position(1),), Snapshot(Position(1), NO_WEIGHTS), "4711"))
    run.apply(HealthNoted("run", HealthNote(Position(1), FAILED, "Training stopped.")))
    run.apply(TrainingEnded("run", Position(1), complete=False))
    assert (run.state, run.writer) == (RunState.FAILED, "")


@pytest.mark.parametrize(
    ("newest", "fraction"), [(UNTRAINED, 0), (Position(1, 5), 0.75), (Position(2), 1), (Position(5), 1)]
)
def test_how_much_of_it_is_done_is_never_more_than_all(newest, fraction):
    config = preset("softmax").config.replace(epochs=2)
    assert Run("A", description("run", config), History(10), newest=newest).fraction_at() == fraction


@pytest.mark.parametrize(
    ("newest", "state", "can"),
    [
        (Position(1), RunState.STOPPED, True),
        (Position(1), RunState.FAILED, True),
        (Position(1), RunState.TRAINING, False),
        (Position(1), RunState.FOLLOWED, False),
        (Position(2), RunState.STOPPED, False),
    ],
)
def test_what_is_unfinished_and_at_rest_in_a_folder_can_go_on(tmp_path, newest, state, can):
    about = description("run", preset("softmax").config.replace(epochs=2), tmp_path)
    run = Run("A", about, History(10), newest=newest, state=state)
    assert run.can_resume == can
    run.description = description("run", about.config)
    assert not run.can_resume


def test_a_run_whose_folder_lacks_its_last_epochs_cannot_go_on_after_them(tmp_path):
    """It said that it resumes after its last epoch, and lost those that could not be written."""
    about = description("run", preset("softmax").config.replace(epochs=9), tmp_path)
    run = Run("A", about, History(10), newest=Position(3))
    run.apply(RecordingFailed("run", "The disk is full."))
    run.apply(SnapshotTaken("run", Snapshot(Position(4), NO_WEIGHTS), recorded=True))
    run.apply(TrainingEnded("run", Position(4), complete=False))
    assert run.state is RunState.STOPPED
    assert not run.can_resume
    run.reopen(RunOpened(about, History(10), (Position(3),), Snapshot(Position(3), NO_WEIGHTS)))
    assert run.can_resume


def test_the_best_epoch_is_one_that_can_be_shown():
    """The history of a shipped run, or of a checkpoint, has more epochs than there are weights."""
    history = History(10)
    for epoch, accuracy in enumerate((0.1, 0.8, 0.95, 0.9)):
        history.add_epoch(EpochRecord(epoch, {"val_accuracy": accuracy}, 1.0))
    about = description("run", preset("softmax").config)
    run = Run("A", about, history, [UNTRAINED, Position(1), Position(1, 5), Position(2), Position(3)])
    assert (run.best_epoch, run.best_text) == (2, "95.0 % correct")
    run.recorded.remove(Position(2))
    assert (run.best_epoch, run.best_text) == (3, "90.0 % correct")
    run.recorded = []
    assert (run.best_epoch, run.best_text) == (None, "")
