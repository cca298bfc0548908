"""What the snapshot cache evicts, retains and reads again."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.inference.snapshot_cache import SnapshotCache

FOLDER = Path("run")
BYTES = 400


def snapshot(epoch, step=0):
    return Snapshot(Position(epoch, step), freeze({"a": np.full(BYTES // 4, epoch, np.float32)}))


class Disk:
    """A run folder with everything that was put there; counts how often it is read."""

    def __init__(self):
        self.snapshots = {}
        self.reads = []

    def read(self, folder, position):
        self.reads.append(position)
        return self.snapshots[folder, position]

    def has(self, folder, position):
        return (folder, position) in self.snapshots

    def cache(self, n_snapshots):
        return SnapshotCache(n_snapshots * BYTES, self.read, self.has)


@pytest.fixture
def disk():
    return Disk()


def record(cache, disk, run_id, epochs, folder=FOLDER):
    """Add recorded snapshots as a training does: if there is a folder, on disk first."""
    for epoch in epochs:
        taken = snapshot(epoch)
        if folder is not None:
            disk.snapshots[folder, taken.position] = taken
        cache.add(run_id, taken, recorded=True)


def test_the_newest_is_live_or_recorded_whichever_came_last(disk):
    cache = disk.cache(10)
    cache.add_run("run", None)
    record(cache, disk, "run", [0], folder=None)
    cache.add("run", snapshot(0, 7), recorded=False)
    assert cache.get("run", None).position == Position(0, 7)
    assert cache.get("run", Position(0, 7)).position == Position(0, 7)
    assert cache.get("run", Position(0)).position == Position(0)


@pytest.mark.parametrize("is_remembered", [True, False])
def test_artifacts_of_before_a_resumed_training_are_found(disk, is_remembered):
    """It begins with weights alone; earlier artifacts are stored under the position of a later batch."""
    cache, artifacts = disk.cache(10), EvaluationArtifacts(labels=np.arange(3))
    retained = dataclasses.replace(snapshot(1), artifacts=artifacts)
    disk.snapshots[FOLDER, retained.position] = retained
    cache.add_run("a", FOLDER)
    if is_remembered:
        cache.add("a", retained, recorded=True)
    cache.add("a", snapshot(1, 561), recorded=True)
    cache.add("a", snapshot(1), recorded=False)
    assert cache.get("a", Position(1)).artifacts is artifacts
    assert cache.get("a", None).artifacts is None
    assert disk.reads == ([] if is_remembered else [Position(1)])


def test_after_a_failure_the_newest_is_the_one_that_is_kept(disk):
    cache = disk.cache(10)
    cache.add_run("run", FOLDER)
    record(cache, disk, "run", [1])
    cache.add("run", snapshot(1, 7), recorded=False)
    with pytest.raises(CadlError, match="epoch 3"):
        cache.return_to("run", Position(3))
    cache.return_to("run", Position(1))
    assert cache.get("run", None).position == Position(1)


def test_a_live_snapshot_is_gone_once_a_newer_one_is_there(disk):
    cache = disk.cache(10)
    cache.add_run("run", None)
    cache.add("run", snapshot(0, 7), recorded=False)
    cache.add("run", snapshot(0, 9), recorded=False)
    with pytest.raises(CadlError, match="epoch 1, batch 7"):
        cache.get("run", Position(0, 7))


def test_what_was_used_longest_ago_is_dropped_and_read_again(disk):
    cache = disk.cache(3)
    cache.add_run("run", FOLDER)
    record(cache, disk, "run", [0, 1, 2])
    cache.get("run", Position(0))
    record(cache, disk, "run", [3])
    assert cache.n_bytes == 3 * BYTES
    for epoch in (0, 2, 3):
        cache.get("run", Position(epoch))
    assert disk.reads == []
    assert cache.get("run", Position(1)).weights["a"][0] == 1
    assert disk.reads == [Position(1)]
    assert cache.n_bytes == 3 * BYTES


def test_a_run_in_memory_only_loses_nothing(disk):
    cache = disk.cache(2)
    cache.add_run("run", None)
    record(cache, disk, "run", range(10), folder=None)
    assert [cache.get("run", Position(epoch)).position.epoch for epoch in range(10)] == list(range(10))


def test_what_a_full_disk_refused_is_not_dropped(disk):
    """The run has a folder, but recording failed after epoch 1, so later epochs stay in memory."""
    cache = disk.cache(2)
    cache.add_run("run", FOLDER)
    record(cache, disk, "run", [0, 1])
    record(cache, disk, "run", range(2, 8), folder=None)
    assert [cache.get("run", Position(epoch)).position.epoch for epoch in range(8)] == list(range(8))


def test_unknown_positions_and_runs_give_a_message(disk):
    cache = disk.cache(2)
    cache.add_run("run", FOLDER)
    with pytest.raises(CadlError, match="no weights yet"):
        cache.get("run", None)
    with pytest.raises(CadlError, match="“epoch 5” of this run are not stored"):
        cache.get("run", Position(5))
    with pytest.raises(CadlError):
        cache.get("another", Position(0))


def test_forgetting_a_run_leaves_the_others(disk):
    cache = disk.cache(10)
    for run_id in ("a", "b"):
        cache.add_run(run_id, None)
        record(cache, disk, run_id, [0, 1], folder=None)
    cache.forget("a")
    assert cache.n_bytes == 2 * BYTES
    assert cache.get("b", Position(0)).position == Position(0)
    with pytest.raises(CadlError):
        cache.get("a", Position(0))


@given(st.integers(1, 5), st.lists(st.integers(0, 9), max_size=40))
def test_memory_stays_bounded_and_answers_correct_whatever_is_requested(capacity, asked):
    disk = Disk()
    cache = disk.cache(capacity)
    cache.add_run("run", FOLDER)
    record(cache, disk, "run", range(10))
    for epoch in asked:
        assert cache.get("run", Position(epoch)).weights["a"][0] == epoch
        assert cache.n_bytes <= capacity * BYTES


def test_a_long_training_is_not_measured_again_at_each_epoch(disk):
    """Registering ten thousand epochs of a small network used to take longer than training them."""
    measured = []

    class FileEvaluation(Snapshot):
        @property
        def n_bytes(self):
            measured.append(self.position)
            return BYTES

    cache = disk.cache(1000)
    cache.add_run("run", None)
    for epoch in range(100):
        cache.add("run", FileEvaluation(Position(epoch), snapshot(epoch).weights), recorded=True)
    cache.drop("run", [Position(epoch) for epoch in range(50)])
    assert cache.n_bytes == 50 * BYTES
    assert len(measured) <= 2 * 100
