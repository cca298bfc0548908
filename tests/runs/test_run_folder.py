"""A run folder contains all reported events, and is read carefully."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from reported_runs import (
    CONFIGURATION,
    STEPS,
    assert_holds_epochs,
    completed,
    description,
    new_writer,
    reported,
    snapshot,
    steps,
    write_epochs,
)

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.events import HealthNoted, SnapshotTaken, StepsTaken, TrainingEnded
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.position import Position
from cadl_gui.runs import layout
from cadl_gui.runs.claim import Claim
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.runs.writer import RunWriter

pytestmark = pytest.mark.usefixtures("checkpoints_without_keras")


def test_a_run_comes_back_as_it_was_reported(tmp_path):
    folder = tmp_path / "runs" / "first"
    about = replace(description(), is_ink_on_black=True, shows_others=True, branched_from="vae, epoch 3")
    about = replace(about, precision_reason="It was faster.")
    with RunWriter(Claim(folder, resume=False), about) as run_writer:
        write_epochs(run_writer, range(4))
    assert_holds_epochs(folder, last=3)
    stored = read_run(folder)
    assert stored.info == about.info
    assert (stored.config, stored.steps_per_epoch, stored.uuid) == (CONFIGURATION, STEPS, about.uuid)
    assert stored.history.learning_rates == [(0, 1e-3)]
    assert (read_snapshot(folder, Position(2)).artifacts.latents == 2).all()


def test_a_follower_reads_the_run_after_every_event(tmp_path):
    """Losses and the newest snapshot appear with their epoch; nothing appears in part."""
    with new_writer(tmp_path) as run_writer:
        assert read_run(tmp_path).checkpoint is None
        for epoch in range(3):
            for event in reported(epoch)[:-1]:
                run_writer.write(event)
                assert len(read_run(tmp_path).history.epochs) == epoch
            run_writer.write_checkpoint(None, Position(epoch))
            run_writer.write(completed(epoch))
            assert_holds_epochs(tmp_path, epoch)


def test_changes_of_the_learning_rate_are_stored_with_their_steps(tmp_path):
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


def test_what_is_not_well_comes_before_its_epoch_and_goes_with_it(tmp_path):
    """A health note of an incomplete epoch is gone when the run is resumed."""
    note = HealthNote(Position(1), "units", "3 of 4 units are dead.", Suggestion("activation", "leaky_relu"))
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0])
        run_writer.write(HealthNoted("run", note))
        write_epochs(run_writer, [1])
        run_writer.write(HealthNoted("run", HealthNote(Position(2), "gap", "It learns by heart.")))
    assert [retained.kind for retained in read_run(tmp_path).history.notes] == ["units", "gap"]
    new_writer(tmp_path, resume=True).close()
    assert read_run(tmp_path).history.notes == [note]


def test_every_metric_of_a_step_is_stored(tmp_path):
    metrics = {"loss": np.float32([3, 2]), "kl_loss": np.float32([1, 0.5])}
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0])
        run_writer.write(StepsTaken("run", Position(0, 2), metrics, 1e-3, 1000.0))
    retained = read_run(tmp_path).history.step_metrics
    assert {name: values.tolist() for name, values in retained.items()} == {
        "loss": [3, 2],
        "kl_loss": [1, 0.5],
    }


@pytest.mark.parametrize("others", [(), ("kl_loss", "accuracy")], ids=["loss", "three metrics"])
def test_many_turns_take_few_lines_so_that_a_long_run_can_be_read(tmp_path, others):
    """Each turn had a line, of which a million were read: a run of 28 hours did not open again."""
    turns, n = 500, 400
    values = np.linspace(0, 1, turns * n, dtype=np.float32)
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0])
        for turn in range(turns):
            metrics = dict.fromkeys(("loss", *others), values[turn * n : (turn + 1) * n])
            position = Position(*divmod((turn + 1) * n, STEPS))
            run_writer.write(StepsTaken("run", position, metrics, 1e-3, 1000.0))
    assert len(layout.history_path(tmp_path).read_bytes().splitlines()) < 12
    read = read_run(tmp_path).history.step_metrics
    assert read.keys() == {"loss", *others}
    for name in read:
        np.testing.assert_array_equal(read[name], values)


def test_a_run_from_before_fields_were_added_opens_and_goes_on(tmp_path):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    path = layout.manifest_path(tmp_path)
    values = json.loads(path.read_text())
    known = ("preset", "dataset", "epochs", "batch_size", "learning_rate", "seed", "convolutional", "layers")
    values["configuration"] = {name: values["configuration"][name] for name in known}
    path.write_text(json.dumps(values))
    assert read_run(tmp_path).config == CONFIGURATION
    new_writer(tmp_path, resume=True).close()


@pytest.mark.parametrize("names", ["abcdefg", None, [*"abcdef", ""], [*"abcdef", 7], [*"abcdef", "x\ny"]])
def test_names_of_classes_that_cannot_be_are_damage(tmp_path, names):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    path = layout.manifest_path(tmp_path)
    values = json.loads(path.read_text())
    values["dataset"]["class_names"] = names
    path.write_text(json.dumps(values))
    with pytest.raises(CheckpointError, match="does not say what the run is"):
        read_run(tmp_path)


def test_stopping_in_mid_epoch_keeps_its_weights_and_losses(tmp_path):
    """Until the run is resumed, which continues from the last complete epoch."""
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
    longer = CONFIGURATION.replace(epochs=9)
    with new_writer(tmp_path, config=longer, name="Another name", resume=True) as run_writer:
        write_epochs(run_writer, [2])
    assert_holds_epochs(tmp_path, last=2)
    stored = read_run(tmp_path)
    assert (stored.name, stored.created) == (before.name, before.created)
    assert stored.config.training.epochs == 9


@pytest.fixture
def written(tmp_path):
    with new_writer(tmp_path / "run") as run_writer:
        write_epochs(run_writer, [0, 1])
    return tmp_path / "run"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 3}, r"newer CADL \(format 3\)"),
        ({"format": "1"}, "damaged"),
        ({"format": True}, "damaged"),
        ({"name": None}, "damaged"),
        ({"name": "x" * 10_000}, "damaged"),
        ({"image_shape": [28, 28]}, "damaged"),
        ({"image_shape": [28, 28, 0]}, "damaged"),
        ({"image_shape": [28, 28, 1e9]}, "damaged"),
        ({"steps_per_epoch": -1}, "damaged"),
        ({"dataset": []}, "damaged"),
        ({"dataset": {"name": "N", "fingerprint": "f"}}, "damaged"),
        ({"uuid": None}, "damaged"),
        ({"uuid": "../elsewhere"}, "damaged"),
        ({"dataset": {"name": "N", "fingerprint": "f", "class_names": ["x"] * 5000}}, "at most 4,096 are"),
        ({"configuration": 5}, "damaged"),
        ({"configuration": {"preset": "x", "epochs": 0}}, "Epochs lies between 1 and"),
        ({"configuration": {"preset": "x", "colour": "red"}}, "does not know the field “colour”"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(written, change, message):
    path = layout.manifest_path(written)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(CheckpointError, match=message):
        read_run(written)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff\xfe"])
def test_a_manifest_that_is_none_is_refused(written, data):
    layout.manifest_path(written).write_bytes(data)
    with pytest.raises(CheckpointError, match=r"run\.json.* is damaged"):
        read_run(written)


def test_a_manifest_without_end_is_not_read(written):
    layout.manifest_path(written).write_bytes(b" " * 2**23)
    with pytest.raises(CheckpointError, match="too large: 8 MB, and at most 4 MB are read"):
        read_run(written)


def test_files_of_other_names_are_no_snapshots(written):
    for name in ("epoch-1.h5", "epoch-0009-batch-0000.h5.bak", ".part-1-epoch-0009-batch-0000.h5"):
        (layout.snapshots_folder(written) / name).write_text("")
    assert_holds_epochs(written, last=1)


def test_weights_of_an_epoch_that_was_never_completed_are_not_listed_and_those_of_early_batches_are(written):
    recorded = read_run(written).recorded
    for position in (Position(0, 3), Position(2)):
        shutil.copy(layout.snapshot_path(written, recorded[-1]), layout.snapshot_path(written, position))
    assert read_run(written).recorded == tuple(sorted({*recorded, Position(0, 3)}))


def test_reading_a_run_imports_neither_tensorflow_nor_hdf5():
    code = "import cadl_gui.runs.reader, sys; sys.exit('h5py' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_images_that_are_no_digits_are_remembered(tmp_path):
    about = replace(description(), class_names=numbered(10), shows_others=True)
    with RunWriter(Claim(tmp_path, resume=False), about) as run_writer:
        write_epochs(run_writer, [0])
    assert read_run(tmp_path).shows_others
    assert not about.shows_digits
    assert replace(about, shows_others=False).shows_digits
