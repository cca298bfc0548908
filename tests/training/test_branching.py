"""A branch begins with the weights of another run, has its history, and leaves it unchanged."""

import dataclasses

import numpy as np
import pytest
from stores import store
from weights import assert_same_weights, same_weights

from cadl_gui.datasets.images import Images
from cadl_gui.domain.branching import branched
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.events import EpochCompleted, SnapshotTaken, TrainingEnded
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import UNKNOWN_DATASET
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.saved.opened import open_path
from cadl_gui.training.recorded import train_and_record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

PARENT = RunConfig.of(preset="test", layers=(12, 5), epochs=3, batch_size=4, initial_stddev=0.2)
LONG = StepBudget(seconds=60.0, max_steps=None, learning_rate=1e-3)


def noise():
    """133 small images in place of the configured dataset."""
    random = np.random.default_rng(5)
    return store("Noise", (random.random((133, 6, 5, 1)) ** 3 * 255).astype(np.uint8), None, n_test=13)


NOISE = noise()


def begun(request, dataset=NOISE):
    """A training on these images, whatever dataset is configured."""
    return train_and_record(request, load=lambda _: dataset)


@pytest.fixture
def dataset():
    return NOISE


def run(request, dataset=NOISE):
    """Drive a training to its end."""
    training = begun(request, dataset)
    events = list(next(training))
    while not isinstance(events[-1], TrainingEnded):
        events += training.send(LONG)
    return events


@pytest.fixture
def parent(dataset, tmp_path):
    """A folder with a run of three epochs."""
    run(TrainingRequest("parent", "Parent", PARENT, tmp_path / "parent"))
    return tmp_path / "parent"


def branch_of(folder, epoch):
    return open_path(folder, epoch).branch()


def request(branch, folder, **changes):
    config = branched(PARENT, branch.position.epoch, changes)
    return TrainingRequest("child", "Child", config, folder, branch=branch)


def weights_at(folder, epoch):
    return read_snapshot(folder, Position(epoch)).weights


def test_a_branch_has_its_parents_history_and_continues_differently(parent, tmp_path):
    before = {path: path.read_bytes() for path in parent.rglob("*") if path.is_file()}
    events = run(request(branch_of(parent, 1), tmp_path / "child", epochs=2))
    mine, theirs = read_run(tmp_path / "child"), read_run(parent)
    assert mine.branched_from == "Parent, epoch 1"
    assert mine.recorded == tuple(position for position in theirs.recorded if position <= Position(2))
    n = theirs.steps_per_epoch
    np.testing.assert_array_equal(mine.history.step_losses[:n], theirs.history.step_losses[:n])
    assert [record.metrics for record in mine.history.epochs[:2]] == [
        record.metrics for record in theirs.history.epochs[:2]
    ]
    for position in mine.recorded[:-1]:
        assert_same_weights(
            read_snapshot(tmp_path / "child", position).weights, read_snapshot(parent, position).weights
        )
    assert not same_weights(weights_at(tmp_path / "child", 2), weights_at(parent, 2))
    assert [event.record.epoch for event in events if isinstance(event, EpochCompleted)] == [1, 2]
    assert before == {path: path.read_bytes() for path in parent.rglob("*") if path.is_file()}


def test_optimiser_of_a_branch_starts_afresh(parent, tmp_path):
    training = begun(request(branch_of(parent, 2), tmp_path / "child"))
    next(training)
    training.close()
    checkpoint = open_checkpoint(read_run(tmp_path / "child").checkpoint)
    assert checkpoint.position == Position(2)
    assert_same_weights(checkpoint.model.weights_by_path, weights_at(parent, 2))
    moments = [v.value.numpy() for v in checkpoint.model.optimizer.variables if "learning_rate" not in v.path]
    assert moments
    assert not any(moment.any() for moment in moments)


def test_a_branch_is_complete_from_its_first_event_on(parent, tmp_path):
    """If it is killed right after its start, it can be resumed, with the same result."""
    run(request(branch_of(parent, 1), tmp_path / "whole"))
    training = begun(request(branch_of(parent, 1), tmp_path / "cut"))
    next(training)
    training.close()
    run(TrainingRequest("child", "", PARENT, tmp_path / "cut", resume=True))
    assert_same_weights(weights_at(tmp_path / "whole", 3), weights_at(tmp_path / "cut", 3))
    assert read_run(tmp_path / "cut").branched_from == "Parent, epoch 1"


def test_a_branch_survives_its_parent(parent, tmp_path):
    run(request(branch_of(parent, 2), tmp_path / "child"))
    for path in sorted(parent.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert read_snapshot(tmp_path / "child", Position(1)).position == Position(1)


@pytest.mark.parametrize("in_memory", [False, True])
def test_branch_lists_the_earlier_weights_that_its_folder_holds(parent, tmp_path, in_memory):
    """The parent may have dropped some since, or not have been able to write them."""
    branch = branch_of(parent, 2)
    snapshot_path(parent, Position(1)).unlink()
    started, *_ = run(request(branch, None if in_memory else tmp_path / "child"))
    assert Position(1) in branch.earlier
    held = () if in_memory else tuple(position for position in branch.earlier if position != Position(1))
    assert started.recorded == held
    for position in held:
        assert read_snapshot(tmp_path / "child", position).position == position


def test_in_memory_it_begins_at_its_own_epoch(parent):
    events = run(request(branch_of(parent, 2), None))
    retained = [
        event.snapshot.position for event in events if isinstance(event, SnapshotTaken) and event.recorded
    ]
    assert retained == [Position(2), Position(3)]


def test_another_dataset_or_other_weights_are_refused(parent, tmp_path, dataset):
    branch = branch_of(parent, 1)
    other = dataclasses.replace(branch.snapshot, weights=dict(list(branch.snapshot.weights.items())[:-1]))
    with pytest.raises(CheckpointError, match="do not fit its network"):
        run(request(dataclasses.replace(branch, snapshot=other), tmp_path / "child"))
    changed = dataclasses.replace(dataset, images=Images(255 - dataset.images[:]))
    with pytest.raises(CheckpointError, match="no longer what Parent was trained on"):
        run(request(branch, tmp_path / "child"), changed)


@pytest.mark.parametrize("lost", ["record", "steps"])
def test_branch_beyond_its_parents_history_is_refused(parent, tmp_path, lost):
    branch = branch_of(parent, 2)
    if lost == "record":
        del branch.history.epochs[2]
    else:
        shorter = branch.history.up_to(Position(1, 3))
        shorter.epochs += branch.history.epochs[len(shorter.epochs) :]
        branch = dataclasses.replace(branch, history=shorter)
    with pytest.raises(CheckpointError, match="history of Parent does not reach to"):
        run(request(branch, tmp_path / "child"))


def test_a_network_that_was_trained_elsewhere_is_refused_for_that_reason(parent, tmp_path):
    """One of the course's checkpoints was told that its images had changed."""
    branch = branch_of(parent, 1)
    elsewhere = dataclasses.replace(branch.parent, dataset_fingerprint=UNKNOWN_DATASET)
    with pytest.raises(CheckpointError, match="Parent was trained elsewhere"):
        run(request(dataclasses.replace(branch, parent=elsewhere), tmp_path / "child"))
