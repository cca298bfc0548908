"""Runs on disk: resumed exactly, refused with a sentence, and never a reason to lose a training."""

import dataclasses
import itertools

import numpy as np
import pytest

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import CheckpointError, DatasetError, NonFiniteLossError, RecordingError
from cadl_gui.core.events import (
    EpochCompleted,
    HealthNoted,
    RecordingFailed,
    SnapshotTaken,
    TrainingEnded,
    TrainingStarted,
)
from cadl_gui.core.position import Position
from cadl_gui.core.requests import TrainingRequest, Turn
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.examples_file import write_examples
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.runs.writer import RunWriter
from cadl_gui.training import recorded
from cadl_gui.training.recorded import train_and_record

pytestmark = [
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

DENSE = Configuration(preset="test", layers=(12, 5), epochs=4, batch_size=4, initial_stddev=0.2)
CONVOLUTIONAL = DENSE.replace(convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 2))
LONG = Turn(seconds=60.0, max_steps=None, learning_rate=1e-3)


@pytest.fixture
def dataset(monkeypatch):
    """133 small pictures stand for whatever the configuration names."""
    random = np.random.default_rng(5)
    noise = Dataset("Noise", (random.random((133, 6, 5, 1)) ** 3 * 255).astype(np.uint8), None, n_test=13)
    monkeypatch.setattr(recorded, "load", lambda _: noise)
    return noise


def run(configuration, folder, *, resume=False, turns=None):
    """Drive a training to its end, or through the given turns, and close it."""
    training = train_and_record(TrainingRequest("run", "Run", configuration, folder, resume=resume))
    events = list(next(training))
    for turn in itertools.repeat(LONG) if turns is None else turns:
        if isinstance(events[-1], TrainingEnded):
            break
        events += training.send(turn)
    training.close()
    return events


def recorded_snapshots(events):
    return [event.snapshot for event in events if isinstance(event, SnapshotTaken) and event.recorded]


def assert_same_weights(mine, theirs):
    for a, b in zip(mine, theirs, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("configuration", [DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_an_interrupted_run_ends_as_one_that_was_not(dataset, configuration, tmp_path):
    """Cut in the middle of the third epoch and resumed: same weights, optimiser and history, bit for bit."""
    whole = run(configuration, tmp_path / "whole")
    steps_before_the_cut = [LONG] * 7 + [Turn(60.0, 10, 1e-3)]
    cut = run(configuration, tmp_path / "cut", turns=steps_before_the_cut)
    assert not isinstance(cut[-1], TrainingEnded)
    last_complete = max(event.record.epoch for event in cut if isinstance(event, EpochCompleted))

    resumed = run(configuration, tmp_path / "cut", resume=True)

    assert isinstance(resumed[0], TrainingStarted)
    assert resumed[0].history.epochs[-1].epoch == last_complete
    assert resumed[0].recorded[-1] == Position(last_complete)
    assert_same_weights(recorded_snapshots(whole)[-1].weights, recorded_snapshots(resumed)[-1].weights)
    stored = [read_run(tmp_path / name) for name in ("whole", "cut")]
    assert stored[0].recorded == stored[1].recorded
    np.testing.assert_array_equal(stored[0].history.step_losses, stored[1].history.step_losses)
    assert [record.metrics for record in stored[0].history.epochs] == [
        record.metrics for record in stored[1].history.epochs
    ]
    models = [open_checkpoint(run.checkpoint).model for run in stored]
    assert_same_weights(*([v.value.numpy() for v in model.optimizer.variables] for model in models))


def test_more_epochs_can_be_asked_for_afterwards(dataset, tmp_path):
    """Two epochs, then resumed to four in all: as four at once."""
    whole = run(DENSE, None)
    run(DENSE.replace(epochs=2), tmp_path / "run")
    resumed = run(DENSE, tmp_path / "run", resume=True)
    assert resumed[0].description.configuration == DENSE
    assert resumed[-1].position == Position(4)
    assert_same_weights(recorded_snapshots(whole)[-1].weights, recorded_snapshots(resumed)[-1].weights)


def test_a_run_that_was_killed_in_its_first_epoch_resumes_from_the_untrained_network(dataset, tmp_path):
    """Epoch 0 is complete by then, and is not completed twice."""
    whole = run(DENSE, None)
    run(DENSE, tmp_path / "run", turns=[Turn(60.0, 3, 1e-3)])
    resumed = run(DENSE, tmp_path / "run", resume=True)
    assert resumed[0].history.epochs[-1].epoch == 0
    stored = read_run(tmp_path / "run")
    assert [record.epoch for record in stored.history.epochs] == [0, 1, 2, 3, 4]
    assert_same_weights(recorded_snapshots(whole)[-1].weights, recorded_snapshots(resumed)[-1].weights)


def test_a_complete_run_resumes_to_its_end_at_once(dataset, tmp_path):
    run(DENSE.replace(epochs=2), tmp_path / "run")
    events = run(DENSE.replace(epochs=1), tmp_path / "run", resume=True)
    assert events[-1].complete
    assert events[-1].position == Position(2)
    assert not [event for event in events if isinstance(event, EpochCompleted)]


def test_a_resumed_run_does_not_complain_again(dataset, tmp_path):
    """Units that hardly move are told at the start; they are no better when the run goes on."""
    still = itertools.repeat(dataclasses.replace(LONG, learning_rate=0.0))
    constant = DENSE.replace(epochs=1, layers=(6, 5, 4), initial_stddev=1e-6)
    first = run(constant, tmp_path / "run", turns=still)
    assert [event.note.kind for event in first if isinstance(event, HealthNoted)] == ["units"]
    resumed = run(constant.replace(epochs=2), tmp_path / "run", resume=True, turns=still)
    assert resumed[-1].position == Position(2)
    assert not [event for event in resumed if isinstance(event, HealthNoted)]
    assert [note.position for note in read_run(tmp_path / "run").history.notes] == [Position(0)]


def test_what_was_told_is_on_disk(dataset, tmp_path):
    """At the moment in which an event is passed on, a reader of the folder finds it there."""
    folder = tmp_path / "run"
    training = train_and_record(TrainingRequest("run", "Run", DENSE.replace(epochs=2), folder))
    events = next(training)
    while True:
        for event in events:
            if isinstance(event, EpochCompleted):
                stored = read_run(folder)
                assert stored.history.epochs[-1] == event.record
                assert open_checkpoint(stored.checkpoint).position == Position(event.record.epoch)
            if isinstance(event, SnapshotTaken) and event.recorded:
                on_disk = read_snapshot(folder, event.snapshot.position)
                assert_same_weights(on_disk.weights, event.snapshot.weights)
        if isinstance(events[-1], TrainingEnded):
            break
        events = training.send(LONG)


def test_stopping_in_mid_epoch_keeps_the_weights_on_disk(dataset, tmp_path):
    events = run(DENSE, tmp_path / "run", turns=[Turn(0.0, 1, 1e-3)] * 3 + [Turn(0.0, 0, 1e-3)])
    assert events[-1].position == Position(0, 3)
    assert not events[-1].complete
    kept = read_snapshot(tmp_path / "run", Position(0, 3))
    assert_same_weights(kept.weights, recorded_snapshots(events)[-1].weights)


def test_a_disk_that_refuses_ends_no_training(dataset, tmp_path, monkeypatch):
    """From the second epoch on the disk is full: told once, the training ends as if it were not."""
    undisturbed = run(DENSE, None)
    write = RunWriter.write_checkpoint

    def full(self, model, position, history):
        if position.epoch >= 2:
            raise RecordingError("The disk is full.")
        write(self, model, position, history)

    monkeypatch.setattr(RunWriter, "write_checkpoint", full)
    events = run(DENSE, tmp_path / "run")
    failures = [event for event in events if isinstance(event, RecordingFailed)]
    assert [failure.sentence for failure in failures] == ["The disk is full."]
    assert events[-1].complete
    assert_same_weights(recorded_snapshots(undisturbed)[-1].weights, recorded_snapshots(events)[-1].weights)
    assert read_run(tmp_path / "run").history.epochs[-1].epoch == 1


def test_a_folder_that_cannot_be_written_leaves_the_run_in_memory(dataset, tmp_path):
    (tmp_path / "run").write_text("a file where the folder should be")
    started, failed, *_ = run(DENSE.replace(epochs=1), tmp_path / "run")
    assert started.description.source is None
    assert isinstance(failed, RecordingFailed)
    assert "run" in failed.sentence


def test_a_loss_that_explodes_leaves_the_last_good_checkpoint(dataset, tmp_path):
    run(DENSE.replace(epochs=1), tmp_path / "run")
    training = train_and_record(TrainingRequest("run", "Run", DENSE, tmp_path / "run", resume=True))
    next(training)
    with pytest.raises(NonFiniteLossError):
        training.send(dataclasses.replace(LONG, learning_rate=1e9))
    checkpoint = open_checkpoint(read_run(tmp_path / "run").checkpoint)
    assert checkpoint.position == Position(1)
    assert all(np.isfinite(v.value.numpy()).all() for v in checkpoint.model.variables)


def test_there_is_a_sentence_where_nothing_can_be_resumed(dataset, tmp_path):
    with pytest.raises(CheckpointError, match="not a run folder"):
        run(DENSE, tmp_path, resume=True)


def test_another_dataset_is_not_resumed(dataset, tmp_path, monkeypatch):
    run(DENSE.replace(epochs=1), tmp_path / "run")
    other = dataclasses.replace(dataset, images=255 - dataset.images)
    monkeypatch.setattr(recorded, "load", lambda _: other)
    with pytest.raises(CheckpointError, match="no longer what this run was trained on"):
        run(DENSE, tmp_path / "run", resume=True)


def test_two_trainings_do_not_write_to_one_folder(dataset, tmp_path):
    """A second one that resumes is refused; the first goes on."""
    first = train_and_record(TrainingRequest("a", "A", DENSE, tmp_path / "run"))
    next(first)
    with pytest.raises(RecordingError):
        run(DENSE, tmp_path / "run", resume=True)
    assert first.send(LONG)
    first.close()
    assert run(DENSE, tmp_path / "run", resume=True)[-1].complete


@pytest.mark.parametrize("name", ["x.npz", "x.h5"])
def test_what_was_taught_is_learned_recorded_and_resumed_exactly(dataset, tmp_path, name):
    pictures = np.full((3, *dataset.picture_shape), 255, np.uint8)
    write_examples(tmp_path / name, pictures, np.zeros(3, np.int64))
    configuration = DENSE.replace(taught=str(tmp_path / name), taught_repeats=4)
    whole = run(configuration, tmp_path / "whole")
    plain = run(DENSE, tmp_path / "plain")
    # 108 pictures are learned from in batches of 4; three more, four times each, make three more steps.
    assert [events[0].description.steps_per_epoch for events in (plain, whole)] == [27, 30]
    assert read_run(tmp_path / "whole").configuration.taught == str(tmp_path / name)
    run(configuration, tmp_path / "cut", turns=[LONG, LONG])
    resumed = run(configuration, tmp_path / "cut", resume=True)
    assert_same_weights(recorded_snapshots(whole)[-1].weights, recorded_snapshots(resumed)[-1].weights)


def test_a_run_is_not_resumed_with_other_things_taught(dataset, tmp_path):
    pictures = np.zeros((3, *dataset.picture_shape), np.uint8)
    write_examples(tmp_path / "x.npz", pictures, np.zeros(3, np.int64))
    configuration = DENSE.replace(taught=str(tmp_path / "x.npz"))
    run(configuration, tmp_path / "run", turns=[LONG] * 9)
    write_examples(tmp_path / "x.npz", pictures + 1, np.zeros(3, np.int64))
    with pytest.raises(CheckpointError, match=r"with “.*x.npz” is no longer what this run was trained on"):
        run(configuration, tmp_path / "run", resume=True)
    (tmp_path / "x.npz").unlink()
    with pytest.raises(DatasetError, match="There is no file"):
        run(configuration, tmp_path / "run", resume=True)
