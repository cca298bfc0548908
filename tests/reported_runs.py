"""The events of a small training, without a network, and what a run folder contains of them."""

import numpy as np
from described import described
from weights import assert_same_weights

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.events import EpochCompleted, SnapshotTaken, StepsTaken
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.runs.claim import Claim
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.runs.writer import RunWriter

CONFIGURATION = RunConfig.of(preset="lecture-autoencoder", epochs=3, layers=(4, 2))
STEPS = 4
NUMBERED = numbered(7)


def description(config=CONFIGURATION, name="First try", fingerprint="f00d", class_names=NUMBERED):
    return described(
        "run", config, (3, 2, 1), name=name, dataset_fingerprint=fingerprint, class_names=class_names
    )


def new_writer(folder, *, resume=False, **about):
    """Claim the folder for writing, as a training does."""
    claim = Claim(folder, resume=resume)
    try:
        return RunWriter(claim, description(**about))
    except BaseException:
        claim.give_up()
        raise


def snapshot(position):
    numbers = np.arange(32, dtype=np.float32) + 100 * position.epoch + position.step  # as many as it has
    weights = freeze({"layer/kernel": numbers.reshape(8, 4), "step": np.full((), position.step, np.int64)})
    return Snapshot(
        position, weights, EvaluationArtifacts(np.full((5, 2), position.epoch, np.float16), np.arange(5))
    )


def steps(position, n, rate=1e-3):
    last = position.epoch * STEPS + position.step
    losses = 1 / (1 + np.arange(last - n, last, dtype=np.float32))
    return StepsTaken("run", position, {"loss": losses}, rate, 1000.0)


def record(epoch):
    return EpochRecord(epoch, {"loss": 0.5 / (epoch + 1), "val_loss": 0.6}, 1000.0 * (epoch > 0))


def completed(epoch):
    return EpochCompleted("run", record(epoch))


def reported(epoch):
    """The events of one epoch, as the training loop yields them."""
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
        for event in reported(epoch):
            if isinstance(event, EpochCompleted):
                run_writer.write_checkpoint(None, Position(epoch))
            run_writer.write(event)


def assert_holds_epochs(folder, last):
    """Check that the folder contains exactly the events of a training that ended with this epoch."""
    stored = read_run(folder)
    assert stored.history.epochs == [record(epoch) for epoch in range(last + 1)]
    np.testing.assert_array_equal(
        stored.history.step_losses, 1 / (1 + np.arange(last * STEPS, dtype=np.float32))
    )
    early = [Position(0, 1)] if last else []
    assert stored.recorded == (UNTRAINED, *early, *(Position(epoch) for epoch in range(1, last + 1)))
    assert stored.checkpoint == folder / f"checkpoint-{last:04d}.keras"
    for position in stored.recorded:
        assert_same_weights(read_snapshot(folder, position).weights, snapshot(position).weights)
    assert [path.name for path in folder.glob("*.keras")] == [stored.checkpoint.name]
