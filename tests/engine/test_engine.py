"""The engine as a whole: events of trainings, and requests that are answered from snapshots."""

import dataclasses
from dataclasses import replace

import numpy as np
import pytest
from asking import ask
from fakes import FakeInference, FakeTraining
from idle import wait_until_idle
from PySide6.QtCore import QThread

from cadl_gui.domain.errors import CheckpointError, NonFiniteLossError
from cadl_gui.domain.events import EpochCompleted, RecordingFailed, SnapshotsDropped
from cadl_gui.domain.health import Suggestion
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import FetchSnapshot, Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.notifications import Remedy
from cadl_gui.engine.run import RunState
from cadl_gui.engine.training_speed import TrainingSpeed
from cadl_gui.engine.training_status import TrainingState

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=3)


def wait_for(qtbot, engine, state):
    qtbot.waitUntil(lambda: engine.training.state is state)


def test_a_training_runs_to_its_end_and_records_what_it_should(qtbot, engine):
    engine.training.train(CONFIGURATION)
    assert engine.training.state is TrainingState.STARTING
    wait_for(qtbot, engine, TrainingState.IDLE)
    (run,) = engine.runs
    assert run.state is RunState.COMPLETE
    assert run.newest == Position(3)
    assert [record.epoch for record in run.history.epochs] == [0, 1, 2, 3]
    assert run.history.n_steps == 30
    assert run.recorded == [
        UNTRAINED,
        *(Position(0, k) for k in (1, 2, 5)),
        *(Position(k) for k in (1, 2, 3)),
    ]
    assert run.fraction_at() == 1.0
    assert run.best_epoch == 3


def test_a_paused_training_makes_no_progress_until_it_is_resumed(qtbot, engine):
    engine.training.train(CONFIGURATION.replace(epochs=1000))
    wait_for(qtbot, engine, TrainingState.TRAINING)
    engine.training.pause()
    (run,) = engine.runs
    wait_until_idle(engine)  # what was under way when it was paused
    steps = run.history.n_steps
    wait_until_idle(engine)
    assert run.history.n_steps == steps
    assert engine.training.state is TrainingState.PAUSED
    engine.training.resume()
    qtbot.waitUntil(lambda: run.history.n_steps > steps)
    assert engine.training.state is TrainingState.TRAINING


def test_a_step_takes_one_batch_of_a_training_that_runs_and_then_pauses(qtbot, engine):
    engine.training.train(CONFIGURATION.replace(epochs=1000))
    wait_for(qtbot, engine, TrainingState.TRAINING)
    engine.training.step()
    assert engine.training.state is TrainingState.PAUSED
    (run,) = engine.runs
    wait_until_idle(engine)
    steps = run.history.n_steps
    wait_until_idle(engine)
    assert run.history.n_steps == steps, "it stands still after the step"
    engine.training.step()
    wait_until_idle(engine)
    assert run.history.n_steps == steps + 1


def test_another_speed_does_not_wake_a_paused_training(qtbot, engine):
    engine.training.train(CONFIGURATION.replace(epochs=1000), paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    for speed in (TrainingSpeed(1), TrainingSpeed()):
        engine.training.set_speed(speed)
        wait_until_idle(engine)
    assert engine.runs[0].history.n_steps == 0


def test_what_ended_well_stays_so_when_the_next_training_begins(qtbot, engine):
    with qtbot.assertNotEmitted(engine.notifications.failed):
        for _ in range(2):
            engine.training.train(CONFIGURATION.replace(epochs=1))
            wait_for(qtbot, engine, TrainingState.IDLE)
        engine.training.train(CONFIGURATION, paused=True)
        wait_for(qtbot, engine, TrainingState.PAUSED)
    assert [run.state for run in engine.runs[:2]] == [RunState.COMPLETE] * 2


def test_stopping_keeps_the_newest_weights(qtbot, engine):
    engine.training.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    for _ in range(4):
        engine.training.step()
    engine.training.stop()
    wait_for(qtbot, engine, TrainingState.IDLE)
    run = engine.runs[0]
    assert run.state is RunState.STOPPED
    assert run.newest == run.recorded[-1] == Position(0, 4)


def test_train_again_keeps_the_run_and_trains_a_new_one_with_its_settings_and_seed(qtbot, engine):
    engine.training.train(CONFIGURATION.replace(seed=5), paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    engine.training.step()
    engine.training.train_again()
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.training.state is TrainingState.IDLE)
    old, new = engine.runs
    assert (old.state, new.state) == (RunState.STOPPED, RunState.COMPLETE)
    assert old.newest == Position(0, 1)
    assert new.description.config == old.description.config
    assert engine.view.run is new


def test_train_again_is_about_the_run_that_trains_whichever_is_shown(qtbot, engine):
    """While an older run is shown, it is the training that begins again."""
    engine.training.train(CONFIGURATION.replace(epochs=1, seed=1))
    wait_for(qtbot, engine, TrainingState.IDLE)
    engine.training.train(CONFIGURATION.replace(epochs=1000, seed=2), paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    engine.view.show_run(engine.runs[0])
    engine.training.train_again()
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    assert engine.runs[2].description.config == engine.runs[1].description.config


def test_train_again_at_rest_is_about_the_run_that_is_shown(qtbot, engine):
    for seed in (1, 2):
        engine.training.train(CONFIGURATION.replace(epochs=1, seed=seed))
        wait_for(qtbot, engine, TrainingState.IDLE)
    engine.view.show_run(engine.runs[0])
    engine.training.train_again()
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    assert engine.runs[2].description.config.training.seed == 1


def test_the_learning_rate_holds_from_the_next_turn_on(qtbot, engine, backends):
    engine.training.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    engine.training.step()
    engine.training.set_learning_rate(0.5)
    engine.training.step()
    qtbot.waitUntil(lambda: engine.runs[0].history.n_steps == 2)
    assert backends[0].learning_rates == [0.001, 0.5]
    assert engine.runs[0].history.learning_rates == [(0, 0.001), (1, 0.5)]


def test_an_infinite_loss_is_reported_in_a_message_and_the_engine_stays_usable(qtbot, engine):
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.training.train(CONFIGURATION.replace(learning_rate=1e6))
    message, details, remedy = failed.args
    assert message == (
        "Training stopped: the loss became infinite at batch 3 of epoch 1. Epoch 1, batch 2 is kept."
    )
    assert "NonFiniteLossError" in details
    assert remedy == Remedy(engine.runs[0], Suggestion("learning_rate", 1e-3)), "the preset's"
    assert engine.runs[0].state is RunState.FAILED
    engine.training.train(CONFIGURATION)
    wait_for(qtbot, engine, TrainingState.IDLE)
    assert engine.runs[1].state is RunState.COMPLETE


def test_where_no_batch_went_well_the_untrained_network_is_reported_to_be_kept(
    qtbot, engine, backends, monkeypatch
):
    begin = backends[0].train

    def train(request):
        yield next(begin(request))
        raise NonFiniteLossError(1, 1)

    monkeypatch.setattr(backends[0], "train", train)
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.training.train(CONFIGURATION)
    assert failed.args[0].endswith("at batch 1 of epoch 1. The untrained network is kept.")


def test_what_is_reported_to_be_retained_is_recorded(qtbot, engine):
    """The newest weights before the loss became infinite were shown, but are not recorded."""
    engine.training.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    for _ in range(4):
        engine.training.step()
    engine.training.set_learning_rate(1e6)
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.training.step()
    (run,) = engine.runs
    assert Position(0, 4) not in run.recorded
    assert failed.args[0].endswith("Epoch 1, batch 2 is kept.")
    assert run.newest == run.recorded[-1] == Position(0, 2)


def test_the_newest_weights_of_a_run_that_failed_are_those_that_are_kept(qtbot, engine):
    """Later ones, which had begun to diverge, would answer although the timeline shows what is kept."""
    engine.training.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    for _ in range(4):
        engine.training.step()
    engine.training.set_learning_rate(1e6)
    with qtbot.waitSignal(engine.notifications.failed):
        engine.training.step()
    (run,) = engine.runs
    answered = ask(qtbot, engine, FetchSnapshot(run.run_id, None))
    assert answered.position == answered.value.position == run.newest == Position(0, 2)


def test_a_resumed_run_keeps_what_it_began_with(qtbot, engine, tmp_path):
    engine.training.train(CONFIGURATION.replace(epochs=1))
    wait_for(qtbot, engine, TrainingState.IDLE)
    run = engine.runs[0]
    config = CONFIGURATION.replace(learning_rate=1e6)
    run.description = replace(run.description, source=tmp_path, config=config)
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.training.resume_run(run)
    assert failed.args[0].endswith("Epoch 1 is kept.")
    assert run.newest == Position(1)


def stopped_in(folder, qtbot, engine):
    """A run that was stopped after its first epoch, as if it had been written to this folder."""
    engine.training.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    (run,) = engine.runs
    engine.training.stop()
    wait_for(qtbot, engine, TrainingState.IDLE)
    run.description = replace(run.description, source=folder)
    return run


def test_a_run_that_trains_again_stays_in_the_list_though_its_removal_is_redone(qtbot, engine, tmp_path):
    run = stopped_in(tmp_path, qtbot, engine)
    engine.runs.remove(run, can_undo=True)
    engine.view.undo()
    assert tuple(engine.runs) == (run,)
    engine.training.resume_run(run)
    assert engine.training.trains(run)
    engine.view.redo()
    assert tuple(engine.runs) == (run,)
    assert engine.view.value.runs == (engine.runs.key(run),)
    wait_for(qtbot, engine, TrainingState.IDLE)


def test_a_run_that_is_renamed_while_it_is_resumed_keeps_its_new_name(qtbot, engine, tmp_path):
    run = stopped_in(tmp_path, qtbot, engine)
    engine.training.resume_run(run)
    engine.runs.rename(run, "mine")
    qtbot.waitUntil(lambda: run.state is RunState.COMPLETE)
    assert run.description.name == "mine"


def test_a_run_that_cannot_be_resumed_is_what_it_was(qtbot, engine, backends, monkeypatch, tmp_path):
    """Nothing of it failed: its images, say, are elsewhere."""

    def train(request):
        raise CheckpointError("Its images are elsewhere.")
        yield

    run = stopped_in(tmp_path, qtbot, engine)
    monkeypatch.setattr(backends[0], "train", train)
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.training.resume_run(run)
    assert failed.args[0] == "Its images are elsewhere."
    assert run.state is RunState.STOPPED
    assert run.can_resume


def test_a_run_resumes_with_its_last_learning_rate(qtbot, backends, tmp_path):
    training, inference = backends
    engine = Engine(lambda: training, lambda: inference, runs_folder=tmp_path)
    engine.load()
    wait_for(qtbot, engine, TrainingState.IDLE)
    engine.training.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    (run,) = engine.runs
    run.description.source.mkdir()  # a fake training writes nothing
    engine.training.set_learning_rate(0.5)
    engine.training.step()
    engine.training.stop()
    wait_for(qtbot, engine, TrainingState.IDLE)
    engine.training.resume_run(run)
    qtbot.waitUntil(lambda: run.state is RunState.COMPLETE)
    assert engine.training.learning_rate == 0.5
    assert set(training.learning_rates) == {0.5}
    assert engine.shut_down(60_000)


class FullDisk(FakeTraining):
    """Reports a full disk after the first epoch, and drops two batches."""

    def train(self, request):
        reported = super().train(request)
        events, disk_is_full = next(reported), False
        while True:
            ends_first = any(
                isinstance(event, EpochCompleted) and event.record.epoch == 1 for event in events
            )
            if ends_first and not disk_is_full:
                disk_is_full = True
                dropped = SnapshotsDropped(request.run_id, (Position(0, 1), Position(0, 2)))
                events = (*events, RecordingFailed(request.run_id, "The disk is full."), dropped)
            turn = yield events
            events = reported.send(turn)


class OtherLibraries(FakeTraining):
    """Resumes a run that was trained with other versions of libraries."""

    def train(self, request):
        reported = super().train(request)
        started, *events = next(reported)
        events = (dataclasses.replace(started, caution="Its numbers may differ."), *events)
        while True:
            turn = yield events
            events = reported.send(turn)


class TestWithOtherLibraries:
    @pytest.fixture
    def backends(self):
        return OtherLibraries(), FakeInference()

    def test_libraries_that_differ_are_reported(self, qtbot, engine):
        with qtbot.waitSignal(engine.notifications.warned) as warned:
            engine.training.train(CONFIGURATION)
        assert warned.args[:2] == ["Its numbers may differ.", ""]


class TestOnAFullDisk:
    """Errors during a training that do not end it."""

    @pytest.fixture
    def backends(self):
        return FullDisk(), FakeInference()

    def test_full_disk_is_reported_and_the_training_goes_on(self, qtbot, engine):
        warned = []
        engine.notifications.warned.connect(lambda message, _: warned.append(message))
        engine.training.train(CONFIGURATION)
        wait_for(qtbot, engine, TrainingState.IDLE)
        assert warned == ["The disk is full."]
        assert engine.runs[0].state is RunState.COMPLETE

    def test_dropped_positions_can_neither_be_shown_nor_requested(self, qtbot, engine):
        engine.training.train(CONFIGURATION, paused=True)
        wait_for(qtbot, engine, TrainingState.PAUSED)
        (run,) = engine.runs
        for _ in range(3):
            engine.training.step()
        qtbot.waitUntil(lambda: run.newest == Position(0, 3))
        engine.training.resume()
        engine.view.show(Position(0, 2))
        wait_for(qtbot, engine, TrainingState.IDLE)
        assert engine.view.position == UNTRAINED, "what is kept before it"
        assert Position(0, 2) not in run.recorded
        assert "not stored" in ask(qtbot, engine, FetchSnapshot(run.run_id, Position(0, 2))).message


def test_requests_are_answered_for_a_place_on_the_timeline_and_for_the_newest_weights(qtbot, engine):
    engine.training.train(CONFIGURATION)
    wait_for(qtbot, engine, TrainingState.IDLE)
    run = engine.runs[0]
    images = run.description.examples
    for position, brightness in ((Position(1), 1 / 3), (None, 1.0)):
        answered = ask(qtbot, engine, Reconstruct(run.run_id, position, images))
        assert answered.position == (position or Position(3))
        np.testing.assert_allclose(answered.value, images * np.float32(brightness), rtol=1e-6)


def test_what_answers_is_created_in_its_own_thread_before_the_first_question(qtbot, backends):
    """It was created in the training thread, and a question meanwhile was answered by an error."""
    made = {}

    def create(name, backend):
        made[name] = QThread.currentThread().objectName()
        return backend

    training, inference = backends
    engine = Engine(
        lambda: create("training", training), lambda: create("inference", inference), runs_folder=None
    )
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    ask(qtbot, engine, Reconstruct("nobody", None, np.zeros((1, 28, 28, 1), np.float32)))
    assert engine.shut_down(60_000)
    assert made == {"training": "training", "inference": "inference"}


def test_a_request_that_fails_is_a_message(qtbot, engine):
    answered = ask(qtbot, engine, Reconstruct("nobody", None, np.zeros((1, 28, 28, 1), np.float32)))
    assert answered.message == "This run is not open."


def test_saving_and_opening(qtbot, engine, tmp_path, backends):
    engine.training.train(CONFIGURATION)
    wait_for(qtbot, engine, TrainingState.IDLE)
    engine.view.show(Position(2))
    path = tmp_path / "run.keras"
    with qtbot.waitSignal(engine.notifications.saved) as saved:
        engine.runs.save(engine.runs[0], path)
    assert saved.args == [path, "epoch 2 of A"]
    (saved,) = backends[0].saved
    assert saved.snapshot.position == Position(2)
    assert saved.history.n_steps == 20, "nothing of what came after it"
    assert [record.epoch for record in saved.history.epochs] == [0, 1, 2]
    assert (saved.path, saved.description) == (path, engine.runs[0].description)
    with qtbot.waitSignal(engine.runs.added):
        engine.runs.open(path)
    assert engine.runs[1].state is RunState.OPENED
    assert engine.runs[1].description.source == path
    assert engine.runs[1].description.name == "lecture-autoencoder 2", "no two runs have one name"
    assert engine.view.run is engine.runs[1]
    assert engine.view.position == engine.runs[1].newest == Position(2)
    assert [run.letter for run in engine.runs] == ["A", "B"]


def test_what_is_saved_of_a_run_that_is_not_shown_are_its_newest_weights(qtbot, engine, tmp_path, backends):
    for _ in range(2):
        engine.training.train(CONFIGURATION)
        wait_for(qtbot, engine, TrainingState.IDLE)
    engine.view.show(Position(1))
    with qtbot.waitSignal(engine.notifications.saved):
        engine.runs.save(engine.runs[0], tmp_path / "run.keras")
    assert backends[0].saved[0].snapshot.position == Position(3)


def test_a_branch_from_what_is_kept_of_a_run_that_failed_has_not_failed(qtbot, engine):
    engine.training.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    for _ in range(10):
        engine.training.step()
    engine.training.set_learning_rate(1e6)
    with qtbot.waitSignal(engine.notifications.failed):
        for _ in range(3):
            engine.training.step()
    parent = engine.runs[0]
    assert parent.failure.position == Position(1)
    engine.training.branch(parent, Position(1), {"learning_rate": 1e-3})
    wait_for(qtbot, engine, TrainingState.PAUSED)
    assert engine.view.run.description.branched_from == "lecture-autoencoder, epoch 1"
    assert engine.view.run.failure is None
    assert parent.failure is not None, "its own history stays"


def test_a_branch_has_only_its_parents_earlier_history(qtbot, engine, backends):
    engine.training.train(CONFIGURATION)
    wait_for(qtbot, engine, TrainingState.IDLE)
    parent = engine.runs[0]
    engine.training.branch(parent, Position(1), {"epochs": 3, "learning_rate": 0.5})
    wait_for(qtbot, engine, TrainingState.PAUSED)
    branch = backends[0].requests[-1].branch
    assert branch.position == Position(1)
    assert branch.history.n_steps == 10
    assert [record.epoch for record in branch.history.epochs] == [0, 1]
    assert parent.history.n_steps == 30, "its own history stays"
    child = engine.runs[1]
    assert child.history.n_steps == 10
    assert child.description.branched_from == "lecture-autoencoder, epoch 1"
    assert engine.training.learning_rate == 0.5
    engine.training.step()
    qtbot.waitUntil(lambda: child.history.n_steps == 11)
    assert backends[0].learning_rates[-1] == 0.5


@pytest.mark.parametrize("callback", ["open", "save"])
def test_files_that_cannot_be_are_a_message(qtbot, engine, tmp_path, callback):
    engine.training.train(CONFIGURATION.replace(epochs=1))
    wait_for(qtbot, engine, TrainingState.IDLE)
    path = tmp_path / "nowhere" / "run.keras"
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.runs.open(path) if callback == "open" else engine.runs.save(engine.runs[0], path)
    assert str(path) in failed.args[0]


def test_a_run_can_be_removed_but_not_while_it_trains(qtbot, engine):
    engine.training.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, TrainingState.PAUSED)
    engine.runs.remove(engine.runs[0])
    assert len(engine.runs) == 1
    engine.training.stop()
    wait_for(qtbot, engine, TrainingState.IDLE)
    engine.runs.remove(engine.runs[0])
    assert tuple(engine.runs) == ()
    assert engine.view.run is None


def test_a_run_that_was_removed_meanwhile_is_not_removed_again(qtbot, engine):
    """Its files were being moved to the trash, say, when it was taken off the list."""
    for _ in range(2):
        engine.training.train(CONFIGURATION.replace(epochs=1))
        wait_for(qtbot, engine, TrainingState.IDLE)
    first, second = engine.runs
    engine.runs.remove(first)
    engine.runs.remove(first)
    assert tuple(engine.runs) == (second,)
    engine.runs.restore_removed()
    assert tuple(engine.runs) == (first, second)


def test_a_removed_run_is_not_compared_and_its_weights_stay_as_long_as_it_can_come_back(qtbot, engine):
    for _ in range(3):
        engine.training.train(CONFIGURATION.replace(epochs=1))
        wait_for(qtbot, engine, TrainingState.IDLE)
    first, second, third = engine.runs

    def message_about(run):
        return ask(qtbot, engine, FetchSnapshot(run.run_id, None)).message

    engine.view.compare(second, on=True)
    engine.view.show_run(first)
    engine.runs.remove(second)
    assert engine.view.compared == ()
    assert engine.view.run is first, "the one that is shown was not removed"
    assert message_about(second) == ""
    engine.runs.restore_removed()
    assert tuple(engine.runs) == (first, second, third)
    assert engine.view.run is first, "what was shown then is shown again"
    engine.view.show_run(second)
    engine.runs.remove(second)
    assert engine.view.run is third
    engine.runs.remove(third)
    assert message_about(second) == "This run is not open."


def test_a_run_needs_a_name(qtbot, engine):
    engine.training.train(CONFIGURATION.replace(epochs=1))
    wait_for(qtbot, engine, TrainingState.IDLE)
    (run,) = engine.runs
    engine.runs.rename(run, "")
    assert run.description.name == "lecture-autoencoder"
    with qtbot.waitSignal(engine.runs.changed):
        engine.runs.rename(run, "mine")
    assert run.description.name == "mine"


def test_a_backend_that_cannot_be_imported_is_reported(qtbot):
    def broken():
        raise ImportError("no AVX")

    engine = Engine(broken, broken, runs_folder=None)
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.load()
    assert failed.args[0] == "TensorFlow could not be loaded: no AVX"
    assert engine.training.state is TrainingState.UNAVAILABLE
    assert engine.shut_down(60_000)


def test_shutting_down_in_mid_training_stops_it_and_keeps_the_run(qtbot, backends):
    training, inference = backends
    engine = Engine(lambda: training, lambda: inference, runs_folder=None)
    engine.load()
    wait_for(qtbot, engine, TrainingState.IDLE)
    engine.training.train(CONFIGURATION.replace(epochs=1000))
    wait_for(qtbot, engine, TrainingState.TRAINING)
    qtbot.waitUntil(lambda: engine.runs[0].history.n_steps > 0)
    assert engine.shut_down(60_000)
    assert not engine.is_running
    assert training.stopped == [engine.runs[0].run_id]


def test_an_inference_side_that_cannot_be_loaded_answers_with_a_message(qtbot, backends):
    def broken():
        raise ImportError("no AVX")

    engine = Engine(lambda: backends[0], broken, runs_folder=None)
    engine.load()
    wait_for(qtbot, engine, TrainingState.IDLE)
    answered = ask(qtbot, engine, Reconstruct("nobody", None, np.zeros((1, 28, 28, 1), np.float32)))
    assert "could not be loaded" in answered.message
    assert engine.shut_down(60_000)


def test_a_log_has_the_weights_that_could_not_be_written_to_the_run_s_folder(qtbot, engine, tmp_path):
    engine.training.train(CONFIGURATION)
    wait_for(qtbot, engine, TrainingState.IDLE)
    (run,) = engine.runs
    run.description = replace(run.description, source=tmp_path)
    run.apply(RecordingFailed(run.run_id, "The disk is full."))
    with qtbot.waitSignal(engine.exporting.finished):
        engine.exporting.start_log(run, [Position(1), Position(3)], tmp_path / "log")
    assert (tmp_path / "log").read_text() == "[1, 3] [1, 3] [0, 1, 2, 3]"
