"""A run folder holds what was told, and whatever happens to its writer, the last complete epoch."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import CheckpointError, RecordingError
from cadl_gui.core.events import EpochCompleted, SnapshotTaken, StepsTaken, TrainingEnded
from cadl_gui.core.history import EpochRecord, History
from cadl_gui.core.position import UNTRAINED, Position
from cadl_gui.core.probes import Probes
from cadl_gui.core.run import RunDescription
from cadl_gui.core.snapshot import Snapshot, freeze
from cadl_gui.runs import layout, writer
from cadl_gui.runs.lock import RunLock
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.runs.writer import RunWriter

CONFIGURATION = Configuration(preset="lecture-autoencoder", epochs=3, layers=(4, 2))
STEPS = 4


@pytest.fixture(autouse=True)
def checkpoints_without_keras(monkeypatch):
    """What a checkpoint holds is tested elsewhere; here only when it comes and goes matters."""

    def save(path, _model, *, manifest, history, position):
        with writer.replacing(path) as beside:
            beside.write_text(f"{manifest.name} at {position} after {history.n_steps} steps")

    monkeypatch.setattr(writer, "save_checkpoint", save)


def description(configuration=CONFIGURATION, name="First try", fingerprint="f00d"):
    return RunDescription(
        "run", name, configuration, (3, 2, 1), STEPS, "Noise", None, None, fingerprint, n_labels=7
    )


def new_writer(folder, *, configuration=CONFIGURATION, fingerprint="f00d", **options):
    return RunWriter(folder, description(configuration, fingerprint=fingerprint), **options)


def snapshot(position):
    numbers = np.arange(6, dtype=np.float32) + 100 * position.epoch + position.step
    weights = freeze([numbers.reshape(2, 3), np.full((), position.step, np.int64)])
    return Snapshot(position, weights, Probes(np.full((5, 2), position.epoch, np.float16), np.arange(5)))


def steps(position, n, rate=1e-3):
    last = position.epoch * STEPS + position.step
    losses = 1 / (1 + np.arange(last - n, last, dtype=np.float32))
    return StepsTaken("run", position, {"loss": losses}, rate, 1000.0)


def record(epoch):
    return EpochRecord(epoch, {"loss": 0.5 / (epoch + 1), "val_loss": 0.6}, 1000.0 * (epoch > 0))


def completed(epoch):
    return EpochCompleted("run", record(epoch))


def told(epoch):
    """The events of one epoch, as the training loop tells them."""
    if epoch == 0:
        return [SnapshotTaken("run", snapshot(UNTRAINED), True), completed(0)]
    early = [steps(Position(0, 1), 1), SnapshotTaken("run", snapshot(Position(0, 1)), True)]
    late = steps(Position(epoch), STEPS - 1 if epoch == 1 else STEPS)
    return [
        *(early if epoch == 1 else []),
        SnapshotTaken("run", snapshot(Position(epoch - 1, 3)), False),
        late,
        SnapshotTaken("run", snapshot(Position(epoch)), True),
        completed(epoch),
    ]


def write_epochs(run_writer, epochs):
    for epoch in epochs:
        for event in told(epoch):
            if isinstance(event, EpochCompleted):
                run_writer.write_checkpoint(None, Position(epoch), History(STEPS))
            run_writer.write(event)


def assert_holds_epochs(folder, last):
    """The folder holds exactly what a training that ended with this epoch told."""
    stored = read_run(folder)
    assert stored.history.epochs == [record(epoch) for epoch in range(last + 1)]
    np.testing.assert_array_equal(
        stored.history.step_losses, 1 / (1 + np.arange(last * STEPS, dtype=np.float32))
    )
    early = [Position(0, 1)] if last else []
    assert stored.recorded == (UNTRAINED, *early, *(Position(epoch) for epoch in range(1, last + 1)))
    assert stored.checkpoint == folder / f"checkpoint-{last:04d}.keras"
    for position in stored.recorded:
        for mine, theirs in zip(
            read_snapshot(folder, position).weights, snapshot(position).weights, strict=True
        ):
            np.testing.assert_array_equal(mine, theirs)
    assert [path.name for path in folder.glob("*.keras")] == [stored.checkpoint.name]


def test_a_run_comes_back_as_it_was_told(tmp_path):
    folder = tmp_path / "runs" / "first"
    with new_writer(folder) as run_writer:
        write_epochs(run_writer, range(4))
    assert_holds_epochs(folder, last=3)
    stored = read_run(folder)
    assert stored.configuration == CONFIGURATION
    assert (stored.name, stored.dataset_name, stored.dataset_fingerprint) == ("First try", "Noise", "f00d")
    assert (stored.picture_shape, stored.steps_per_epoch, stored.n_labels) == ((3, 2, 1), STEPS, 7)
    assert stored.history.learning_rates == [(0, 1e-3)]
    assert (read_snapshot(folder, Position(2)).probes.latents == 2).all()


def test_a_follower_reads_the_run_after_every_event(tmp_path):
    """Losses and the newest snapshot come with their epoch; nothing that is told is ever half there."""
    with new_writer(tmp_path) as run_writer:
        assert read_run(tmp_path).checkpoint is None
        for epoch in range(3):
            for event in told(epoch)[:-1]:
                run_writer.write(event)
                assert len(read_run(tmp_path).history.epochs) == epoch
            run_writer.write_checkpoint(None, Position(epoch), History(STEPS))
            run_writer.write(completed(epoch))
            assert_holds_epochs(tmp_path, epoch)


def test_changes_of_the_learning_rate_are_kept_with_their_steps(tmp_path):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0])
        for event in (
            steps(Position(0, 2), 2, 1e-3),
            steps(Position(0, 3), 1, 1e-4),
            steps(Position(1), 1, 1e-4),
        ):
            run_writer.write(event)
        run_writer.write(completed(1))
    assert read_run(tmp_path).history.learning_rates == [(0, 1e-3), (2, 1e-4)]


def test_stopping_in_mid_epoch_keeps_its_weights_and_losses(tmp_path):
    """Until the run is resumed: it goes on from the last complete epoch."""
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
        run_writer.write(steps(Position(1, 3), 3))
        run_writer.write(SnapshotTaken("run", snapshot(Position(1, 3)), True))
        run_writer.write(TrainingEnded("run", Position(1, 3), complete=False))
    stored = read_run(tmp_path)
    assert stored.recorded[-1] == Position(1, 3)
    assert stored.history.n_steps == STEPS + 3
    assert stored.checkpoint == tmp_path / "checkpoint-0001.keras"
    new_writer(tmp_path, resume=True).close()
    assert_holds_epochs(tmp_path, last=1)


def test_a_resumed_run_keeps_its_name_and_may_last_longer(tmp_path):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    before = read_run(tmp_path)
    longer = description(CONFIGURATION.replace(epochs=9), name="Another name")
    with RunWriter(tmp_path, longer, resume=True) as run_writer:
        write_epochs(run_writer, [2])
    assert_holds_epochs(tmp_path, last=2)
    stored = read_run(tmp_path)
    assert (stored.name, stored.created) == (before.name, before.created)
    assert stored.configuration.epochs == 9


class Killed(BaseException):
    """The process is gone: nothing that would tidy up runs any more."""


def kill_before_operation(monkeypatch, number):
    """Let the process die before its n-th change on disk."""
    left = iter(range(number))

    def dying(change):
        def guarded(*arguments, **options):
            if next(left, None) is None:
                raise Killed
            return change(*arguments, **options)

        return guarded

    for owner, name in ((Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (os, "fsync")):
        monkeypatch.setattr(owner, name, dying(getattr(owner, name)))


def test_a_kill_at_any_instant_leaves_the_last_complete_epoch(tmp_path, monkeypatch):
    """Killed before each change on disk in turn; what was told as complete is there, and the run resumes."""
    number, alive = 0, False
    while not alive:
        folder = tmp_path / str(number)
        last_told = -1
        with monkeypatch.context() as patch:
            kill_before_operation(patch, number)
            run_writer = None
            try:
                run_writer = new_writer(folder)
                for epoch in range(4):
                    write_epochs(run_writer, [epoch])
                    last_told = epoch
                alive = True
            except Killed:
                pass
        if run_writer is not None:
            run_writer._lock.release()  # as the operating system does
        if last_told >= 0:
            stored = read_run(folder)
            last = layout.checkpoint_epoch(stored.checkpoint)
            assert last in (last_told, last_told + 1)
            with new_writer(folder, resume=True) as run_writer:
                write_epochs(run_writer, range(last + 1, 4))
            assert_holds_epochs(folder, last=3)
            assert not list(folder.rglob(".part-*"))
        number += 1
    assert number > 30


def test_a_second_writer_is_kept_out_until_the_first_is_gone(tmp_path):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0])
        with pytest.raises(RecordingError, match=rf"Another training \(process {os.getpid()}\)"):
            new_writer(tmp_path, resume=True)
    new_writer(tmp_path, resume=True).close()


HOLD = """
import pathlib, sys
from cadl_gui.runs.lock import RunLock

lock = RunLock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_lets_go_of_its_run(tmp_path):
    path = layout.lock_path(tmp_path)
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RecordingError, match=rf"process {other.pid}\) is writing"):
            RunLock(path)
        other.kill()
        other.wait()
        RunLock(path).release()


@pytest.mark.parametrize("occupant", ["run.json", "holiday.jpg"])
def test_a_folder_that_is_not_empty_is_left_alone(tmp_path, occupant):
    (tmp_path / occupant).write_text("mine")
    with pytest.raises(RecordingError, match="is not empty"):
        new_writer(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [occupant]


def test_a_folder_without_a_run_is_not_resumed(tmp_path):
    with pytest.raises(CheckpointError, match="is not a run folder"):
        new_writer(tmp_path, resume=True)
    assert not layout.lock_path(tmp_path).exists()


@pytest.mark.parametrize(
    "options",
    [{"configuration": CONFIGURATION.replace(seed=2)}, {"fingerprint": "beef"}],
    ids=["seed", "dataset"],
)
def test_another_run_does_not_go_on_in_this_folder(tmp_path, options):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    with pytest.raises(RecordingError, match="holds another run"):
        new_writer(tmp_path, resume=True, **options)
    assert_holds_epochs(tmp_path, last=1)
    new_writer(tmp_path, resume=True).close()


def test_a_run_without_a_complete_epoch_is_not_resumed(tmp_path):
    new_writer(tmp_path).close()
    with pytest.raises(RecordingError, match="no complete epoch"):
        new_writer(tmp_path, resume=True)


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match=r"cannot be written to .*: Not a directory"):
        new_writer(tmp_path / "file" / "run")


def test_a_full_disk_is_told_and_leaves_the_epoch_before(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", full)
            with pytest.raises(RecordingError, match="No space left on device"):
                write_epochs(run_writer, [2])
    stored = read_run(tmp_path)
    assert [epoch.epoch for epoch in stored.history.epochs] == [0, 1]
    assert stored.checkpoint == tmp_path / "checkpoint-0001.keras"
    new_writer(tmp_path, resume=True).close()
    assert_holds_epochs(tmp_path, last=1)


@pytest.fixture
def written(tmp_path):
    with new_writer(tmp_path / "run") as run_writer:
        write_epochs(run_writer, [0, 1])
    return tmp_path / "run"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": 2}, r"newer version of the program \(format 2\)"),
        ({"format": "1"}, "damaged"),
        ({"format": True}, "damaged"),
        ({"name": None}, "damaged"),
        ({"name": "x" * 10_000}, "damaged"),
        ({"picture_shape": [28, 28]}, "damaged"),
        ({"picture_shape": [28, 28, 0]}, "damaged"),
        ({"picture_shape": [28, 28, 1e9]}, "damaged"),
        ({"steps_per_epoch": -1}, "damaged"),
        ({"dataset": []}, "damaged"),
        ({"configuration": 5}, "damaged"),
        ({"configuration": {"preset": "x", "epochs": 0}}, "Epochs lies between 1 and"),
        ({"configuration": {"preset": "x", "colour": "red"}}, "does not know the field “colour”"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(written, change, sentence):
    path = layout.manifest_path(written)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(CheckpointError, match=sentence):
        read_run(written)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b" " * 2**21])
def test_a_manifest_that_is_none_is_refused(written, data):
    layout.manifest_path(written).write_bytes(data)
    with pytest.raises(CheckpointError, match=r"run\.json.* is damaged"):
        read_run(written)


def test_files_of_other_names_are_no_snapshots(written):
    for name in ("epoch-1.h5", "epoch-0009-batch-0000.h5.bak", ".part-1-epoch-0009-batch-0000.h5"):
        (layout.snapshots_folder(written) / name).write_text("")
    assert_holds_epochs(written, last=1)


def test_reading_a_run_imports_neither_tensorflow_nor_hdf5():
    code = "import cadl_gui.runs.reader, sys; sys.exit('h5py' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
