"""Runs on disk: resumed exactly or refused with a message; problems with them never end a training."""

import dataclasses
import gc
import itertools
import json
import re
import shutil

import keras
import numpy as np
import pytest
from same_runs import assert_same_run
from stores import store
from weights import assert_same_weights

from cadl_gui.datasets.images import Images
from cadl_gui.datasets.sources.arrays import write_examples
from cadl_gui.domain.branching import branched
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import (
    CheckpointError,
    ConfigurationError,
    DatasetError,
    NonFiniteLossError,
    RecordingError,
)
from cadl_gui.domain.events import (
    EpochCompleted,
    HealthNoted,
    RecordingFailed,
    SnapshotTaken,
    TrainingEnded,
    TrainingStarted,
)
from cadl_gui.domain.health import FAILED, Suggestion
from cadl_gui.domain.position import EARLY_BATCHES, UNTRAINED, Position
from cadl_gui.domain.training_requests import OpenFile, SaveCheckpoint, StepBudget, TrainingRequest
from cadl_gui.runs import layout
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.runs.writer import RunWriter
from cadl_gui.saved.backend import Training
from cadl_gui.saved.opened import open_path
from cadl_gui.training import recorded
from cadl_gui.training.recorded import train_and_record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

DENSE = RunConfig.of(preset="test", layers=(12, 5), epochs=4, batch_size=4, initial_stddev=0.2)
CONVOLUTIONAL = DENSE.replace(convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 2))
LONG = StepBudget(seconds=60.0, max_steps=None, learning_rate=1e-3)


def noise():
    """133 small images in place of the configured dataset."""
    random = np.random.default_rng(5)
    return store("Noise", (random.random((133, 6, 5, 1)) ** 3 * 255).astype(np.uint8), None, n_test=13)


NOISE = noise()


def on_noise(request, dataset=NOISE):
    """A training on these images, whatever dataset is configured."""
    return train_and_record(request, load=lambda _: dataset)


@pytest.fixture
def dataset():
    return NOISE


def run(config, folder, *, resume=False, turns=None, dataset=NOISE, **asked):
    """Drive a training to its end, or through the given turns, and close it.

    Without turns, it continues with its own learning rate, like the window and the command line.
    """
    request = TrainingRequest("run", "Run", config, folder, resume=resume, asked=asked)
    training = on_noise(request, dataset)
    events = list(next(training))
    own = dataclasses.replace(LONG, learning_rate=events[0].learning_rate)
    for budget in itertools.repeat(own) if turns is None else turns:
        if isinstance(events[-1], TrainingEnded):
            break
        events += training.send(budget)
    training.close()
    return events


def recorded_snapshots(events):
    return [event.snapshot for event in events if isinstance(event, SnapshotTaken) and event.recorded]


@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_an_interrupted_run_ends_as_one_that_was_not(dataset, config, tmp_path):
    """Interrupted in the third epoch and resumed: same weights, optimiser and history, bit for bit."""
    whole = run(config, tmp_path / "whole")
    steps_before_the_cut = [LONG] * 7 + [StepBudget(60.0, 10, 1e-3)]
    cut = run(config, tmp_path / "cut", turns=steps_before_the_cut)
    assert not isinstance(cut[-1], TrainingEnded)
    last_complete = max(event.record.epoch for event in cut if isinstance(event, EpochCompleted))

    resumed = run(config, tmp_path / "cut", resume=True)

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
    assert_same_weights(*({v.path: v.value.numpy() for v in model.optimizer.variables} for model in models))


def test_more_epochs_can_be_requested_afterwards(dataset, tmp_path):
    """Two epochs, then resumed to four in total: like four at once."""
    whole = run(DENSE, None)
    run(DENSE.replace(epochs=2), tmp_path / "run")
    resumed = run(DENSE, tmp_path / "run", resume=True, epochs=4)
    assert resumed[0].description.config == DENSE
    assert resumed[-1].position == Position(4)
    assert_same_weights(recorded_snapshots(whole)[-1].weights, recorded_snapshots(resumed)[-1].weights)


def test_a_run_that_was_killed_in_its_first_epoch_resumes_from_the_untrained_network(dataset, tmp_path):
    """Epoch 0 is complete by then, and is not completed again."""
    whole = run(DENSE, None)
    run(DENSE, tmp_path / "run", turns=[StepBudget(60.0, 3, 1e-3)])
    resumed = run(DENSE, tmp_path / "run", resume=True)
    assert resumed[0].history.epochs[-1].epoch == 0
    stored = read_run(tmp_path / "run")
    assert [record.epoch for record in stored.history.epochs] == [0, 1, 2, 3, 4]
    assert_same_weights(recorded_snapshots(whole)[-1].weights, recorded_snapshots(resumed)[-1].weights)


def test_a_complete_run_resumes_to_its_end_at_once(dataset, tmp_path):
    run(DENSE.replace(epochs=2), tmp_path / "run")
    events = run(DENSE, tmp_path / "run", resume=True)
    assert events[-1].complete
    assert events[-1].position == Position(2)
    assert not [event for event in events if isinstance(event, EpochCompleted)]


def test_a_resumed_run_does_not_complain_again(dataset, tmp_path):
    """Units that are nearly constant are reported at the start, and not again when the run is resumed."""
    still = itertools.repeat(dataclasses.replace(LONG, learning_rate=0.0))
    constant = DENSE.replace(epochs=1, layers=(6, 5, 4), initial_stddev=1e-6)
    first = run(constant, tmp_path / "run", turns=still)
    assert [event.note.kind for event in first if isinstance(event, HealthNoted)] == ["units"]
    resumed = run(constant, tmp_path / "run", resume=True, turns=still, epochs=2)
    assert resumed[-1].position == Position(2)
    assert not [event for event in resumed if isinstance(event, HealthNoted)]
    assert [note.position for note in read_run(tmp_path / "run").history.notes] == [Position(0)]


def test_what_was_reported_is_on_disk(dataset, tmp_path):
    """When an event is yielded, a reader finds it in the folder."""
    folder = tmp_path / "run"
    training = on_noise(TrainingRequest("run", "Run", DENSE.replace(epochs=2), folder))
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
    events = run(DENSE, tmp_path / "run", turns=[StepBudget(0.0, 1, 1e-3)] * 3 + [StepBudget(0.0, 0, 1e-3)])
    assert events[-1].position == Position(0, 3)
    assert not events[-1].complete
    retained = read_snapshot(tmp_path / "run", Position(0, 3))
    assert_same_weights(retained.weights, recorded_snapshots(events)[-1].weights)


def test_a_checkpoint_in_an_interrupted_run_has_the_history_up_to_its_own_epoch(dataset, tmp_path):
    run(DENSE, tmp_path / "run", turns=[StepBudget(0.0, 1, 1e-3)] * 3 + [StepBudget(0.0, 0, 1e-3)])
    stored = read_run(tmp_path / "run")
    assert stored.history.n_steps == 3
    assert open_checkpoint(stored.checkpoint).history.n_steps == 0


def test_a_disk_that_refuses_ends_no_training(dataset, tmp_path, monkeypatch):
    """From the second epoch on, the disk is full: reported once, the training continues to its end."""
    undisturbed = run(DENSE, None)
    write = RunWriter.write_checkpoint

    def full(self, model, position):
        if position.epoch >= 2:
            raise RecordingError("The disk is full.")
        write(self, model, position)

    monkeypatch.setattr(RunWriter, "write_checkpoint", full)
    events = run(DENSE, tmp_path / "run")
    failures = [event for event in events if isinstance(event, RecordingFailed)]
    assert [failure.message for failure in failures] == ["The disk is full."]
    assert events[-1].complete
    assert_same_weights(recorded_snapshots(undisturbed)[-1].weights, recorded_snapshots(events)[-1].weights)
    assert read_run(tmp_path / "run").history.epochs[-1].epoch == 1


def test_a_folder_that_cannot_be_written_leaves_the_run_in_memory(dataset, tmp_path):
    (tmp_path / "run").write_text("a file where the folder should be")
    started, failed, *_ = run(DENSE.replace(epochs=1), tmp_path / "run")
    assert started.description.source is None
    assert isinstance(failed, RecordingFailed)
    assert "run" in failed.message


def test_a_network_that_is_trained_for_longer_says_so_to_keras_too(dataset, tmp_path):
    run(DENSE.replace(epochs=1), tmp_path / "run")
    run(DENSE, tmp_path / "run", resume=True, epochs=2)
    opened = keras.saving.load_model(read_run(tmp_path / "run").checkpoint)
    assert opened.training_config == DENSE.replace(epochs=2).training


def test_a_loss_that_explodes_leaves_the_last_good_checkpoint(dataset, tmp_path):
    run(DENSE.replace(epochs=1), tmp_path / "run")
    request = TrainingRequest("run", "Run", DENSE, tmp_path / "run", resume=True, asked={"epochs": 4})
    training = on_noise(request)
    next(training)
    with pytest.raises(NonFiniteLossError):
        training.send(dataclasses.replace(LONG, learning_rate=1e9))
    checkpoint = open_checkpoint(read_run(tmp_path / "run").checkpoint)
    assert checkpoint.position == Position(1)
    note = read_run(tmp_path / "run").history.notes[-1]
    assert (note.kind, note.position) == (FAILED, Position(1))
    assert note.message.startswith("Training stopped: the loss became infinite")
    assert note.suggestion == Suggestion("learning_rate", DENSE.training.learning_rate)
    assert all(np.isfinite(v.value.numpy()).all() for v in checkpoint.model.variables)


def test_the_history_is_written_once(dataset, tmp_path):
    """A checkpoint in a run folder has no history of its own; one that was moved elsewhere has lost it."""
    run(DENSE, tmp_path / "run")
    stored = read_run(tmp_path / "run")
    opened = open_checkpoint(stored.checkpoint)
    assert opened.history.epochs == stored.history.epochs
    np.testing.assert_array_equal(opened.history.step_losses, stored.history.step_losses)
    shutil.copy(stored.checkpoint, tmp_path / "taken.keras")
    taken = open_checkpoint(tmp_path / "taken.keras")
    assert (taken.position, taken.history.epochs) == (Position(4), [])
    assert taken.history.n_steps == 0


def test_a_checkpoint_beside_another_run_has_not_its_history(dataset, tmp_path):
    for name in ("one", "other"):
        run(DENSE, tmp_path / name)
    checkpoint = read_run(tmp_path / "one").checkpoint
    shutil.copy(checkpoint, tmp_path / "other" / checkpoint.name)
    assert open_checkpoint(tmp_path / "other" / checkpoint.name).history.epochs == []


def test_a_run_keeps_its_uuid_and_a_branch_has_another(dataset, tmp_path):
    begun = run(DENSE.replace(epochs=2), tmp_path / "run")[0].description.uuid
    resumed = run(DENSE.replace(epochs=2), tmp_path / "run", resume=True, epochs=4)[0].description.uuid
    assert resumed == begun == read_run(tmp_path / "run").uuid
    assert open_checkpoint(read_run(tmp_path / "run").checkpoint).uuid == begun
    assert run(DENSE, tmp_path / "same")[0].description.uuid != begun, "the same configuration, another run"


def test_a_run_is_not_resumed_from_the_checkpoint_of_another(dataset, tmp_path):
    for name in ("one", "other"):
        run(DENSE.replace(epochs=2, seed=len(name)), tmp_path / name)
    theirs, ours = (read_run(tmp_path / name).checkpoint for name in ("one", "other"))
    shutil.copy(theirs, ours)
    before = {path: path.read_bytes() for path in (tmp_path / "other").rglob("*.*")}
    with pytest.raises(CheckpointError, match=f"“{ours}” belongs to a different run than its folder"):
        run(DENSE.replace(epochs=2, seed=5), tmp_path / "other", resume=True, epochs=4)
    assert {path: path.read_bytes() for path in (tmp_path / "other").rglob("*.*")} == before


def test_what_is_saved_has_the_weights_of_its_epoch_and_of_the_last_one_its_optimiser(dataset, tmp_path):
    """The run's folder keeps the optimiser of the last epoch only."""
    run(DENSE.replace(epochs=2), tmp_path / "run")
    about = Training().open(OpenFile("run", tmp_path / "run"))
    for epoch, n_steps in ((0, 0), (1, 0), (2, 54)):
        snapshot, path = read_snapshot(tmp_path / "run", Position(epoch)), tmp_path / f"{epoch}.keras"
        Training().save(SaveCheckpoint(about.description, about.history, snapshot, path))
        saved = open_checkpoint(path)
        assert_same_weights(saved.model.weights_by_path, snapshot.weights)
        assert int(saved.model.optimizer.iterations.numpy()) == n_steps


def test_a_resumed_run_reports_that_libraries_are_others(dataset, tmp_path):
    run(DENSE.replace(epochs=1), tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    path.write_text(re.sub('"numpy": "[^"]*"', '"numpy": "1.2.3"', path.read_text()))
    started, *_ = run(DENSE, tmp_path / "run", resume=True, epochs=2)
    assert started.caution.startswith("This run was trained with NumPy 1.2.3; with NumPy ")
    again, *_ = run(DENSE, tmp_path / "run", resume=True, epochs=3)
    assert again.caution == ""


FAST = DENSE.replace(learning_rate=0.02)
SLOW_TURN = dataclasses.replace(LONG, learning_rate=5e-4)


class CancelledError(Exception):
    """What a cancelled start raises at its next stage."""


@pytest.mark.parametrize("stage", ["Preparing the images", "Measuring the network before the first batch"])
def test_a_start_that_is_cancelled_in_any_stage_leaves_nothing(dataset, tmp_path, stage):
    """What was cancelled in the longest stage, the last one, was a run on disk that no list showed."""
    begun = []

    def on_stage(text):
        if stage in begun:
            raise CancelledError
        begun.append(text)

    folder = tmp_path / "run"
    with pytest.raises(CancelledError):
        next(on_noise(TrainingRequest("run", "Run", FAST, folder, on_stage=on_stage)))
    assert begun[-1] == stage
    assert not folder.exists()


def turns_of(epochs, budget):
    """As many turns as complete this number of epochs."""
    return [budget] * (epochs + len([batch for batch in EARLY_BATCHES if batch < 27]))


def test_more_batches_than_can_be_read_again_are_not_trained(tmp_path):
    """Neither at once, of 2,502 batches an epoch, nor by resuming."""
    images = store(
        "Tiny", np.random.default_rng(0).integers(0, 256, (2790, 2, 2, 1), np.uint8), None, n_test=10
    )
    config = RunConfig.of(preset="test", layers=(1,), batch_size=1, epochs=9593)
    message = (
        "9,593 epochs of 2,502 batches are more than a run can record: .* there are at most 9,592 epochs"
    )
    with pytest.raises(ConfigurationError, match=message):
        run(config, tmp_path / "run", dataset=images)
    assert not (tmp_path / "run").exists()
    most = run(
        config.replace(epochs=9592), tmp_path / "run", dataset=images, turns=[LONG] * (1 + len(EARLY_BATCHES))
    )
    assert isinstance(most[-1], EpochCompleted)
    with pytest.raises(ConfigurationError, match=message):
        run(config, tmp_path / "run", resume=True, dataset=images, epochs=9593)
    assert read_run(tmp_path / "run").config.training.epochs == 9592


def test_a_run_resumes_with_its_own_learning_rate(dataset, tmp_path):
    """A rate that no preset has; the request to resume names neither the rate nor the epochs."""
    run(FAST, tmp_path / "whole")
    own = dataclasses.replace(LONG, learning_rate=FAST.training.learning_rate)
    run(FAST, tmp_path / "cut", turns=turns_of(2, own))
    resumed = run(RunConfig.of(preset="test"), tmp_path / "cut", resume=True)
    assert resumed[0].learning_rate == FAST.training.learning_rate
    assert resumed[-1].complete
    assert_same_run(tmp_path / "whole", tmp_path / "cut")


def test_a_learning_rate_that_was_changed_is_used_when_resuming(dataset, tmp_path):
    """Both halves have different rates; the change came before the interruption."""
    fast, slow = dataclasses.replace(LONG, learning_rate=FAST.training.learning_rate), SLOW_TURN
    changed = [*turns_of(1, fast), slow]
    run(FAST, tmp_path / "whole", turns=[*changed, *[slow] * 9])
    run(FAST, tmp_path / "cut", turns=changed)
    resumed = run(FAST, tmp_path / "cut", resume=True)
    assert resumed[0].learning_rate == slow.learning_rate
    assert_same_run(tmp_path / "whole", tmp_path / "cut")


def abandon(training):
    """Leave a training as a kill does: what is not written yet is lost."""
    writers = [each for each in gc.get_objects() if isinstance(each, RunWriter)]
    for writer in writers:
        writer._pending.clear()
    training.close()


@pytest.mark.parametrize("killed", [False, True], ids=["stopped", "killed"])
def test_a_change_inside_the_last_epoch_is_not_lost_with_that_epoch(dataset, tmp_path, killed):
    """It was the user's decision; whether the run is stopped or killed after it, or killed when resumed."""
    training = on_noise(TrainingRequest("run", "Run", FAST, tmp_path / "run"))
    next(training)
    training.send(dataclasses.replace(LONG, learning_rate=FAST.training.learning_rate))
    training.send(dataclasses.replace(SLOW_TURN, max_steps=1))
    if killed:
        abandon(training)
    else:
        training.send(dataclasses.replace(SLOW_TURN, max_steps=0))
    for _ in range(2):
        resumed = on_noise(TrainingRequest("run", "Run", DENSE, tmp_path / "run", resume=True))
        assert next(resumed)[0].learning_rate == SLOW_TURN.learning_rate
        abandon(resumed)


def test_a_rate_that_was_set_while_paused_is_kept_when_resuming(dataset, tmp_path):
    """No step was taken with it: the training was stopped, and resumed later."""
    own = dataclasses.replace(LONG, learning_rate=FAST.training.learning_rate)
    run(FAST, tmp_path / "run", turns=[*turns_of(1, own), dataclasses.replace(SLOW_TURN, max_steps=0)])
    assert run(DENSE, tmp_path / "run", resume=True)[0].learning_rate == SLOW_TURN.learning_rate


def test_a_branch_has_the_rate_of_its_configuration_whatever_its_parent_ended_with(dataset, tmp_path):
    run(DENSE.replace(epochs=1), tmp_path / "parent", turns=turns_of(1, SLOW_TURN))
    branch = open_path(tmp_path / "parent").branch()
    config = branched(branch.parent.config, 1, {"learning_rate": 0.005})
    training = on_noise(TrainingRequest("child", "Child", config, tmp_path / "child", branch=branch))
    assert next(training)[0].learning_rate == 0.005
    training.close()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"preset": "vae"}, "is resumed with Preset test, not vae"),
        ({"learning_rate": 0.1}, "is resumed with Learning rate 0.001, not 0.1"),
        ({"batch_size": 9}, "is resumed with Batch size 4, not 9"),
        ({"seed": 7}, "is resumed with Seed 1, not 7"),
        ({"epochs": 1}, "has 2 epochs already"),
    ],
)
def test_a_request_that_contradicts_the_run_is_refused(dataset, tmp_path, asked, message):
    """A refused request changes nothing; values that agree with the run may be repeated."""
    run(DENSE.replace(epochs=2), tmp_path / "run")
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    with pytest.raises(ConfigurationError, match=message):
        run(DENSE, tmp_path / "run", resume=True, **asked)
    assert before == {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    repeated = {name: DENSE.value(name) for name in ("preset", "learning_rate", "batch_size", "seed")}
    assert run(DENSE, tmp_path / "run", resume=True, **repeated)[-1].complete


def test_no_process_writes_to_a_run_while_it_is_read_to_resume(dataset, tmp_path, monkeypatch):
    """If another process ended while a resume was reading, the same epochs used to be appended twice."""
    run(DENSE.replace(epochs=2), tmp_path / "run")
    refusals = []

    def read_slowly(folder):
        with pytest.raises(RecordingError, match="is writing") as refused:
            run(DENSE, folder, resume=True)
        refusals.append(refused)
        return read_run(folder)

    resume = on_noise(
        TrainingRequest("run", "Run", DENSE, tmp_path / "run", resume=True, asked={"epochs": 4})
    )
    with monkeypatch.context() as patch:
        patch.setattr(recorded, "read_run", read_slowly)
        next(resume)
    assert refusals
    resume.close()
    assert run(DENSE, tmp_path / "run", resume=True)[-1].complete


@pytest.mark.parametrize(
    "names", [["run.lock"], ["run.lock", "snapshots"], ["run.lock", "snapshots", "run.json"]]
)
@pytest.mark.parametrize("resume", [False, True], ids=["begun again", "resumed"])
def test_a_folder_that_a_kill_left_incomplete_is_started_over(dataset, tmp_path, names, resume):
    run(DENSE.replace(epochs=1), tmp_path / "whole")
    folder = tmp_path / "run"
    shutil.copytree(tmp_path / "whole", folder)
    (folder / "run.lock").write_text("4194305\n")  # no process can have this number
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink() if path.is_file() else shutil.rmtree(path)
    for position in layout.snapshot_positions(folder):
        if position != UNTRAINED:  # with more than that, a run is never begun anew
            layout.snapshot_path(folder, position).unlink()
    run(DENSE.replace(epochs=1), folder, resume=resume)
    assert_same_run(tmp_path / "whole", folder)


def test_run_that_cannot_be_resumed_gives_a_message(dataset, tmp_path):
    (tmp_path / "holiday.jpg").write_text("mine")
    with pytest.raises(CheckpointError, match="not a run folder"):
        run(DENSE, tmp_path, resume=True)


def test_another_dataset_is_not_resumed(dataset, tmp_path):
    run(DENSE.replace(epochs=1), tmp_path / "run")
    other = dataclasses.replace(dataset, images=Images(255 - dataset.images[:]))
    with pytest.raises(CheckpointError, match="no longer what this run was trained on"):
        run(DENSE, tmp_path / "run", resume=True, dataset=other)


@pytest.mark.parametrize("n_steps", [1, 2**31 - 1])
def test_a_run_whose_epochs_are_not_those_of_its_dataset_is_not_resumed(dataset, tmp_path, n_steps):
    run(DENSE.replace(epochs=1), tmp_path / "run")
    manifest = tmp_path / "run" / "run.json"
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(values | {"steps_per_epoch": n_steps}))
    with pytest.raises(CheckpointError, match=r"is damaged"):
        run(DENSE, tmp_path / "run", resume=True)


def test_two_trainings_do_not_write_to_one_folder(dataset, tmp_path):
    """The second process to resume is refused; the first continues."""
    first = on_noise(TrainingRequest("a", "A", DENSE, tmp_path / "run"))
    next(first)
    with pytest.raises(RecordingError):
        run(DENSE, tmp_path / "run", resume=True)
    assert first.send(LONG)
    first.close()
    assert run(DENSE, tmp_path / "run", resume=True)[-1].complete


@pytest.mark.parametrize("name", ["x.npz", "x.h5"])
def test_what_was_labelled_is_learned_recorded_and_resumed_exactly(dataset, tmp_path, name):
    images = np.full((3, *dataset.image_shape), 255, np.uint8)
    write_examples(tmp_path / name, images, np.zeros(3, np.int64))
    config = DENSE.replace(labelled_examples=str(tmp_path / name), labelled_repeats=4)
    whole = run(config, tmp_path / "whole")
    plain = run(DENSE, tmp_path / "plain")
    # 108 images are learned from in batches of 4; three more, four times each, make three more steps.
    assert [events[0].description.steps_per_epoch for events in (plain, whole)] == [27, 30]
    assert read_run(tmp_path / "whole").config.data.labelled_examples == str(tmp_path / name)
    run(config, tmp_path / "cut", turns=[LONG, LONG])
    resumed = run(config, tmp_path / "cut", resume=True)
    assert_same_weights(recorded_snapshots(whole)[-1].weights, recorded_snapshots(resumed)[-1].weights)


def test_a_run_is_not_resumed_with_other_things_labelled(dataset, tmp_path):
    images = np.zeros((3, *dataset.image_shape), np.uint8)
    write_examples(tmp_path / "x.npz", images, np.zeros(3, np.int64))
    config = DENSE.replace(labelled_examples=str(tmp_path / "x.npz"))
    run(config, tmp_path / "run", turns=[LONG] * 9)
    write_examples(tmp_path / "x.npz", images + 1, np.zeros(3, np.int64))
    with pytest.raises(CheckpointError, match=r"with “.*x.npz” is no longer what this run was trained on"):
        run(config, tmp_path / "run", resume=True)
    (tmp_path / "x.npz").unlink()
    with pytest.raises(DatasetError, match="No such file"):
        run(config, tmp_path / "run", resume=True)
